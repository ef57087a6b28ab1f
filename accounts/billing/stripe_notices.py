"""What Stripe sends us: whether it is Stripe's, and what of it we keep."""

import json
import re
from collections.abc import Mapping, Sequence

import stripe

from accounts.billing.provider import BadSignature, Notice
from accounts.billing.stripe_shapes import moment

TOLERANCE = 300
"""Seconds between Stripe's signing and our reading."""

# Which notices matter, and where each names the subscription. All others are kept and not followed.
_ITSELF = ("id",)
_NAMED = ("subscription",)
_BY_INVOICE = ("parent", "subscription_details", "subscription")
_NOWHERE: tuple[str, ...] = ()
KINDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "checkout.session.completed": (_NAMED,),
    "checkout.session.expired": (_NAMED,),
    "customer.subscription.created": (_ITSELF,),
    "customer.subscription.updated": (_ITSELF,),
    "customer.subscription.deleted": (_ITSELF,),
    "customer.subscription.paused": (_ITSELF,),
    "customer.subscription.resumed": (_ITSELF,),
    # An endpoint set up long ago still names it at the top.
    "invoice.paid": (_BY_INVOICE, _NAMED),
    "invoice.payment_failed": (_BY_INVOICE, _NAMED),
    "charge.refunded": (_NOWHERE,),
    "charge.dispute.created": (_NOWHERE,),
    "charge.dispute.closed": (_NOWHERE,),
    "subscription_schedule.created": (_NAMED, ("released_subscription",)),
    "subscription_schedule.updated": (_NAMED, ("released_subscription",)),
    "subscription_schedule.released": (_NAMED, ("released_subscription",)),
    "subscription_schedule.completed": (_NAMED, ("released_subscription",)),
    "subscription_schedule.canceled": (_NAMED, ("released_subscription",)),
    "subscription_schedule.aborted": (_NAMED, ("released_subscription",)),
}

_IDS = (
    *("id", "customer", "subscription", "released_subscription", "schedule"),
    *("invoice", "latest_invoice", "charge", "payment_intent"),
)
_AMOUNTS = (
    *("amount", "amount_due", "amount_paid", "amount_remaining", "amount_refunded"),
    *("amount_total", "attempt_count", "created"),
)
_WORDS = ("object", "status", "currency", "payment_status", "billing_reason")
_ID = re.compile(r"[A-Za-z0-9_-]{1,120}")
_WORD = re.compile(r"[a-z_.]{1,40}")


def read(body: bytes, signature: str, secrets: Sequence[str]) -> Notice:
    """The notice in ``body``, if one of ``secrets`` signed it just now, else ``BadSignature``.

    One that we do not follow has an ``object_id`` of "".
    """
    if not any(_is_signed(body, signature, secret) for secret in secrets):
        raise BadSignature("None of our secrets signed it, or it is old.")
    try:
        event = json.loads(body)
        return _notice(event)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise BadSignature("It is signed, and no event of Stripe's.") from None


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    try:
        stripe.WebhookSignature.verify_header(body, signature, secret, TOLERANCE)
    except (stripe.SignatureVerificationError, ValueError, TypeError):
        # Beside its own error, the SDK lets through what odd bytes cause on the way.
        return False
    return True


def _notice(event: Mapping[str, object]) -> Notice:
    kind = str(event["type"])
    found = _mapping(_mapping(event["data"])["object"])
    return Notice(
        event_id=_checked_id(event["id"]),
        kind=kind[:80],
        happened_at=moment(_whole(event["created"])),
        object_id=_checked_id(found["id"]) if kind in KINDS else "",
        subscription_id=_subscription(kind, found),
        facts=_facts(found),
    )


def _subscription(kind: str, found: Mapping[str, object]) -> str:
    for path in KINDS.get(kind, ()):
        value: object = found if path else None
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        if name := _id(value):
            return name
    return ""


def _facts(found: Mapping[str, object]) -> dict[str, object]:
    """Ids, amounts and states. Only what is named here, and only if it looks like it."""
    ids = {name: _id(found.get(name)) for name in _IDS}
    amounts = {name: found[name] for name in _AMOUNTS if type(found.get(name)) is int}
    words = {name: found[name] for name in _WORDS if _is_word(found.get(name))}
    return {name: value for name, value in ids.items() if value} | amounts | words


def _id(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def _checked_id(value: object) -> str:
    if not (name := _id(value)):
        raise ValueError("no id")
    return name


def _is_word(value: object) -> bool:
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise TypeError("no object")
    return value


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError("no whole number")
    return value
