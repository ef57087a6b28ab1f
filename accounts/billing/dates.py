"""From how a subscription stands at the provider to the dates that access follows (rules §8)."""

import datetime as dt
from dataclasses import dataclass

from accounts.billing.provider import Snapshot, Status
from accounts.models import Subscription


@dataclass(frozen=True, slots=True)
class Dates:
    """The fields of ``Subscription`` that the provider decides."""

    kind: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    cancelled_at: dt.datetime | None
    ended_at: dt.datetime | None
    ending: str
    failed_at: dt.datetime | None
    unpaid_at: dt.datetime | None
    paused_at: dt.datetime | None
    resumes_at: dt.datetime | None


def dates_of(snapshot: Snapshot, before: Subscription | None, *, at: dt.datetime) -> Dates:
    """The dates by ``snapshot``, fetched at ``at`` (aware).

    Nothing of ``before`` is carried over but moments the provider does not tell: since when a
    subscription is paused, unpaid, or to end. So notices may come late, twice or never.
    """
    is_trial = snapshot.status is Status.TRIALING
    ended_at, ending = _ending(snapshot, before, at)
    is_open = snapshot.status in {Status.PAST_DUE, Status.UNPAID}
    ends_at = snapshot.ends_at or snapshot.period_ends_at
    return Dates(
        kind=Subscription.Kind.TRIAL if is_trial else Subscription.Kind.PAID,
        starts_at=snapshot.started_at,
        # A period has a length, whatever the clocks of others say.
        ends_at=max(ends_at, snapshot.started_at + dt.timedelta(seconds=1)),
        cancelled_at=_cancelled_at(snapshot, before, at),
        ended_at=ended_at,
        ending=ending,
        failed_at=(snapshot.failed_at or _kept(before, "failed_at", at)) if is_open else None,
        unpaid_at=_kept(before, "unpaid_at", at) if snapshot.status is Status.UNPAID else None,
        paused_at=_kept(before, "paused_at", at) if snapshot.is_paused else None,
        resumes_at=snapshot.resumes_at if snapshot.is_paused else None,
    )


def _cancelled_at(
    snapshot: Snapshot, before: Subscription | None, at: dt.datetime
) -> dt.datetime | None:
    if snapshot.ends_at is None:
        return None
    return snapshot.cancelled_at or _kept(before, "cancelled_at", at)


def _ending(
    snapshot: Snapshot, before: Subscription | None, at: dt.datetime
) -> tuple[dt.datetime | None, str]:
    """When and why it ended: the first of what ended it. A refund counts if it is of what was paid
    last; money given back for an earlier period ends nothing."""
    endings = []
    if snapshot.status is Status.CANCELED:
        ended_at = snapshot.ended_at or _kept(before, "ended_at", at)
        endings.append((ended_at, Subscription.Ending.OVER))
    if snapshot.paid:
        last = snapshot.paid[0]
        if last.refunded_at is not None:
            endings.append((last.refunded_at, Subscription.Ending.REFUNDED))
        if last.disputed_at is not None:
            endings.append((last.disputed_at, Subscription.Ending.DISPUTED))
    return min(endings, default=(None, ""))


def _kept(before: Subscription | None, name: str, at: dt.datetime) -> dt.datetime:
    known: dt.datetime | None = None if before is None else getattr(before, name)
    return known or at
