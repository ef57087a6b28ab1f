"""The book of what was paid: one row an invoice, however often the provider tells of it."""

from collections.abc import Sequence

from accounts.billing.provider import Invoice
from accounts.models import Payment, Subscription


def keep(subscription: Subscription, invoices: Sequence[Invoice]) -> list[Payment]:
    """Write down the paid ``invoices``, and what was given back of them. Out: the new rows.

    Call it in the transaction that holds the reader's row.
    """
    ids = [invoice.id for invoice in invoices]
    rows = Payment.objects.filter(provider=subscription.provider, invoice_id__in=ids)
    known = {row.invoice_id: row for row in rows}
    new = [_new(subscription, invoice) for invoice in invoices if invoice.id not in known]
    for invoice in invoices:
        if invoice.id in known:
            _follow(known[invoice.id], invoice)
    return Payment.objects.bulk_create(new)


def _new(subscription: Subscription, invoice: Invoice) -> Payment:
    return Payment(
        user_id=subscription.user_id,
        subscription=subscription,
        provider=subscription.provider,
        invoice_id=invoice.id,
        number=invoice.number,
        amount=invoice.amount,
        currency=invoice.currency.upper(),
        paid_at=invoice.paid_at,
        **_given_back(invoice),
    )


def _follow(row: Payment, invoice: Invoice) -> None:
    given_back = _given_back(invoice)
    if any(getattr(row, name) != value for name, value in given_back.items()):
        Payment.objects.filter(pk=row.pk).update(**given_back)


def _given_back(invoice: Invoice) -> dict[str, object]:
    return {
        "refunded": invoice.refunded,
        "refunded_at": invoice.refunded_at,
        "disputed_at": invoice.disputed_at,
    }
