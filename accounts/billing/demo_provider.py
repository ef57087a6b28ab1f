"""The test checkout: everything a provider does, but no money moves. Refused in production.

It keeps its own rows and tells of changes by notices, so that all behind it is what runs with a
real provider, too.
"""

import datetime as dt
import secrets
from collections.abc import Iterator
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.billing import demo_periods, inbox, mend_links
from accounts.billing.provider import (
    BadSignature,
    Invoice,
    Notice,
    NotThere,
    Order,
    ProviderRefused,
    Snapshot,
    Started,
    Status,
    Terms,
)
from accounts.models import DemoSession, DemoSubscription, Price, ProviderPrice, Subscription

GIVES_UP_AFTER = dt.timedelta(days=14)
"""A payment that stays open so long ends the subscription, as Stripe does by default."""


class DemoProvider:
    """``Provider`` without money."""

    name = "demo"
    is_far = False
    form_targets: tuple[str, ...] = ()

    def __init__(self) -> None:
        if settings.IS_PRODUCTION:
            raise RuntimeError("The test checkout is not for production.")

    def ensure_price(self, terms: Terms) -> str:
        return f"price_demo_{terms.key}"

    def start_checkout(self, order: Order) -> Started:
        session, _ = DemoSession.objects.get_or_create(
            session_id=f"cs_demo_{order.key}",
            defaults={
                "customer_id": order.customer_id or f"cus_demo_{order.reader}",
                "reader": order.reader,
                "price_id": order.price_id,
                "trial_days": order.trial_days,
                "success_url": order.success_url,
                "cancel_url": order.cancel_url,
                "expires_at": order.expires_at,
            },
        )
        path = reverse("accounts:test-checkout", args=[session.session_id])
        return Started(session.session_id, settings.SITE_URL + path, session.customer_id)

    def close_checkout(self, session_id: str) -> bool:
        now = timezone.now()
        rows = DemoSession.objects.filter(session_id=session_id, subscription_id="")
        return bool(rows.update(expires_at=now))

    def portal(self, customer_id: str, *, return_url: str) -> str:
        query = urlencode({"back": return_url})
        return f"{settings.SITE_URL}{reverse('accounts:test-portal', args=[customer_id])}?{query}"

    def pay_link(self, subscription_id: str) -> str:
        if self.fetch(subscription_id).failed_at is None:
            return ""
        row = Subscription.objects.get(provider=self.name, provider_id=subscription_id)
        return mend_links.url_for(row, page="accounts:test-invoice")

    def cancel(self, subscription_id: str, *, key: str) -> None:
        del key
        period_ends_at = self.fetch(subscription_id).period_ends_at
        self._change(
            subscription_id,
            cancelled_at=timezone.now(),
            ends_at=period_ends_at,
            next_price_id="",
            next_from=None,
        )

    def resume(self, subscription_id: str, *, key: str) -> None:
        del key
        if self.fetch(subscription_id).status is Status.CANCELED:
            raise ProviderRefused("It has ended.")
        self._change(subscription_id, cancelled_at=None, ends_at=None)

    def change_now(self, subscription_id: str, price_id: str, *, key: str) -> None:
        del key
        row = _row(subscription_id)
        self._change(
            subscription_id,
            price_id=price_id,
            next_price_id="",
            next_from=None,
            anchor_at=max(row.anchor_at, timezone.now()),
        )

    def change_later(self, subscription_id: str, price_id: str, *, key: str) -> None:
        del key
        ends_at = self.fetch(subscription_id).period_ends_at
        self._change(subscription_id, next_price_id=price_id, next_from=ends_at)

    def end_now(self, subscription_id: str, *, key: str) -> None:
        del key
        self._change(subscription_id, ended_at=timezone.now())

    def readdress(self, customer_id: str, email: str) -> None:
        """It writes to nobody, and keeps no address."""

    def forget_customer(self, customer_id: str) -> None:
        DemoSession.objects.filter(customer_id=customer_id).delete()
        DemoSubscription.objects.filter(customer_id=customer_id).delete()

    def fetch(self, subscription_id: str) -> Snapshot:
        row = _row(subscription_id)
        now = timezone.now()
        price = _price_of(row)
        starts = list(demo_periods.begun(row.anchor_at, price.interval, now))
        paid = [_invoice(row, price, start) for start in starts if not _declines(row, start)]
        failed_at = next((s for s in starts if _declines(row, s)), None)
        return Snapshot(
            id=row.subscription_id,
            customer_id=row.customer_id,
            reader=row.reader,
            price_id=row.price_id,
            next_price_id=row.next_price_id,
            status=_status(row, failed_at, is_trial=not starts),
            started_at=row.started_at,
            period_ends_at=demo_periods.after(row.anchor_at, price.interval, len(starts)),
            ends_at=row.ends_at,
            cancelled_at=row.cancelled_at,
            ended_at=_ended_at(row, failed_at),
            failed_at=failed_at,
            paid=tuple(reversed(paid))[:24],
        )

    def locate(self, object_id: str) -> str:
        session = DemoSession.objects.filter(session_id=object_id).first()
        return session.subscription_id if session else ""

    def subscriptions(self) -> Iterator[str]:
        rows = DemoSubscription.objects.order_by("pk")
        yield from rows.values_list("subscription_id", flat=True)

    def read_notice(self, body: bytes, signature: str) -> Notice:
        raise BadSignature("The test checkout needs no notices from outside.")

    def pay(self, session_id: str, *, is_card_good_for_later: bool) -> DemoSession:
        """Someone pressed the button of the test checkout. Raises ``NotThere`` if it is over."""
        session = DemoSession.objects.filter(session_id=session_id).first()
        now = timezone.now()
        if session is None or (not session.subscription_id and session.expires_at <= now):
            raise NotThere(session_id)
        made = f"sub_demo_{secrets.token_hex(8)}"
        if DemoSession.objects.filter(pk=session.pk, subscription_id="").update(
            subscription_id=made
        ):
            DemoSubscription.objects.create(
                subscription_id=made,
                customer_id=session.customer_id,
                reader=session.reader,
                price_id=session.price_id,
                started_at=now,
                anchor_at=now + dt.timedelta(days=session.trial_days),
                declines_from=None if is_card_good_for_later else now + dt.timedelta(seconds=1),
            )
            self._tell("checkout.session.completed", session_id, made)
        return session

    def mend(self, subscription_id: str) -> None:
        """Someone paid what was open with a card that works."""
        self._change(subscription_id, declines_from=None)

    def _change(self, subscription_id: str, **fields: object) -> None:
        rows = DemoSubscription.objects.filter(subscription_id=subscription_id, ended_at=None)
        if not rows.update(**fields):
            raise ProviderRefused("It has ended, or never was.")
        self._tell("customer.subscription.updated", subscription_id, subscription_id)

    def _tell(self, kind: str, object_id: str, subscription_id: str) -> None:
        notice = Notice(
            event_id=f"evt_demo_{secrets.token_hex(12)}",
            kind=kind,
            happened_at=timezone.now(),
            object_id=object_id,
            subscription_id=subscription_id,
            facts={},
        )
        inbox.take(self.name, notice)


