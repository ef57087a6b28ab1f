"""The calendar of the test checkout: when a period ends, and which ones have begun."""

import calendar
import datetime as dt
from collections.abc import Iterator

from accounts.models import Price

MONTHS = {Price.Interval.MONTH.value: 1, Price.Interval.YEAR.value: 12}


def begun(first: dt.datetime, interval: str, at: dt.datetime) -> Iterator[dt.datetime]:
    """The beginnings of the periods from ``first`` to ``at`` (aware); none while that is ahead."""
    number = 0
    while after(first, interval, number) <= at:
        yield after(first, interval, number)
        number += 1


def after(first: dt.datetime, interval: str, number: int) -> dt.datetime:
    """``number`` intervals later, on the same day of the month or its last one."""
    months = first.month - 1 + number * MONTHS[interval]
    year, month = first.year + months // 12, months % 12 + 1
    day = min(first.day, calendar.monthrange(year, month)[1])
    return first.replace(year=year, month=month, day=day)
