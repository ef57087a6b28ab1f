"""Stripe behind our interface. It speaks to it by the official SDK and keeps nothing."""

import hashlib
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import stripe

from accounts.billing import stripe_notices, stripe_reading
from accounts.billing.provider import (
    Notice,
    NotThere,
    Order,
    ProviderRefused,
    Snapshot,
    Started,
    Terms,
)
from accounts.billing.stripe_calls import READER_WAITS, WORKER_WAITS, client, in_our_words
from accounts.billing.stripe_changes import StripeChanges
from accounts.billing.stripe_money import to_stripe

API_URL = "https://api.stripe.com"
_PAGES = (
    "https://checkout.stripe.com",
    "https://billing.stripe.com",
    "https://invoice.stripe.com",
)


class StripeProvider(StripeChanges):
    """``Provider`` by Stripe. ``webhook_secrets``: the one in use, and former ones while both run.

    Workers are answered within seconds or told to come back; what a reader waits for is tried
    longer. ``api_url`` is Stripe's but in tests.
    """

    name = "stripe"
    is_far = True

    def __init__(
        self, *, secret_key: str, webhook_secrets: Sequence[str], api_url: str = API_URL
    ) -> None:
        super().__init__(client(secret_key, api_url, timeout=READER_WAITS, retries=2))
        self._quick = client(secret_key, api_url, timeout=WORKER_WAITS, retries=0)
        self._secrets = tuple(secret for secret in webhook_secrets if secret)
        self.form_targets: tuple[str, ...] = (
            _PAGES if api_url.rstrip("/") == API_URL else (_origin(api_url),)
        )

    def ensure_price(self, terms: Terms) -> str:
        """The price with our key; made with its product if it is not there yet."""
        with in_our_words():
            found = self._stripe.v1.prices.list({"lookup_keys": [_lookup(terms)]}).data
            price = found[0] if found else self._made(terms)
        if not _is_as_agreed(price, terms):
            raise ProviderRefused(f"The price {price.id} has our key {terms.key} and other terms.")
        return price.id

    def start_checkout(self, order: Order) -> Started:
        """A page of Stripe's, for one who is known there from now on.

        ``order.expires_at`` must lie 30 minutes to 24 hours ahead.
        """
        customer = order.customer_id or self._customer(order)
        with in_our_words():
            try:
                session = self._session(order, customer, f"checkout-{order.key}")
            except stripe.InvalidRequestError as error:
                if not order.customer_id or error.param != "customer":
                    raise
                # Somebody deleted the customer at Stripe: to it, the reader is a new one.
                customer = self._customer(order)
                session = self._session(order, customer, f"checkout-{order.key}-anew")
        return Started(session_id=session.id, url=session.url or "", customer_id=customer)

    def close_checkout(self, session_id: str) -> bool:
        """Expire it. One that is gone or expired already can be paid by nobody either."""
        sessions = self._stripe.v1.checkout.sessions
        try:
            with in_our_words():
                sessions.expire(session_id)
        except NotThere:
            return True
        except ProviderRefused:
            with in_our_words():
                status = sessions.retrieve(session_id).status
            if status == "open":
                raise
            return status != "complete"
        return True

    def portal(self, customer_id: str, *, return_url: str) -> str:
        """A page of Stripe's, for minutes."""
        with in_our_words():
            return self._stripe.v1.billing_portal.sessions.create(
                {"customer": customer_id, "return_url": return_url}
            ).url

    def pay_link(self, subscription_id: str) -> str:
        """The page of the newest invoice that is open."""
        with in_our_words():
            found = self._stripe.v1.invoices.list(
                {"subscription": subscription_id, "status": "open", "limit": 1}
            ).data
        return (found[0].hosted_invoice_url or "") if found else ""

    def readdress(self, customer_id: str, email: str) -> None:
        with in_our_words():
            self._stripe.v1.customers.update(customer_id, {"email": email})

    def forget_customer(self, customer_id: str) -> None:
        """Delete the customer, with cards and names. Stripe keeps its invoices, and so the law."""
        with in_our_words():
            self._stripe.v1.customers.delete(customer_id)

    def fetch(self, subscription_id: str) -> Snapshot:
        """How it stands, by three questions, or a few more where money is owed or went back."""
        with in_our_words():
            return stripe_reading.fetch(self._quick, subscription_id)

    def locate(self, object_id: str) -> str:
        """By the kind that its id begins with."""
        try:
            with in_our_words():
                return stripe_reading.locate(self._quick, object_id)
        except NotThere:
            return ""

    def subscriptions(self) -> Iterator[str]:
        """Those that run, then those that ended within the thirty days Stripe keeps events.

        Asked patiently: a night is long, and one page that fails would cost all of it.
        """
        with in_our_words():
            yield from stripe_reading.subscriptions(self._stripe)

    def read_notice(self, body: bytes, signature: str) -> Notice:
        """One that we do not follow has an ``object_id`` of "". Raises ``BadSignature``."""
        return stripe_notices.read(body, signature, self._secrets)

    def _customer(self, order: Order) -> str:
        """A new customer; asked for the same order again, the same one.

        The key is the order's, not the reader's: Stripe repeats a failure of its own for a day.
        """
        with in_our_words():
            return self._stripe.v1.customers.create(
                {"email": order.email, "metadata": {"reader": order.reader}},
                {"idempotency_key": f"customer-{order.key}"},
            ).id

    def _session(self, order: Order, customer: str, key: str) -> stripe.checkout.Session:
        data: stripe.params.checkout.SessionCreateParamsSubscriptionData = {
            "metadata": {"reader": order.reader}
        }
        if order.trial_days:
            data["trial_period_days"] = order.trial_days
        return self._stripe.v1.checkout.sessions.create(
            {
                "mode": "subscription",
                "customer": customer,
                "client_reference_id": order.reader,
                "line_items": [{"price": order.price_id, "quantity": 1}],
                "subscription_data": data,
                "success_url": order.success_url,
                "cancel_url": order.cancel_url,
                "expires_at": int(order.expires_at.timestamp()),
            },
            {"idempotency_key": key},
        )

    def _made(self, terms: Terms) -> stripe.Price:
        return self._stripe.v1.prices.create(
            {
                "product": self._product(terms),
                "lookup_key": _lookup(terms),
                "unit_amount": to_stripe(terms.amount, terms.currency),
                "currency": terms.currency.lower(),
                "recurring": {"interval": terms.interval},
            },
            {"idempotency_key": f"price-{terms.key}"},
        )

    def _product(self, terms: Terms) -> str:
        """The plan's product, by an id of our own, so that there is one."""
        products = self._stripe.v1.products
        name = f"newsroom-plan-{terms.plan_key}"
        try:
            with in_our_words():
                return products.retrieve(name).id
        except NotThere:
            key = f"product-{name}-{_digest(terms.plan_name)}"
            with in_our_words():
                return products.create(
                    {"id": name, "name": terms.plan_name}, {"idempotency_key": key}
                ).id


def _lookup(terms: Terms) -> str:
    return f"newsroom-{terms.key}"


def _is_as_agreed(price: stripe.Price, terms: Terms) -> bool:
    asked = (to_stripe(terms.amount, terms.currency), terms.currency.lower(), terms.interval)
    interval = price.recurring.interval if price.recurring else ""
    return (price.unit_amount, price.currency, interval) == asked


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