def _row(subscription_id: str) -> DemoSubscription:
    """The row as it is now: a change that was to come, and whose time has come, is made."""
    rows = DemoSubscription.objects.filter(subscription_id=subscription_id)
    due = rows.filter(next_from__lte=timezone.now())
    due.exclude(next_price_id="").update(
        price_id=F("next_price_id"), anchor_at=F("next_from"), next_price_id="", next_from=None
    )
    row = rows.first()
    if row is None:
        raise NotThere(subscription_id)
    return row


def _price_of(row: DemoSubscription) -> Price:
    known = ProviderPrice.objects.select_related("price").get(
        provider=DemoProvider.name, provider_id=row.price_id
    )
    return known.price


def _declines(row: DemoSubscription, moment: dt.datetime) -> bool:
    return row.declines_from is not None and moment >= row.declines_from


def _invoice(row: DemoSubscription, price: Price, start: dt.datetime) -> Invoice:
    return Invoice(
        id=f"in_demo_{row.pk}_{start:%Y%m%d%H%M%S}",
        number=f"TEST-{row.pk:04d}-{start:%Y%m%d}",
        amount=price.amount,
        currency=price.currency,
        paid_at=start,
    )


def _ended_at(row: DemoSubscription, failed_at: dt.datetime | None) -> dt.datetime | None:
    ends = [row.ended_at, row.ends_at]
    if failed_at is not None:
        ends.append(failed_at + GIVES_UP_AFTER)
    now = timezone.now()
    return min((end for end in ends if end is not None and end <= now), default=None)


def _status(row: DemoSubscription, failed_at: dt.datetime | None, *, is_trial: bool) -> Status:
    if _ended_at(row, failed_at) is not None:
        return Status.CANCELED
    if failed_at is not None:
        return Status.PAST_DUE
    return Status.TRIALING if is_trial else Status.ACTIVE
