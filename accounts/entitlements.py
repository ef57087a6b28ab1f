"""What a reader's subscriptions are worth: access follows their dates (rules §8)."""

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from accounts.models import Plan, Subscription, User
from articles.site.reader import Grant, GrantKind

# Word of a payment may come late; nobody loses a day for it.
GRACE = dt.timedelta(days=1)


class State(StrEnum):
    """The word for a subscription at one moment."""

    UPCOMING = "upcoming"
    TRIAL = "trial"
    ACTIVE = "active"
    CANCELLED = "cancelled"
    COMPED = "comped"
    EXPIRED = "expired"


_KINDS = {
    Subscription.Kind.TRIAL: GrantKind.TRIAL,
    Subscription.Kind.PAID: GrantKind.PAID,
    Subscription.Kind.COMP: GrantKind.COMP,
}
_STATES = {
    GrantKind.TRIAL: State.TRIAL,
    GrantKind.PAID: State.ACTIVE,
    GrantKind.COMP: State.COMPED,
}


def grant_of(subscription: Subscription) -> Grant | None:
    """The right a subscription gives; None when it was ended before it began."""
    ends_at = _end_of(subscription)
    if ends_at is not None and ends_at <= subscription.starts_at:
        return None
    kind = _KINDS[Subscription.Kind(subscription.kind)]
    return Grant(kind=kind, starts_at=subscription.starts_at, ends_at=ends_at)


def grants_of(subscriptions: Iterable[Subscription]) -> tuple[Grant, ...]:
    """The rights of all of them. Several may run at once: access ends at the latest end."""
    grants = (grant_of(subscription) for subscription in subscriptions)
    return tuple(grant for grant in grants if grant is not None)


def state_of(subscription: Subscription, at: dt.datetime) -> State:
    """The word for ``subscription`` at ``at`` (aware)."""
    grant = grant_of(subscription)
    if grant is None or (grant.ends_at is not None and grant.ends_at <= at):
        return State.EXPIRED
    if subscription.starts_at > at:
        return State.UPCOMING
    if subscription.cancelled_at is not None and subscription.cancelled_at <= at:
        return State.CANCELLED
    return _STATES[grant.kind]


def subscriptions_of(user: User) -> list[Subscription]:
    """All of them with their plans; no query where a list of readers has fetched them before."""
    if "subscriptions" in getattr(user, "_prefetched_objects_cache", {}):
        return list(user.subscriptions.all())
    return list(user.subscriptions.select_related("plan"))


def running(user: User, at: dt.datetime) -> list[Subscription]:
    """The subscriptions of ``user`` that give access at ``at``, the one lasting longest first."""
    found = []
    for subscription in subscriptions_of(user):
        grant = grant_of(subscription)
        if grant is not None and grant.covers(at):
            found.append(subscription)
    return sorted(found, key=_lasting, reverse=True)


def running_plans(user: User, at: dt.datetime) -> list[Plan]:
    """The plans ``user`` holds at ``at``."""
    return [subscription.plan for subscription in running(user, at)]


def _end_of(subscription: Subscription) -> dt.datetime | None:
    """When access ends: the date, a day later while it is paid for, or sooner if ended early."""
    ends_at = subscription.ends_at
    renews = subscription.kind == Subscription.Kind.PAID and subscription.cancelled_at is None
    if ends_at is not None and renews:
        ends_at += GRACE
    if subscription.ended_at is None:
        return ends_at
    return subscription.ended_at if ends_at is None else min(ends_at, subscription.ended_at)


def _lasting(subscription: Subscription) -> dt.datetime:
    return _end_of(subscription) or dt.datetime.max.replace(tzinfo=dt.UTC)
