"""Stripe's objects as ours: translation only, nothing is asked for here."""

import datetime as dt
from collections.abc import Iterable, Mapping

import stripe

from accounts.billing.provider import Invoice, ProviderRefused, Snapshot, Status
from accounts.billing.stripe_money import from_stripe

_STATUS = {
    "incomplete": Status.INCOMPLETE,
    # Its first payment never came: to us it never began.
    "incomplete_expired": Status.INCOMPLETE,
    "trialing": Status.TRIALING,
    "active": Status.ACTIVE,
    # Not by its keeper's pause alone: ``is_paused`` says it for both kinds.
    "paused": Status.ACTIVE,
    "past_due": Status.PAST_DUE,
    "unpaid": Status.UNPAID,
    "canceled": Status.CANCELED,
}
OWED = frozenset({"past_due", "unpaid"})
_NOT_ASKED_BACK = frozenset({"won", "warning_closed", "prevented"})
_GIVEN_BACK = frozenset({"succeeded", "pending", "requires_action"})


def id_of(value: object) -> str:
    """The id of what may be expanded, or an id, or nothing."""
    if isinstance(value, str):
        return value
    return str(getattr(value, "id", "") or "")


def at(seconds: int | None) -> dt.datetime | None:
    """A moment of Stripe's, aware."""
    return None if seconds is None else moment(seconds)


def moment(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def snapshot(
    found: stripe.Subscription, paid: tuple[Invoice, ...], failed_at: dt.datetime | None
) -> Snapshot:
    """How a subscription stands; its schedule must be expanded. Raises ``ProviderRefused``."""
    if found.status not in _STATUS:
        raise ProviderRefused(f"Its status {found.status!r} is none we know.")
    item = only_item(found)
    ends = max(part.current_period_end for part in found.items.data)
    pause = found.pause_collection
    return Snapshot(
        id=found.id,
        customer_id=id_of(found.customer),
        reader=found.metadata.to_dict().get("reader", ""),
        price_id=item.price.id,
        next_price_id=next_price(found),
        status=_STATUS[found.status],
        started_at=moment(found.start_date),
        period_ends_at=moment(ends),
        ends_at=_ends_at(found, ends),
        cancelled_at=at(found.canceled_at),
        ended_at=at(found.ended_at),
        failed_at=failed_at,
        is_paused=pause is not None or found.status == "paused",
        resumes_at=at(pause.resumes_at) if pause else None,
        paid=paid,
    )


def _ends_at(found: stripe.Subscription, period_ends: int) -> dt.datetime | None:
    if found.cancel_at_period_end:
        return moment(found.cancel_at or period_ends)
    # Where a schedule has more to come, the date may be its step from one part to the next.
    return None if next_price(found) else at(found.cancel_at)


def only_item(found: stripe.Subscription) -> stripe.SubscriptionItem:
    """What is subscribed to: ours have one item. Raises ``ProviderRefused``."""
    if not found.items.data:
        raise ProviderRefused("The subscription has no price.")
    return found.items.data[0]


def next_price(found: stripe.Subscription) -> str:
    """What the schedule of ``found`` changes it to; "" if to nothing else."""
    plan = found.schedule
    if not isinstance(plan, stripe.SubscriptionSchedule) or plan.current_phase is None:
        return ""
    ends = plan.current_phase.end_date
    coming = [phase for phase in plan.phases if phase.start_date >= ends]
    if plan.status != "active" or not coming:
        return ""
    price = id_of(coming[0].items[0].price)
    return "" if price == only_item(found).price.id else price


def failed_at(open_invoices: Iterable[stripe.Invoice]) -> dt.datetime | None:
    """When the oldest invoice that is open was first tried.

    Not the newest: the next month's must not begin the days of grace anew.
    """
    tried = [invoice for invoice in open_invoices if invoice.attempted]
    moments = [invoice.status_transitions.finalized_at or invoice.created for invoice in tried]
    return at(min(moments, default=None))


def invoice(found: stripe.Invoice, charges: Iterable[stripe.Charge], back: "Back") -> Invoice:
    """A paid invoice and what was given or asked back of it."""
    currency = found.currency.upper()
    amount = from_stripe(found.amount_paid, currency)
    mine = list(charges)
    refunded = from_stripe(sum(charge.amount_refunded for charge in mine), currency)
    is_all_back = bool(mine) and all(charge.refunded for charge in mine)
    return Invoice(
        id=found.id,
        number=found.number or found.id,
        amount=amount,
        currency=currency,
        paid_at=moment(found.status_transitions.paid_at or found.created),
        refunded=min(refunded, amount),
        refunded_at=back.given(mine) if is_all_back else None,
        disputed_at=back.asked(mine),
    )


class Back:
    """What was given or asked back of charges, by the charge's id."""

    def __init__(
        self,
        refunds: Mapping[str, list[stripe.Refund]],
        disputes: Mapping[str, list[stripe.Dispute]],
    ) -> None:
        self._refunds = refunds
        self._disputes = disputes

    def given(self, charges: Iterable[stripe.Charge]) -> dt.datetime | None:
        """When the last of it was given back; at the latest when it was paid, if nobody knows."""
        moments = [charge.created for charge in charges] + [
            refund.created
            for charge in charges
            for refund in self._refunds.get(charge.id, [])
            if refund.status in _GIVEN_BACK
        ]
        return at(max(moments, default=None))

    def asked(self, charges: Iterable[stripe.Charge]) -> dt.datetime | None:
        """When a bank first asked for it, unless it has been turned away."""
        moments = [
            dispute.created
            for charge in charges
            for dispute in self._disputes.get(charge.id, [])
            if dispute.status not in _NOT_ASKED_BACK
        ]
        return at(min(moments, default=None))


def payments_of(found: stripe.Invoice) -> set[str]:
    """The payment intents, or charges, that paid an invoice whose payments are expanded."""
    rows = found.payments.data if found.payments else []
    paid = [row.payment for row in rows if row.status == "paid"]
    return {_paid_by(part) for part in paid} - {""}


def _paid_by(part: stripe.InvoicePayment.Payment) -> str:
    # Only the one that its kind names is in the answer.
    return id_of(getattr(part, part.type, None))


def subscription_of(found: stripe.Invoice) -> str:
    """The subscription an invoice is for; "" if for none."""
    parent = found.parent
    if parent is None or parent.subscription_details is None:
        return ""
    return id_of(parent.subscription_details.subscription)
