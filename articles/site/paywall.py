"""Who may read what: the one decision, pure and failing closed (rules §5).

Used by page, feed, search, structured data and mail alike. No query, no clock.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from articles.models.article import Access
from articles.site.reader import Grant, GrantKind, Reader


class Reason(StrEnum):
    """Why a story is shown whole or cut; templates turn it into words for the reader."""

    FREE = "free"
    STAFF = "staff"
    REGISTERED = "registered"
    TRIAL = "trial"
    SUBSCRIBER = "subscriber"
    GRACE = "grace"
    COMPLIMENTARY = "complimentary"
    METERED = "metered"
    SIGN_IN = "sign_in"
    OPEN = "open"
    METER_SPENT = "meter_spent"
    SUBSCRIBE = "subscribe"
    DEVICE_LIMIT = "device_limit"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Story:
    """What the decision needs to know of a story. ``access`` is one of ``Access``."""

    id: int
    access: str


@dataclass(frozen=True, slots=True)
class Decision:
    """``until`` (aware, or None: no end known) says how long the answer may be kept."""

    full: bool
    reason: Reason
    until: dt.datetime | None = None


_STRICTNESS = {
    Access.FREE.value: 0,
    Access.REGISTERED.value: 1,
    Access.METERED.value: 1,
    Access.PREMIUM.value: 2,
}

_REASONS = {
    GrantKind.TRIAL: Reason.TRIAL,
    GrantKind.PAID: Reason.SUBSCRIBER,
    GrantKind.GRACE: Reason.GRACE,
    GrantKind.COMP: Reason.COMPLIMENTARY,
}


def decide(story: Story, reader: Reader, at: dt.datetime) -> Decision:
    """Decide whether ``reader`` may read ``story`` whole at ``at`` (aware), and say why."""
    if story.access == Access.FREE:
        return Decision(full=True, reason=Reason.FREE)
    if story.access == Access.METERED:
        return _metered(story, reader, at)
    if reader.is_pending:
        return Decision(full=False, reason=Reason.DEVICE_LIMIT)
    if not reader.is_registered:
        needed = Reason.SIGN_IN if story.access == Access.REGISTERED else Reason.SUBSCRIBE
        return Decision(full=False, reason=needed)
    if reader.is_staff:
        return Decision(full=True, reason=Reason.STAFF)
    if story.access == Access.REGISTERED:
        return Decision(full=True, reason=Reason.REGISTERED)
    return _premium(reader.grants, at)


def stricter(one: str, other: str) -> str:
    """The access that lets in only those whom both let in, or fewer.

    Registered and metered let in different people: both together are premium. A kind unknown here
    is the strictest.
    """
    if {one, other} == {Access.REGISTERED, Access.METERED}:
        return Access.PREMIUM
    return max(one, other, key=lambda access: _STRICTNESS.get(access, len(_STRICTNESS)))


def _metered(story: Story, reader: Reader, at: dt.datetime) -> Decision:
    """Whole for subscribers and for who opened it this month; the meter is asked last."""
    if reader.is_registered:
        if reader.is_staff:
            return Decision(full=True, reason=Reason.STAFF)
        if (paid := _premium(reader.grants, at)).full:
            return paid
    meter = reader.meter
    if meter is not None and at < meter.ends_at and story.id in meter.opened:
        return Decision(full=True, reason=Reason.METERED, until=meter.ends_at)
    if reader.is_pending:
        return Decision(full=False, reason=Reason.DEVICE_LIMIT)
    if meter is None or meter.left:
        return Decision(full=False, reason=Reason.OPEN)
    return Decision(full=False, reason=Reason.METER_SPENT, until=meter.ends_at)


def _premium(grants: Iterable[Grant], at: dt.datetime) -> Decision:
    """Access to premium, and to any kind this code does not know: only by a grant that runs."""
    grants = tuple(grants)
    running = [grant for grant in grants if grant.covers(at)]
    if running:
        best = max(running, key=_end)
        return Decision(full=True, reason=_REASONS[best.kind], until=best.ends_at)
    upcoming = [grant.starts_at for grant in grants if grant.starts_at > at]
    had_one = any(grant.ends_at is not None and grant.ends_at <= at for grant in grants)
    reason = Reason.EXPIRED if had_one else Reason.SUBSCRIBE
    return Decision(full=False, reason=reason, until=min(upcoming, default=None))


def _end(grant: Grant) -> dt.datetime:
    return grant.ends_at or dt.datetime.max.replace(tzinfo=dt.UTC)
