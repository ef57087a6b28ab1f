"""Adding the reads of this process to those of their hour, where all processes add theirs."""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection

from articles.models import HourlyReads
from articles.readership import tally

KEPT = dt.timedelta(days=7)
_AT_ONCE = 500

Row = tuple[dt.datetime, int, int]
"""An hour, a story's article id, and its reads."""


class Waiting:
    """Reads by hour and story that are not written yet; while a database is down, of ``most``
    hours and stories at most. Reads of further ones are let go."""

    def __init__(self, *, most: int = 50_000) -> None:
        self._most = most
        self._reads: Counter[tuple[dt.datetime, int]] = Counter()

    def put(self, reads: Mapping[int, int], *, at: dt.datetime) -> None:
        """Reads by article id, in the hour of ``at`` (aware)."""
        hour = _hour_of(at)
        for article, number in reads.items():
            if (hour, article) in self._reads or len(self._reads) < self._most:
                self._reads[hour, article] += number

    def rows(self) -> list[Row]:
        """In order: two processes that add to the same rows must not wait for each other."""
        return [(*key, self._reads[key]) for key in sorted(self._reads)]

    def written(self, rows: list[Row]) -> None:
        for hour, article, _ in rows:
            del self._reads[hour, article]


_waiting = Waiting()
_at_it = threading.Lock()


def gather(at: dt.datetime) -> None:
    """Put the reads counted so far down for the hour of ``at`` (aware). No query."""
    with _at_it:
        _waiting.put(tally.take(), at=at)


def flush(at: dt.datetime) -> None:
    """Write down all that this process has counted. Raises ``DatabaseError``; what was not written
    then waits for the next time."""
    gather(at)
    with _at_it:
        for some in _batches(_waiting.rows()):
            _add(some)
            _waiting.written(some)


def add(reads: Mapping[int, int], *, at: dt.datetime) -> None:
    """Add reads by article id to those of the hour of ``at`` (aware)."""
    for some in _batches([(_hour_of(at), *read) for read in sorted(reads.items())]):
        _add(some)


def forget_old(at: dt.datetime) -> None:
    """Delete the reads of more than a week before ``at`` (aware)."""
    HourlyReads.objects.filter(hour_at__lt=at - KEPT).delete()


def _hour_of(at: dt.datetime) -> dt.datetime:
    return at.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)


def _batches(rows: list[Row]) -> Iterator[list[Row]]:
    for start in range(0, len(rows), _AT_ONCE):
        yield rows[start : start + _AT_ONCE]


def _add(rows: list[Row]) -> None:
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
