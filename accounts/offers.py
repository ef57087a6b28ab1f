"""What may be subscribed to, in one currency, as the page of plans prints it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from accounts.models import Plan, Price
from accounts.money import shown


@dataclass(frozen=True, slots=True)
class PriceTag:
    """One price: "$4.00" "a month", and the sentence about its trial, if it has one."""

    id: int
    amount: str
    interval: str
    trial: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan with its prices, none where it is arranged with the desk."""

    plan: Plan
    prices: tuple[PriceTag, ...]


@dataclass(frozen=True, slots=True)
class Offers:
    """All that is offered in ``currency``, which is "" where nothing has a price."""

    offers: tuple[Offer, ...]
    currency: str
    currencies: tuple[str, ...]


def offered(*, currency: str, language: str) -> Offers:
    """The plans on offer with their prices in ``currency``. Two queries.

    A currency that nothing is priced in gives way to the first one.
    """
    prices = Price.objects.filter(is_offered=True)
    plans = list(Plan.objects.filter(is_offered=True).prefetch_related(Prefetch("prices", prices)))
    currencies = tuple(dict.fromkeys(price.currency for plan in plans for price in _of(plan)))
    chosen = currency if currency in currencies else next(iter(currencies), "")
    return Offers(
        offers=tuple(
            Offer(plan, _tags(_of(plan), currency=chosen, language=language)) for plan in plans
        ),
        currency=chosen,
        currencies=currencies,
    )


def _of(plan: Plan) -> Iterable[Price]:
    return plan.prices.all()


def _tags(prices: Iterable[Price], *, currency: str, language: str) -> tuple[PriceTag, ...]:
    return tuple(
        PriceTag(
            id=price.pk,
            amount=shown(price.amount, price.currency, language=language),
            interval=f"a {price.get_interval_display().lower()}",
            trial=_trial(price.trial_days),
        )
        for price in prices
        if price.currency == currency
    )


def _trial(days: int) -> str:
    if not days:
        return ""
    return f"The first {days} days are free." if days > 1 else "The first day is free."
