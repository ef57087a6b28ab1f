"""Adding the reads of this process to those of their hour, where all processes add theirs."""

import datetime as dt
import threading
from collections import Counter
from typing import Any

from django.db import connection

from articles.models import HourlyReads
from articles.readership import tally

MOST_WAITING = 50_000
"""Stories and hours that wait for a database that is down; reads of further ones are let go."""
KEPT = dt.timedelta(days=7)
_AT_ONCE = 500

_waiting: Counter[tuple[dt.datetime, int]] = Counter()
_at_it = threading.Lock()


def gather(at: dt.datetime) -> None:
    """Put the reads counted so far down for the hour of ``at`` (aware). No query."""
    hour = at.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)
    for article, reads in tally.take().items():
        if (hour, article) in _waiting or len(_waiting) < MOST_WAITING:
            _waiting[hour, article] += reads


def flush(at: dt.datetime) -> None:
    """Write down all that this process has counted. Raises ``DatabaseError``; what was not written
    then waits for the next time."""
    with _at_it:
        gather(at)
        # In order: two processes that add to the same rows must not wait for each other.
        keys = sorted(_waiting)
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            _add([(hour, article, _waiting[hour, article]) for hour, article in some])
            for key in some:
                del _waiting[key]


def forget_old(at: dt.datetime) -> None:
    """Delete the reads of more than a week before ``at`` (aware)."""
    HourlyReads.objects.filter(hour_at__lt=at - KEPT).delete()


def _add(rows: list[tuple[dt.datetime, int, int]]) -> None:
    """One statement, so that what another process adds meanwhile is neither lost nor counted twice.

    Django's own ``bulk_create`` puts a value in place of the one so far and cannot add.
    """
    values: list[Any] = []
    for hour, article, reads in rows:
        values += (connection.ops.adapt_datetimefield_value(hour), article, reads)
    places = ", ".join(["(%s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO articles_hourlyreads (hour_at, article_id, reads) VALUES {places} "  # noqa: S608
            "ON CONFLICT (hour_at, article_id) DO UPDATE "
            "SET reads = articles_hourlyreads.reads + excluded.reads",
            values,
        )
