"""What a reader's page about their subscription prints."""

import datetime as dt
from dataclasses import dataclass

from accounts import entitlements, times
from accounts.billing import checkout
from accounts.billing.provider import Provider
from accounts.entitlements import State
from accounts.models import Customer, Payment, Subscription, User
from accounts.money import shown
from articles.models import Publication

MOST_PAYMENTS = 24


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One payment: ``what`` became of it is "" where nothing did."""

    number: str
    day: str
    amount: str
    what: str


@dataclass(frozen=True, slots=True)
class OwnPage:
    """``held``: what is paid for by the provider, with sentences about it; None without one."""

    held: Subscription | None
    plan: str
    price: str
    sentence: str
    coming: str
    can_cancel: bool
    can_resume: bool
    must_mend: bool
    has_portal: bool
    takes_money: bool
    payments: tuple[PaymentLine, ...]


def of(user: User, provider: Provider | None, ours: Publication, *, at: dt.datetime) -> OwnPage:
    """The page of ``user`` at ``at`` (aware)."""
    held = None if provider is None else checkout.going_on(user, provider, at)
    state = None if held is None else entitlements.state_of(held, at)
    return OwnPage(
        held=held,
        plan="" if held is None else held.plan.name,
        price="" if held is None else _price(held, ours),
        sentence="" if held is None or state is None else _sentence(held, state, ours),
        coming="" if held is None else _coming(held, ours),
        can_cancel=held is not None and held.cancelled_at is None,
        can_resume=state is State.CANCELLED,
        must_mend=held is not None and held.failed_at is not None,
        has_portal=_has_portal(user, provider),
        takes_money=provider is not None,
        payments=tuple(_line(row, ours) for row in user.payments.all()[:MOST_PAYMENTS]),
    )


def day(at: dt.datetime | None, ours: Publication) -> str:
    """``March 3, 2027`` on the newsroom's clock."""
    return "" if at is None else times.day(at, ours.zone_info)


def _has_portal(user: User, provider: Provider | None) -> bool:
    if provider is None:
        return False
    return Customer.objects.filter(user=user, provider=provider.name).exists()


def _price(held: Subscription, ours: Publication) -> str:
    if held.price is None:
        return "As agreed"
    return held.price.in_words(ours.language)


def _sentence(held: Subscription, state: State, ours: Publication) -> str:
    ends = day(held.ends_at, ours)
    match state:
        case State.TRIAL:
            return f"Your free trial runs until {ends}; then the first payment is due."
        case State.CANCELLED:
            return f"Cancelled. You can read everything until {ends}."
        case State.PAST_DUE:
            grace = day(entitlements.end_of(held), ours)
            return f"A payment did not go through. You can read on until {grace}."
        case State.UNPAID:
            return "A payment did not go through, so premium stories are closed."
        case State.PAUSED:
            until = day(held.resumes_at, ours)
            return f"Paused until {until}." if until else "Paused."
    return f"The next payment is due on {ends}."


def _coming(held: Subscription, ours: Publication) -> str:
    if held.next_price is None:
        return ""
    price = held.next_price.in_words(ours.language)
    return f"From {day(held.ends_at, ours)}: {held.next_price.plan.name}, {price}."


def _line(row: Payment, ours: Publication) -> PaymentLine:
    what = ""
    if row.refunded_at is not None:
        what = "Given back"
    elif row.refunded:
        back = shown(row.refunded, row.currency, language=ours.language)
        what = f"{back} given back"
    elif row.disputed_at is not None:
        what = "Disputed"
    return PaymentLine(
        number=row.number,
        day=day(row.paid_at, ours),
        amount=shown(row.amount, row.currency, language=ours.language),
        what=what,
    )
