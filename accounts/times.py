"""Times in words, in the newsroom's zone."""

import datetime as dt
from zoneinfo import ZoneInfo

_NOW = dt.timedelta(minutes=6)


def clock(at: dt.datetime, zone: ZoneInfo) -> str:
    """``9:40 a.m.``"""
    local = at.astimezone(zone)
    half = "a.m." if local.hour < 12 else "p.m."
    return f"{local.hour % 12 or 12}:{local:%M} {half}"


def day(at: dt.datetime, zone: ZoneInfo) -> str:
    """``March 3, 2027``"""
    local = at.astimezone(zone)
    return f"{local:%B} {local.day}, {local.year}"


def stamp(at: dt.datetime, zone: ZoneInfo) -> str:
    """``March 3, 2027, 9:40 a.m.``, for mails: they are read at any time.

    In words, because templates move a moment back to their own zone.
    """
    return f"{day(at, zone)}, {clock(at, zone)}"


def seen(at: dt.datetime, *, now: dt.datetime, zone: ZoneInfo) -> str:
    """When a device was last seen: now, today, yesterday, or the date, with the time."""
    if now - at < _NOW:
        return "Active now"
    return f"Last seen {moment(at, now=now, zone=zone)}"


def moment(at: dt.datetime, *, now: dt.datetime, zone: ZoneInfo) -> str:
    """``today, 9:40 a.m.``, ``yesterday, …`` or ``March 3, 2027, …``"""
    days = (now.astimezone(zone).date() - at.astimezone(zone).date()).days
    named = {0: "today", 1: "yesterday"}.get(days) or day(at, zone)
    return f"{named}, {clock(at, zone)}"
