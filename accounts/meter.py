"""The meter: how many stories a visitor opens in a calendar month (rules §6).

``peek`` never writes; ``spend`` alone does for a signed-in reader. Who has no account is counted
by the cookie of ``openings_cookie``, whose keeper may throw it away: accepted, and said.
"""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Opening, User
from articles.models import Publication
from articles.site.reader import Meter

# Longer than any month in any zone.
KEPT = dt.timedelta(days=62)


class MeterSpent(Exception):
    """All of this month's stories are opened."""


def period_of(at: dt.datetime, zone: ZoneInfo) -> str:
    """The calendar month of ``at`` (aware) on the newsroom's clock, as "2026-03"."""
    return f"{at.astimezone(zone):%Y-%m}"


def period_end(at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The moment at which the month of ``at`` ends there, in UTC."""
    local = at.astimezone(zone)
    year, month = (local.year + 1, 1) if local.month == 12 else (local.year, local.month + 1)
    return dt.datetime(year, month, 1, tzinfo=zone).astimezone(dt.UTC)


def peek(
    user: User | None, *, in_cookie: Iterable[int], publication: Publication, at: dt.datetime
) -> Meter:
    """What ``user`` (None: nobody signed in) has left at ``at`` (aware). At most one query.

    ``in_cookie``: the articles that this browser opened this month without an account. They stay
    open for whoever sits there, and count for those without an account only.
    """
    zone, opened = publication.zone_info, frozenset(in_cookie)
    if user is None:
        limit, spent = publication.meter_anonymous, len(opened)
    else:
        own = _openings(user, period_of(at, zone)).values_list("article_id", flat=True)
        limit, spent = publication.meter_registered, len(own)
        opened |= set(own)
    return Meter(
        opened=opened,
        spent=spent,
        limit=limit,
        ends_at=period_end(at, zone),
        has_account=user is not None,
    )


def spend(user: User, article_id: int, *, publication: Publication, at: dt.datetime) -> None:
    """Open a story for ``user`` until the month ends; opened already, nothing happens.

    Raises ``MeterSpent``. The reader's row is locked: two tabs cannot both take the last one.
    """
    period = period_of(at, publication.zone_info)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        own = _openings(user, period)
        if own.filter(article=article_id).exists():
            return
        if own.count() >= publication.meter_registered:
            raise MeterSpent
        Opening.objects.create(user=user, period=period, article_id=article_id, opened_at=at)


def carry_over(
    user: User, article_ids: Iterable[int], *, publication: Publication, at: dt.datetime
) -> None:
    """Give a new account what its browser opened before: it stays open, and counts."""
    period = period_of(at, publication.zone_info)
    Opening.objects.bulk_create(
        [Opening(user=user, period=period, article_id=pk, opened_at=at) for pk in article_ids],
        ignore_conflicts=True,
    )


def _openings(user: User, period: str) -> QuerySet[Opening]:
    return Opening.objects.filter(user=user, period=period)
