"""Writing what the provider has into our rows: the subscription, its payments, its mails."""

import datetime as dt
import logging
import uuid
from dataclasses import asdict

from django.db import transaction

from accounts import trail
from accounts.billing import checkout, claims, inbox, ledger, mails
from accounts.billing.claims import Claim
from accounts.billing.dates import Dates, dates_of
from accounts.billing.provider import Snapshot, Status
from accounts.models import Customer, Mirror, Plan, Price, ProviderPrice, Subscription, User
from articles.models import Event

logger = logging.getLogger(__name__)

NO_READER = "No reader of ours: it was begun elsewhere, or the account is gone."


def follow(claim: Claim, snapshot: Snapshot, *, at: dt.datetime) -> bool:
    """Make our rows say what ``snapshot``, fetched at ``at`` (aware), says.

    Out: False if the claim was lost meanwhile, and nothing was written.
    """
    with transaction.atomic():
        if not claims.settle(claim, at):
            return False
        user = _reader_of(claim.provider, snapshot)
        if user is None:
            logger.warning("Subscription %s has no reader here", snapshot.id)
            _leave_word(claim, NO_READER)
            return True
        _write(claim, user, snapshot, at)
    return True


def point_to(claim: Claim, subscription_id: str, *, at: dt.datetime) -> bool:
    """``claim`` was on something that belongs to a subscription: have that looked at."""
    with transaction.atomic():
        if not claims.settle(claim, at):
            return False
        if subscription_id:
            inbox.want(claim.provider, subscription_id)
    return True


def _write(claim: Claim, user: User, snapshot: Snapshot, at: dt.datetime) -> None:
    rows = Subscription.objects.select_related("price", "plan")
    before = rows.filter(provider=claim.provider, provider_id=snapshot.id).first()
    if before is None and snapshot.status is Status.INCOMPLETE:
        # Nothing was paid yet, and perhaps nothing ever is.
        return
    dates = dates_of(snapshot, before, at=at)
    price = _price(claim.provider, snapshot.price_id)
    plan = _plan(price, before)
    if plan is None:
        _leave_word(claim, f"No plan of ours has the price {snapshot.price_id}.")
        return
    after = _saved(claim, user, snapshot, before, dates, price, plan)
    if before is None:
        checkout.close(user)
    paid = ledger.keep(after, snapshot.paid)
    mails.queue(before, after, paid=paid, at=at)
    if _changed(before, after):
        _record(before, after)


def _saved(
    claim: Claim,
    user: User,
    snapshot: Snapshot,
    before: Subscription | None,
    dates: Dates,
    price: Price | None,
    plan: Plan,
) -> Subscription:
    fields = {
        **asdict(dates),
        "plan": plan,
        "price": price or (before.price if before else None),
        "next_price": _price(claim.provider, snapshot.next_price_id),
    }
    if before is None:
        return Subscription.objects.create(
            user=user,
            provider=claim.provider,
            provider_id=snapshot.id,
            reason="Subscribed on the page of plans",
            **fields,
        )
    # The reader stays whoever it is: accounts may have been merged since.
    after = Subscription.objects.select_related("user").get(pk=before.pk)
    for name, value in fields.items():
        setattr(after, name, value)
    # By save and not in bulk: so the page cache hears whose it is, and ends nobody else's token.
    after.save(update_fields=list(fields))
    return after


def _reader_of(provider: str, snapshot: Snapshot) -> User | None:
    """The account behind a subscription, locked, so that its rows change one after the other."""
    users = User.objects.select_for_update()
    known = Subscription.objects.filter(provider=provider, provider_id=snapshot.id).first()
    if known is not None:
        return users.filter(pk=known.user_id).first()
    customer = Customer.objects.filter(provider=provider, provider_id=snapshot.customer_id).first()
    if customer is not None:
        return users.filter(pk=customer.user_id).first()
    public_id = _as_uuid(snapshot.reader)
    user = users.filter(public_id=public_id).first() if public_id else None
    if user is not None:
        Customer.objects.create(user=user, provider=provider, provider_id=snapshot.customer_id)
    return user


def _as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _price(provider: str, provider_id: str) -> Price | None:
    if not provider_id:
        return None
    rows = ProviderPrice.objects.select_related("price__plan")
    found = rows.filter(provider=provider, provider_id=provider_id).first()
    return found.price if found else None


def _plan(price: Price | None, before: Subscription | None) -> Plan | None:
    """A reader who pays is never locked out by a price that was made at the provider by hand."""
    if price is not None:
        return price.plan
    if before is not None:
        return before.plan
    return Plan.objects.order_by("-is_offered", "position", "pk").first()


def _leave_word(claim: Claim, words: str) -> None:
    Mirror.objects.filter(pk=claim.pk).update(error=words[:300])


_TOLD = (
    *("kind", "ends_at", "cancelled_at", "ended_at", "ending", "failed_at", "unpaid_at"),
    *("paused_at", "resumes_at", "plan_id", "price_id", "next_price_id"),
)


def _changed(before: Subscription | None, after: Subscription) -> bool:
    if before is None:
        return True
    return any(getattr(before, name) != getattr(after, name) for name in _TOLD)


def _record(before: Subscription | None, after: Subscription) -> None:
    """In the audit trail: ids and dates, no sums and no names."""
    trail.record(
        Event.Kind.PROVIDER_CHANGED,
        after.user,
        note="Subscribed" if before is None else "Changed at the payment provider",
        details={"subscription": after.pk, "plan": after.plan.name}
        | {name: _plain(getattr(after, name)) for name in _TOLD},
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.datetime) else value
