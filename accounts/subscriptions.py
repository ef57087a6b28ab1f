"""What the subscriptions desk does: give, extend, cancel and end a plan, each with a reason.

Each act and its audit row are one transaction. The audit names readers by their random id. What the
payment provider renews is changed there, and our row follows.
"""

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from accounts import trail
from accounts.billing import changes, providers
from accounts.billing.provider import NotThere, Provider, ProviderDown, ProviderRefused
from accounts.desk import letters
from accounts.models import Plan, Subscription, User
from articles.models import Event


class SubscriptionRefused(Exception):
    """The act makes no sense; the words are for the person at the desk."""


def give(
    user: User,
    plan: Plan,
    *,
    kind: Subscription.Kind,
    starts_at: dt.datetime | None = None,
    ends_at: dt.datetime | None = None,
    reference: str = "",
    reason: str,
    by: User,
) -> Subscription:
    """Give ``user`` a plan from ``starts_at`` (aware; None: now) until ``ends_at``.

    ``ends_at`` may be None for a complimentary one only; one that was paid without us names its
    payment (``reference``). The reader is told. Raises ``SubscriptionRefused``.
    """
    now = timezone.now()
    starts_at = starts_at or now
    reason = _needed(reason)
    if ends_at is None and kind != Subscription.Kind.COMP:
        raise SubscriptionRefused("Only a complimentary subscription may have no end.")
    if ends_at is not None and ends_at <= starts_at:
        raise SubscriptionRefused("It must end after it starts.")
    if ends_at is not None and ends_at <= now:
        raise SubscriptionRefused("That end is past: nobody could read anything by it.")
    reference = reference.strip()
    if kind == Subscription.Kind.PAID and not reference:
        raise SubscriptionRefused("Name the payment, as the number of the bank transfer.")
    with transaction.atomic():
        _refuse_closed(user)
        subscription = Subscription.objects.create(
            user=user,
            plan=plan,
            kind=kind,
            starts_at=starts_at,
            ends_at=ends_at,
            reference=reference,
            reason=reason,
            given_by=by,
        )
        _record(Event.Kind.PLAN_GIVEN, subscription, reason, by)
        letters.tell_of_plan(subscription, "given")
    return subscription


def extend(
    subscription: Subscription, *, until: dt.datetime | None, reason: str, by: User
) -> Subscription:
    """Let it run until ``until`` (aware; None: without an end, complimentary only)."""
    reason = _needed(reason)
    with transaction.atomic():
        row = _locked(subscription)
        if row.provider:
            raise SubscriptionRefused(
                "The payment provider says when this one ends. Give a complimentary one besides."
            )
        if row.ended_at is not None:
            raise SubscriptionRefused("It was ended. Give the reader a new one.")
        if until is None and row.kind != Subscription.Kind.COMP:
            raise SubscriptionRefused("Only a complimentary subscription may have no end.")
        if row.ends_at is None:
            raise SubscriptionRefused("It has no end already.")
        if until is not None and until <= max(row.ends_at, timezone.now()):
            raise SubscriptionRefused("Choose a later end: it runs until then, or that is past.")
        before = row.ends_at
        row.ends_at = until
        row.cancelled_at = None
        row.save(update_fields=["ends_at", "cancelled_at"])
        _record(Event.Kind.PLAN_EXTENDED, row, reason, by, before=before.isoformat())
        letters.tell_of_plan(row, "extended")
    return row


def cancel(subscription: Subscription, *, reason: str, by: User) -> Subscription:
    """Do not renew it: it runs until its end and no day longer."""
    reason = _needed(reason)
    if subscription.provider:
        return _at_provider(changes.cancel, subscription, reason, by, cancelled=True)
    with transaction.atomic():
        row = _locked(subscription)
        if row.ended_at is not None or row.cancelled_at is not None:
            raise SubscriptionRefused("It was cancelled or ended already.")
        if row.ends_at is None:
            raise SubscriptionRefused("It has no end to wait for. End it instead.")
        row.cancelled_at = timezone.now()
        row.save(update_fields=["cancelled_at"])
        _record(Event.Kind.PLAN_ENDED, row, reason, by, cancelled=True)
        letters.tell_of_plan(row, "cancelled")
    return row


def end(subscription: Subscription, *, reason: str, by: User) -> Subscription:
    """Stop access by it now, and payments with it; money is given back at the provider."""
    reason = _needed(reason)
    if subscription.provider:
        return _at_provider(changes.end, subscription, reason, by)
    with transaction.atomic():
        row = _locked(subscription)
        if row.ended_at is not None:
            raise SubscriptionRefused("It was ended already.")
        row.ended_at = timezone.now()
        row.ending = Subscription.Ending.BY_DESK
        row.save(update_fields=["ended_at", "ending"])
        _record(Event.Kind.PLAN_ENDED, row, reason, by)
        letters.tell_of_plan(row, "ended")
    return row


def _at_provider(
    act: Callable[[Subscription, Provider], None],
    subscription: Subscription,
    reason: str,
    by: User,
    **details: object,
) -> Subscription:
    """Have the provider do it, outside of any transaction, then write down who asked and why.

    The reader is told as when they do it themselves.
    """
    if subscription.ended_at is not None:
        raise SubscriptionRefused("It was ended already.")
    provider = providers.named(subscription.provider)
    if provider is None:
        raise SubscriptionRefused("The payment provider of this one is not set up here any more.")
    try:
        act(subscription, provider)
    except changes.ChangeRefused as refusal:
        raise SubscriptionRefused(str(refusal)) from refusal
    except (ProviderDown, ProviderRefused, NotThere) as error:
        raise SubscriptionRefused(
            "The payment provider did not do it. Nothing was changed; try again in a while."
        ) from error
    with transaction.atomic():
        row = _locked(subscription)
        _record(Event.Kind.PLAN_ENDED, row, reason, by, **details)
    return row


def _refuse_closed(user: User) -> None:
    """Hold the account's row: it is not merged into another while it gets something."""
    row = User.objects.select_for_update().get(pk=user.pk)
    if not row.is_active:
        raise SubscriptionRefused("This account is switched off. Choose another one.")


def _needed(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise SubscriptionRefused("Say why, for whoever asks later.")
    if len(reason) > 300:
        raise SubscriptionRefused("Say it in 300 characters.")
    return reason


def _locked(subscription: Subscription) -> Subscription:
    found = Subscription.objects.select_for_update(of=("self",)).select_related("user", "plan")
    return found.get(pk=subscription.pk)


def _record(
    kind: Event.Kind, subscription: Subscription, reason: str, by: User, **details: object
) -> None:
    ends_at = subscription.ends_at
    trail.record(
        kind,
        subscription.user,
        by=by,
        note=reason,
        details={
            "subscription": subscription.pk,
            "plan": subscription.plan.name,
            "kind": subscription.kind,
            **({"reference": subscription.reference} if subscription.reference else {}),
            "starts_at": subscription.starts_at.isoformat(),
            "ends_at": None if ends_at is None else ends_at.isoformat(),
            **details,
        },
    )
