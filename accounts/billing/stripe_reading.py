"""Looking at Stripe for the worker: how a subscription stands, and which one a thing belongs to."""

from collections.abc import Callable, Iterable, Iterator

import stripe

from accounts.billing.provider import Invoice, Snapshot
from accounts.billing.stripe_calls import Haste
from accounts.billing.stripe_shapes import (
    OWED,
    Back,
    failed_at,
    id_of,
    invoice,
    payments_of,
    snapshot,
    subscription_of,
)

INVOICES = 24
"""The newest ones paid: two years of months."""

_PAGE = 100


def fetch(client: stripe.StripeClient, subscription_id: str) -> Snapshot:
    """How it stands now. Raises what the SDK raises, and ``ProviderDown`` if it takes long."""
    haste = Haste()
    found = client.v1.subscriptions.retrieve(subscription_id, {"expand": ["schedule"]})
    paid = _paid(client, found, haste)
    failed = None
    if found.status in OWED:
        haste.check()
        failed = failed_at(_open(client, found.id))
    return snapshot(found, paid, failed)


def locate(client: stripe.StripeClient, object_id: str) -> str:
    """The subscription behind ``object_id``; "" if none, or of a kind that has none."""
    # The longest first: a schedule's id begins as a subscription's does.
    for prefix, find in sorted(_FINDERS.items(), key=lambda pair: -len(pair[0])):
        if object_id.startswith(prefix):
            return find(client, object_id)
    return ""


def subscriptions(client: stripe.StripeClient) -> Iterator[str]:
    """Ids of those that run, then of those whose end Stripe still has an event of."""
    for running in client.v1.subscriptions.list({"limit": _PAGE}).auto_paging_iter():
        yield running.id
    ends = client.v1.events.list({"type": "customer.subscription.deleted", "limit": _PAGE})
    for event in ends.auto_paging_iter():
        yield id_of(event.data.object)


def _paid(
    client: stripe.StripeClient, found: stripe.Subscription, haste: Haste
) -> tuple[Invoice, ...]:
    haste.check()
    rows = client.v1.invoices.list(
        {
            "subscription": found.id,
            "status": "paid",
            "limit": INVOICES,
            "expand": ["data.payments"],
        }
    ).data
    # A trial's invoice over nothing is no payment.
    rows = [row for row in rows if row.amount_paid > 0]
    if not rows:
        return ()
    haste.check()
    charges = client.v1.charges.list({"customer": id_of(found.customer), "limit": _PAGE}).data
    charges = [charge for charge in charges if charge.paid]
    back = _back(client, charges, haste)
    paid = [invoice(row, _charges_of(row, charges), back) for row in rows]
    return tuple(sorted(paid, key=lambda row: row.paid_at, reverse=True))


def _charges_of(row: stripe.Invoice, charges: Iterable[stripe.Charge]) -> list[stripe.Charge]:
    payments = payments_of(row)
    return [
        charge
        for charge in charges
        if charge.id in payments or id_of(charge.payment_intent) in payments
    ]


def _back(client: stripe.StripeClient, charges: Iterable[stripe.Charge], haste: Haste) -> Back:
    refunds: dict[str, list[stripe.Refund]] = {}
    disputes: dict[str, list[stripe.Dispute]] = {}
    for charge in charges:
        if charge.refunded:
            haste.check()
            rows = client.v1.refunds.list({"charge": charge.id, "limit": _PAGE})
            refunds[charge.id] = rows.data
        if charge.disputed:
            haste.check()
            asked = client.v1.disputes.list({"charge": charge.id, "limit": _PAGE})
            disputes[charge.id] = asked.data
    return Back(refunds, disputes)


def _open(client: stripe.StripeClient, subscription_id: str) -> list[stripe.Invoice]:
    return client.v1.invoices.list(
        {"subscription": subscription_id, "status": "open", "limit": _PAGE}
    ).data


def _of_checkout(client: stripe.StripeClient, object_id: str) -> str:
    return id_of(client.v1.checkout.sessions.retrieve(object_id).subscription)


def _of_invoice(client: stripe.StripeClient, object_id: str) -> str:
    return subscription_of(client.v1.invoices.retrieve(object_id))


def _of_intent(client: stripe.StripeClient, object_id: str) -> str:
    rows = client.v1.invoice_payments.list(
        {
            "payment": {"type": "payment_intent", "payment_intent": object_id},
            "expand": ["data.invoice"],
        }
    ).data
    found = [row.invoice for row in rows if isinstance(row.invoice, stripe.Invoice)]
    return next((name for name in map(subscription_of, found) if name), "")


def _of_charge(client: stripe.StripeClient, object_id: str) -> str:
    intent = id_of(client.v1.charges.retrieve(object_id).payment_intent)
    return _of_intent(client, intent) if intent else ""


def _of_dispute(client: stripe.StripeClient, object_id: str) -> str:
    intent = id_of(client.v1.disputes.retrieve(object_id).payment_intent)
    return _of_intent(client, intent) if intent else ""


def _of_refund(client: stripe.StripeClient, object_id: str) -> str:
    intent = id_of(client.v1.refunds.retrieve(object_id).payment_intent)
    return _of_intent(client, intent) if intent else ""


def _of_schedule(client: stripe.StripeClient, object_id: str) -> str:
    found = client.v1.subscription_schedules.retrieve(object_id)
    return id_of(found.subscription) or id_of(found.released_subscription)


def _itself(client: stripe.StripeClient, object_id: str) -> str:
    return client.v1.subscriptions.retrieve(object_id).id


_FINDERS: dict[str, Callable[[stripe.StripeClient, str], str]] = {
    "cs_": _of_checkout,
    "in_": _of_invoice,
    "pi_": _of_intent,
    "ch_": _of_charge,
    "py_": _of_charge,
    "dp_": _of_dispute,
    "du_": _of_dispute,
    "re_": _of_refund,
    "sub_sched_": _of_schedule,
    "sub_": _itself,
}
