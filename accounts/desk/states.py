"""The states of subscriptions as conditions of a query: what ``entitlements.state_of`` says of one.

Both say the same at every moment; a test walks all combinations of dates.
"""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.entitlements import GRACE, LATE_WORD, State
from accounts.models import Subscription, User

_KINDS = {
    State.TRIAL: Subscription.Kind.TRIAL,
    State.ACTIVE: Subscription.Kind.PAID,
    State.COMPED: Subscription.Kind.COMP,
}
_ENDINGS = {
    State.REFUNDED: Subscription.Ending.REFUNDED,
    State.DISPUTED: Subscription.Ending.DISPUTED,
}


def in_state(state: State, at: dt.datetime) -> Q:
    """The condition for subscriptions that are in ``state`` at ``at`` (aware)."""
    if state in _KINDS:
        return (
            _going(at)
            & _not_yet("failed_at", at)
            & _not_yet("cancelled_at", at)
            & Q(kind=_KINDS[state])
        )
    if state in _ENDINGS:
        return Q(ended_at__lte=at, ending=_ENDINGS[state])
    return {
        State.UPCOMING: _not_over(at) & Q(starts_at__gt=at),
        State.PAUSED: _begun(at) & _paused(at),
        State.PAST_DUE: _going(at) & Q(failed_at__lte=at),
        State.CANCELLED: _going(at) & _not_yet("failed_at", at) & Q(cancelled_at__lte=at),
        State.UNPAID: _not_yet("ended_at", at)
        & (Q(unpaid_at__lte=at) | Q(failed_at__lte=at - GRACE)),
        State.EXPIRED: _expired(at),
    }[state]


def readers_in(readers: QuerySet[User], state: State, at: dt.datetime) -> QuerySet[User]:
    """Those with a subscription in ``state``; expired: with none that is not over."""
    if state is State.EXPIRED:
        return readers.filter(_has(Q())).exclude(_has(_not_over(at)))
    return readers.filter(_has(in_state(state, at)))


def without_any(readers: QuerySet[User]) -> QuerySet[User]:
    """Those who never had a subscription."""
    return readers.exclude(_has(Q()))


def open_ended(at: dt.datetime) -> Q:
    """Complimentary subscriptions that are not over and have no end."""
    return Q(kind=Subscription.Kind.COMP, ends_at=None) & _not_over(at)


def _has(condition: Q) -> Exists:
    return Exists(Subscription.objects.filter(condition, user=OuterRef("pk")))


def _not_yet(field: str, at: dt.datetime) -> Q:
    return Q(**{field: None}) | Q(**{f"{field}__gt": at})


def _paid_still(at: dt.datetime) -> Q:
    renewed = Q(kind=Subscription.Kind.PAID, cancelled_at=None, ends_at__gt=at - LATE_WORD)
    in_time = Q(ends_at=None) | Q(ends_at__gt=at) | renewed
    return Q(failed_at__gt=at - GRACE) | (Q(failed_at=None) & in_time)


def _not_over(at: dt.datetime) -> Q:
    return _not_yet("ended_at", at) & _not_yet("unpaid_at", at) & _paid_still(at)


def _begun(at: dt.datetime) -> Q:
    return _not_over(at) & Q(starts_at__lte=at)


def _paused(at: dt.datetime) -> Q:
    return Q(paused_at__isnull=False) & _not_yet("resumes_at", at)


def _going(at: dt.datetime) -> Q:
    return _begun(at) & (Q(paused_at=None) | Q(resumes_at__lte=at))


def _expired(at: dt.datetime) -> Q:
    ended = Q(ended_at__lte=at) & ~Q(ending__in=_ENDINGS.values())
    over = Q(ends_at__lte=at - LATE_WORD) | (
        Q(ends_at__lte=at) & (~Q(kind=Subscription.Kind.PAID) | Q(cancelled_at__isnull=False))
    )
    return ended | (_not_yet("ended_at", at) & _not_yet("unpaid_at", at) & Q(failed_at=None) & over)
