"""How often one story was read lately, for the desk."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, Sum

from articles.models import Article, HourlyReads
from articles.readership import keeping, rolling_up


@dataclass(frozen=True, slots=True)
class Reads:
    """The reads of the last 24 hours, and of the last seven days."""

    day: int
    week: int


def reads_of(article: Article, at: dt.datetime) -> Reads:
    """The reads of a story up to ``at`` (aware), but for the last half minute. One query."""
    today = Sum("reads", filter=Q(hour_at__gt=at - rolling_up.SPAN))
    # What the nightly clearing has not reached yet is no part of the week.
    hours = HourlyReads.objects.filter(article=article, hour_at__gt=at - keeping.KEPT)
    found = hours.aggregate(day=today, week=Sum("reads"))
    return Reads(found["day"] or 0, found["week"] or 0)
