"""What a reader changes of a subscription that is paid for: the provider does it, we follow."""

import datetime as dt
import uuid
from enum import StrEnum

from accounts.billing import checkout, working_off
from accounts.billing.provider import NotThere, Provider, ProviderDown, ProviderRefused
from accounts.models import Checkout, Price, Subscription, User


class Timing(StrEnum):
    """When a change of price takes effect."""

    NOW = "now"
    LATER = "later"


class ChangeRefused(Exception):
    """The change makes no sense; the words are for the reader."""


def look_at_checkout(user: User, provider: Provider) -> None:
    """Back from paying: ask the provider at once, instead of waiting for its word.

    What opens is what the provider says, not that somebody came back. Never raises for its sake.
    """
    rows = Checkout.objects.filter(user=user, state=Checkout.State.OPEN, provider=provider.name)
    row = rows.exclude(session_id="").first()
    if row is None:
        return
    try:
        subscription_id = provider.locate(row.session_id)
    except (ProviderDown, ProviderRefused, NotThere):
        return
    if subscription_id:
        working_off.catch_up(provider, subscription_id)


def cancel(subscription: Subscription, provider: Provider) -> None:
    """It runs until the end of what is paid, and is not renewed."""
    if subscription.cancelled_at is not None:
        raise ChangeRefused("It is cancelled already.")
    provider.cancel(subscription.provider_id, key=_once("cancel"))
    working_off.catch_up(provider, subscription.provider_id)


def resume(subscription: Subscription, provider: Provider) -> None:
    """Take the cancelling back."""
    if subscription.cancelled_at is None:
        raise ChangeRefused("It is not cancelled.")
    provider.resume(subscription.provider_id, key=_once("resume"))
    working_off.catch_up(provider, subscription.provider_id)


def change(subscription: Subscription, price: Price, provider: Provider) -> Timing:
    """To another price: up at once, down when the paid period ends. Out: which of both."""
    timing = timing_of(subscription, price)
    price_id = checkout.price_at(provider, price)
    # The same wish from two tabs is one wish: nobody is charged twice.
    state = f"{subscription.provider_id}-{subscription.price_id}-{subscription.next_price_id}"
    key = f"change-{state}-{price.pk}-{_as(subscription.ends_at)}"
    if timing is Timing.NOW:
        provider.change_now(subscription.provider_id, price_id, key=key)
    else:
        provider.change_later(subscription.provider_id, price_id, key=key)
    working_off.catch_up(provider, subscription.provider_id)
    return timing


def end(subscription: Subscription, provider: Provider) -> None:
    """End it this moment, for good, without money back."""
    provider.end_now(subscription.provider_id, key=_once("end"))
    working_off.catch_up(provider, subscription.provider_id)


def timing_of(subscription: Subscription, price: Price) -> Timing:
    """When a change to ``price`` would take effect. Raises ``ChangeRefused`` where it cannot."""
    now = subscription.price
    if subscription.failed_at is not None:
        raise ChangeRefused("A payment is open. Mend it first, then change the plan.")
    if subscription.cancelled_at is not None:
        raise ChangeRefused("It is cancelled. Take that back first, then change the plan.")
    if now is None:
        raise ChangeRefused("This subscription was made by hand. Write to us to change it.")
    if price.pk in {now.pk, subscription.next_price_id}:
        raise ChangeRefused("That is your plan already.")
    if price.currency != now.currency:
        raise ChangeRefused(f"Your subscription is paid in {now.currency}. Choose a price in it.")
    return Timing.NOW if _is_up(now, price) else Timing.LATER


def _is_up(now: Price, price: Price) -> bool:
    """Dearer, or for longer: what the reader gets more of, they get at once."""
    if now.interval != price.interval:
        return price.interval == Price.Interval.YEAR
    return price.amount > now.amount


def _once(act: str) -> str:
    return f"{act}-{uuid.uuid4()}"


def _as(moment: dt.datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y%m%d}"
