"""What a reader's subscriptions are worth: access follows their dates (rules §8)."""

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from accounts.models import Plan, Subscription, User
from articles.site.reader import Grant, GrantKind

# Word of a payment may come late; nobody loses a day for it.
LATE_WORD = dt.timedelta(days=1)
# Time to mend a payment that failed.
GRACE = dt.timedelta(days=7)


class State(StrEnum):
    """The word for a subscription at one moment."""

    UPCOMING = "upcoming"
    TRIAL = "trial"
    ACTIVE = "active"
    PAST_DUE = "past due"
    UNPAID = "unpaid"
    CANCELLED = "cancelled"
    PAUSED = "paused"
    COMPED = "comped"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
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
_ENDINGS = {
    Subscription.Ending.REFUNDED: State.REFUNDED,
    Subscription.Ending.DISPUTED: State.DISPUTED,
}


def grant_of(subscription: Subscription) -> Grant | None:
    """The right a subscription gives; None where it gives none at any time.

    A paused one gives it from the day it goes on; what it gave before the pause is no matter of
    rights any more.
    """
    starts_at, ends_at = subscription.starts_at, end_of(subscription)
    if subscription.paused_at is not None:
        if subscription.resumes_at is None:
            return None
        starts_at = max(starts_at, subscription.resumes_at)
    if ends_at is not None and ends_at <= starts_at:
        return None
    kind = GrantKind.GRACE if _is_open(subscription) else _kind_of(subscription)
    return Grant(kind=kind, starts_at=starts_at, ends_at=ends_at)


def grants_of(subscriptions: Iterable[Subscription]) -> tuple[Grant, ...]:
    """The rights of all of them. Several may run at once: access ends at the latest end."""
    grants = (grant_of(subscription) for subscription in subscriptions)
    return tuple(grant for grant in grants if grant is not None)


def end_of(subscription: Subscription) -> dt.datetime | None:
    """When access by it ends (aware): the soonest of all that ends it, days of grace included.

    None: without an end.
    """
    ends = [_paid_until(subscription), subscription.unpaid_at, subscription.ended_at]
    return min((end for end in ends if end is not None), default=None)


def state_of(subscription: Subscription, at: dt.datetime) -> State:
    """The word for ``subscription`` at ``at`` (aware)."""
    ends_at = end_of(subscription)
    if subscription.ended_at is not None and subscription.ended_at <= at:
        return _ENDINGS.get(Subscription.Ending(subscription.ending or "over"), State.EXPIRED)
    if subscription.unpaid_at is not None and subscription.unpaid_at <= at:
        return State.UNPAID
    if ends_at is not None and ends_at <= at:
        return State.UNPAID if _is_open(subscription) else State.EXPIRED
    if subscription.starts_at > at:
        return State.UPCOMING
    return _running_state(subscription, at)


def _running_state(subscription: Subscription, at: dt.datetime) -> State:
    resumes_at = subscription.resumes_at
    if subscription.paused_at is not None and (resumes_at is None or at < resumes_at):
        return State.PAUSED
    if subscription.failed_at is not None and subscription.failed_at <= at:
        return State.PAST_DUE
    if subscription.cancelled_at is not None and subscription.cancelled_at <= at:
        return State.CANCELLED
    return _STATES[_kind_of(subscription)]


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


def _kind_of(subscription: Subscription) -> GrantKind:
    return _KINDS[Subscription.Kind(subscription.kind)]


def _is_open(subscription: Subscription) -> bool:
    """Whether a payment failed, and was not made since."""
    return subscription.failed_at is not None


def _paid_until(subscription: Subscription) -> dt.datetime | None:
    """The date; a day later while it is paid for and renewed; a week after a payment failed."""
    if subscription.failed_at is not None:
        return subscription.failed_at + GRACE
    renews = subscription.kind == Subscription.Kind.PAID and subscription.cancelled_at is None
    if subscription.ends_at is not None and renews:
        return subscription.ends_at + LATE_WORD
    return subscription.ends_at


def _lasting(subscription: Subscription) -> dt.datetime:
    return end_of(subscription) or dt.datetime.max.replace(tzinfo=dt.UTC)
