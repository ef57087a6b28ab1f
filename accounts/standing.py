"""What a reader may read now and until when, in one sentence."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from accounts import entitlements, times
from accounts.entitlements import State
from accounts.models import Subscription, User

_WORDS = {
    State.TRIAL: "on trial",
    State.ACTIVE: "subscribed",
    State.PAST_DUE: "a payment failed; grace",
    State.CANCELLED: "cancelled, open",
    State.COMPED: "complimentary",
}


_WHY_NOT = {
    State.PAUSED: "paused",
    State.UNPAID: "a payment failed and was not made up for",
    State.REFUNDED: "the money was given back",
    State.DISPUTED: "the payment is disputed",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """``sentence`` for the desk and the reader alike; ``plan`` is empty without one."""

    may_read: bool
    sentence: str
    plan: str = ""


def of(user: User, at: dt.datetime, zone: ZoneInfo) -> Standing:
    """The standing of ``user`` at ``at`` (aware), dates in ``zone``."""
    if not user.is_active:
        return Standing(may_read=False, sentence="May not sign in: the account is switched off.")
    if user.is_staff:
        return Standing(may_read=True, sentence="May read premium: staff.")
    running = entitlements.running(user, at)
    if running:
        return _running(running[0], at, zone)
    return _none(user, at, zone)


def _running(best: Subscription, at: dt.datetime, zone: ZoneInfo) -> Standing:
    words = _WORDS[entitlements.state_of(best, at)]
    grant = entitlements.grant_of(best)
    ends_at = None if grant is None else grant.ends_at
    until = "without an end" if ends_at is None else f"until {times.day(ends_at, zone)}"
    return Standing(
        may_read=True, sentence=f"May read premium: {words} {until}.", plan=best.plan.name
    )


def _none(user: User, at: dt.datetime, zone: ZoneInfo) -> Standing:
    rows = entitlements.subscriptions_of(user)
    if rows and (why := _WHY_NOT.get(entitlements.state_of(rows[0], at))):
        return Standing(may_read=False, sentence=_stopped(rows[0], why, zone))
    upcoming = [row for row in rows if entitlements.state_of(row, at) is State.UPCOMING]
    if upcoming:
        begins = times.day(min(row.starts_at for row in upcoming), zone)
        return Standing(may_read=False, sentence=f"May read premium from {begins}.")
    ends = [grant.ends_at for grant in entitlements.grants_of(rows) if grant.ends_at]
    if ends:
        ended = times.day(max(ends), zone)
        return Standing(may_read=False, sentence=f"May not read premium: ended {ended}.")
    return Standing(may_read=False, sentence="May not read premium: no subscription.")


def _stopped(row: Subscription, why: str, zone: ZoneInfo) -> str:
    if row.paused_at is not None and row.resumes_at is not None:
        why += f" until {times.day(row.resumes_at, zone)}"
    return f"May not read premium: {why}."
