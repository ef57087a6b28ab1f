"""Which mails about money a change brings, each once: by whom it is about and what."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from accounts.entitlements import GRACE
from accounts.models import MoneyMail, Payment, Price, Subscription

Kind = MoneyMail.Kind

FAILED_AGAIN_AFTER = dt.timedelta(days=5)
BEFORE_RENEWAL = dt.timedelta(days=14)
BEFORE_TRIAL_ENDS = dt.timedelta(days=3)
SHORT_TRIAL = dt.timedelta(days=4)
"""Shorter ones end without a word before: the one at their beginning said it."""
FRESH = dt.timedelta(days=3)
"""A receipt for what was paid longer ago helps nobody: it was repaired, or taken over."""


@dataclass(frozen=True, slots=True)
class Due:
    """One mail that is to go out at ``due_at`` (aware), if it still holds then."""

    kind: MoneyMail.Kind
    about: str
    due_at: dt.datetime


def queue(
    before: Subscription | None,
    after: Subscription,
    *,
    paid: Sequence[Payment],
    at: dt.datetime,
) -> None:
    """Put the mails down that follow from ``before`` becoming ``after`` at ``at`` (aware).

    ``paid``: the payments that were not known before. In the transaction of the change.
    """
    rows = [
        MoneyMail(subscription=after, kind=due.kind, about=due.about, due_at=due.due_at)
        for due in due_mails(before, after, paid=paid, at=at)
    ]
    MoneyMail.objects.bulk_create(rows, ignore_conflicts=True)


def due_mails(
    before: Subscription | None,
    after: Subscription,
    *,
    paid: Sequence[Payment],
    at: dt.datetime,
) -> list[Due]:
    """What ``queue`` puts down. Pure; may name what was put down before: that stays as it is."""
    return [
        *_beginning(before, after, at),
        *(Due(Kind.RECEIPT, row.invoice_id, at) for row in paid if at - row.paid_at < FRESH),
        *_open_payment(after),
        *_ahead(after, at),
        *_by_the_reader(before, after, at),
        *_ending(before, after, at),
    ]


def still_holds(mail: MoneyMail, at: dt.datetime) -> bool:
    """Whether what ``mail`` says is so at ``at`` (aware): its day may have come with other news."""
    row = mail.subscription
    match mail.kind:
        case Kind.FAILED | Kind.FAILED_AGAIN | Kind.LAST_CALL:
            is_open = row.failed_at is not None and _as(row.failed_at) == mail.about
            return is_open and row.ended_at is None
        case Kind.TRIAL_ENDS:
            is_trial = row.kind == Subscription.Kind.TRIAL
            return is_trial and _goes_on(row) and _ends_later(row, mail, at)
        case Kind.RENEWS:
            return _goes_on(row) and row.failed_at is None and _ends_later(row, mail, at)
        case Kind.CANCELLED:
            return row.cancelled_at is not None and _as(row.cancelled_at) == mail.about
        case Kind.RESUMED:
            return row.cancelled_at is None and _runs(row)
        case Kind.ENDED | Kind.REFUNDED:
            return row.ended_at is not None
    return True


def _beginning(before: Subscription | None, after: Subscription, at: dt.datetime) -> Iterator[Due]:
    if before is None and after.kind == Subscription.Kind.TRIAL and _runs(after):
        yield Due(Kind.STARTED, "", at)


def _open_payment(after: Subscription) -> Iterator[Due]:
    failed_at = after.failed_at
    if failed_at is None or not _runs(after):
        return
    about = _as(failed_at)
    yield Due(Kind.FAILED, about, failed_at)
    yield Due(Kind.FAILED_AGAIN, about, failed_at + FAILED_AGAIN_AFTER)
    yield Due(Kind.LAST_CALL, about, failed_at + GRACE)


def _ahead(after: Subscription, at: dt.datetime) -> Iterator[Due]:
    """Told before money moves: a trial that becomes paid, a year that is renewed."""
    ends_at = after.ends_at
    if ends_at is None or ends_at <= at or not _goes_on(after):
        return
    if after.kind == Subscription.Kind.TRIAL:
        if ends_at - after.starts_at >= SHORT_TRIAL:
            yield Due(Kind.TRIAL_ENDS, _as(ends_at), ends_at - BEFORE_TRIAL_ENDS)
    elif after.price is not None and after.price.interval == Price.Interval.YEAR:
        yield Due(Kind.RENEWS, _as(ends_at), ends_at - BEFORE_RENEWAL)


def _by_the_reader(
    before: Subscription | None, after: Subscription, at: dt.datetime
) -> Iterator[Due]:
    """An answer to what a reader did, or the desk for them."""
    was = None if before is None else before.cancelled_at
    if after.cancelled_at is not None and _runs(after):
        yield Due(Kind.CANCELLED, _as(after.cancelled_at), at)
    if was is not None and after.cancelled_at is None and _runs(after):
        yield Due(Kind.RESUMED, _as(was), at)
    if before is not None and _runs(after) and _plan_of(before) != _plan_of(after):
        yield Due(Kind.CHANGED, _as(at), at)


def _ending(before: Subscription | None, after: Subscription, at: dt.datetime) -> Iterator[Due]:
    if before is None or before.ended_at is not None or after.ended_at is None:
        return
    gave_back = after.ending in {Subscription.Ending.REFUNDED, Subscription.Ending.DISPUTED}
    yield Due(Kind.REFUNDED if gave_back else Kind.ENDED, _as(after.ended_at), at)


def _plan_of(row: Subscription) -> int | None:
    """What it becomes, or is. A change that came to pass as announced is no news."""
    return row.next_price_id or row.price_id


def _runs(row: Subscription) -> bool:
    return row.ended_at is None and row.unpaid_at is None


def _goes_on(row: Subscription) -> bool:
    return _runs(row) and row.cancelled_at is None and row.paused_at is None


def _ends_later(row: Subscription, mail: MoneyMail, at: dt.datetime) -> bool:
    return row.ends_at is not None and _as(row.ends_at) == mail.about and at < row.ends_at


def _as(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()
