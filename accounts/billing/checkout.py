"""Subscribing: from a price on the page of plans to a checkout that waits at the provider."""

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import entitlements
from accounts.billing import inbox
from accounts.billing.provider import Order, Provider, Started, Terms
from accounts.models import Checkout, Customer, Price, ProviderPrice, Subscription, User

OPEN_FOR = dt.timedelta(hours=1)
ALMOST_OVER = dt.timedelta(minutes=5)


class HasOne(Exception):
    """The reader has a subscription at the provider that goes on: it is changed, not doubled."""


class BeingPaid(Exception):
    """A checkout of this reader was just paid; its word is on the way."""


def begin(user: User, price: Price, provider: Provider) -> str:
    """The address where ``user`` pays for ``price``.

    Asking again leads to the same checkout; asking for another price closes the first, so that no
    two can be paid. Raises ``HasOne``, ``BeingPaid``, and what the provider raises.
    """
    now = timezone.now()
    if going_on(user, provider, now) is not None:
        raise HasOne
    row = _open(user, price, provider, now)
    if row.url:
        return row.url
    started = provider.start_checkout(_order(row, provider, now))
    _keep(row, started)
    return started.url


def going_on(user: User, provider: Provider, at: dt.datetime) -> Subscription | None:
    """The reader's subscription at ``provider`` that has not ended at ``at`` (aware)."""
    rows = Subscription.objects.select_related("plan", "price", "next_price__plan", "user")
    live = rows.filter(user=user, ended_at=None, provider=provider.name)
    found = [row for row in live if not _is_over(row, at)]
    return max(found, key=lambda row: row.starts_at, default=None)


def close(user: User) -> None:
    """The reader has subscribed: no checkout waits any more."""
    Checkout.objects.filter(user=user, state=Checkout.State.OPEN).update(
        state=Checkout.State.CLOSED
    )


def abandon(user: User, provider: Provider) -> None:
    """Let no open checkout of ``user`` be paid any more. Raises ``BeingPaid`` if one just was."""
    for row in Checkout.objects.filter(user=user, state=Checkout.State.OPEN):
        _close(row, provider)


def price_at(provider: Provider, price: Price) -> str:
    """What ``price`` is called at ``provider``, made there if need be."""
    known = ProviderPrice.objects.filter(price=price, provider=provider.name).first()
    if known is not None:
        return known.provider_id
    provider_id = provider.ensure_price(_terms(price))
    row, _ = ProviderPrice.objects.get_or_create(
        price=price, provider=provider.name, defaults={"provider_id": provider_id}
    )
    return row.provider_id


def _open(user: User, price: Price, provider: Provider, now: dt.datetime) -> Checkout:
    """The reader's one open checkout, for this price."""
    rows = Checkout.objects.filter(user=user, state=Checkout.State.OPEN)
    for row in rows:
        if row.price_id == price.pk and row.provider == provider.name and _is_fresh(row, now):
            return row
        _close(row, provider)
    try:
        with transaction.atomic():
            return Checkout.objects.create(
                user=user, price=price, provider=provider.name, expires_at=now + OPEN_FOR
            )
    except IntegrityError:
        # The other tab was faster: its checkout is this one's, too.
        other = rows.filter(price=price).first()
        if other is None:
            raise BeingPaid from None
        return other


def _close(row: Checkout, provider: Provider) -> None:
    is_ours = row.session_id and row.provider == provider.name
    if is_ours and not provider.close_checkout(row.session_id):
        inbox.want(provider.name, row.session_id)
        raise BeingPaid
    Checkout.objects.filter(pk=row.pk).update(state=Checkout.State.CLOSED)


def _is_fresh(row: Checkout, now: dt.datetime) -> bool:
    return row.expires_at - now > ALMOST_OVER


def _is_over(row: Subscription, at: dt.datetime) -> bool:
    ends_at = entitlements.end_of(row)
    is_cancelled = row.cancelled_at is not None
    return is_cancelled and ends_at is not None and ends_at <= at


def _order(row: Checkout, provider: Provider, now: dt.datetime) -> Order:
    user, price = row.user, row.price
    plans = settings.SITE_URL + reverse("accounts:plans")
    customer = Customer.objects.filter(user=user, provider=provider.name).first()
    return Order(
        reader=str(user.public_id),
        email=user.email,
        customer_id=customer.provider_id if customer else "",
        price_id=price_at(provider, price),
        trial_days=price.trial_days if may_try(user) else 0,
        success_url=settings.SITE_URL + reverse("accounts:subscribed"),
        cancel_url=plans,
        expires_at=row.expires_at,
        key=row.key.hex,
    )


def may_try(user: User) -> bool:
    """Whether a free trial is theirs to have: once a reader, and not after having paid."""
    had = [Subscription.Kind.TRIAL, Subscription.Kind.PAID]
    return not Subscription.objects.filter(user=user, kind__in=had).exists()


def _keep(row: Checkout, started: Started) -> None:
    with transaction.atomic():
        Checkout.objects.filter(pk=row.pk).update(session_id=started.session_id, url=started.url)
        Customer.objects.get_or_create(
            provider=row.provider, provider_id=started.customer_id, defaults={"user": row.user}
        )


def _terms(price: Price) -> Terms:
    return Terms(
        # Two newsrooms may have their prices in one place.
        key=f"{price.pk}-{price.currency}-{price.amount}-{price.interval}".lower(),
        plan_key=f"{price.plan_id}",
        plan_name=price.plan.name,
        amount=price.amount,
        currency=price.currency,
        interval=price.interval,
    )
