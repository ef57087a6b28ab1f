"""Times as readers see them: in the newsroom's zone, with its name."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import dateformat

# Readers in North America say "ET" the year round.
_SHORT = {"E": "ET", "C": "CT", "M": "MT", "P": "PT"}


@dataclass(frozen=True, slots=True)
class Moment:
    """A time for a ``<time>`` element: ``iso``, with its offset, is for machines."""

    iso: str
    text: str


def in_full(at: dt.datetime, zone: ZoneInfo) -> Moment:
    """As “January 24, 2025, 9:40 a.m. ET”."""
    local = at.astimezone(zone)
    return _moment(local, f"{dateformat.format(local, 'F j, Y, P')} {zone_name(local)}")


def since(at: dt.datetime, zone: ZoneInfo, *, first: dt.datetime) -> Moment:
    """The later of two times: the clock alone on the day of ``first``, else in full."""
    local = at.astimezone(zone)
    if local.date() != first.astimezone(zone).date():
        return in_full(at, zone)
    return _moment(local, f"{dateformat.format(local, 'P')} {zone_name(local)}")


def on_card(at: dt.datetime, zone: ZoneInfo, *, now: dt.datetime) -> Moment:
    """Short, for lists: the clock today, “Yesterday”, or the date."""
    return _on_day(at, zone, now.astimezone(zone).date())


@lru_cache(maxsize=1024)
def _on_day(at: dt.datetime, zone: ZoneInfo, today: dt.date) -> Moment:
    local = at.astimezone(zone)
    if local.date() == today:
        return _moment(local, dateformat.format(local, "P"))
    if local.date() == today - dt.timedelta(days=1):
        return _moment(local, "Yesterday")
    return _moment(local, dateformat.format(local, "M j" if local.year == today.year else "M j, Y"))


def zone_name(local: dt.datetime) -> str:
    """The name of a local time's zone: “ET”, “CET”, or “UTC+5:30” where it has none."""
    name = local.tzname() or "UTC"
    if len(name) == 3 and name[0] in _SHORT and name[1:] in {"ST", "DT"}:
        return _SHORT[name[0]]
    if name.isalpha():
        return name
    minutes = int((local.utcoffset() or dt.timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")


def _moment(local: dt.datetime, text: str) -> Moment:
    return Moment(local.isoformat(timespec="seconds"), text)
