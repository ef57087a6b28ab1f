"""The list of readers as a file, line by line, safe to open in a spreadsheet."""

import csv
import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from accounts import csv_text, standing
from accounts.models import User
from articles import events
from articles.models import Event

AT_ONCE = 500
"""Readers, held in memory."""

HEADER = ["E-mail address", "Name", "Reader", "Since", "Access", "Plan"]


class _Echo:
    """Gives back what it is asked to write."""

    def write(self, line: str) -> str:
        return line


def record(readers: QuerySet[User], *, by: User, filters: str) -> int:
    """Write down that ``by`` takes so many along; out: how many. No names, no addresses."""
    count = readers.count()
    events.record(
        Event.Kind.READERS_EXPORTED,
        actor=by,
        target_kind="readers",
        target_id="list",
        details={"readers": count, "narrowed_down_by": filters},
    )
    return count


def lines(readers: QuerySet[User], *, at: dt.datetime, zone: ZoneInfo) -> Iterator[str]:
    """The file, from its header on: what the desk sees of each reader at ``at``, in ``zone``."""
    writer = csv.writer(_Echo())
    # Spreadsheets know by this mark that it is UTF-8.
    yield "\ufeff" + writer.writerow(HEADER)
    last = 0
    while True:
        some = list(_after(readers, last))
        for reader in some:
            yield writer.writerow([csv_text.cell(cell) for cell in _cells(reader, at, zone)])
        if len(some) < AT_ONCE:
            return
        last = some[-1].pk


def _after(readers: QuerySet[User], last: int) -> QuerySet[User]:
    rest = readers.filter(pk__gt=last).order_by("pk")
    return rest.prefetch_related("subscriptions__plan")[:AT_ONCE]


def _cells(reader: User, at: dt.datetime, zone: ZoneInfo) -> list[str]:
    access = standing.of(reader, at, zone)
    joined = f"{reader.date_joined.astimezone(zone):%Y-%m-%d}"
    return [
        reader.email,
        reader.name,
        str(reader.public_id),
        joined,
        access.sentence,
        access.plan,
    ]
