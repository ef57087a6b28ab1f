"""Closing an account: at once and everywhere, with seven days to bring it back."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from accounts import account_mail, devices, links, trail
from accounts.billing import leaving
from accounts.models import Closing, Device, Subscription, User
from accounts.publication import publication
from accounts.times import day
from articles.models import Author, Event

WAY_BACK = dt.timedelta(days=7)


class NotClosed(Exception):
    """The account stays open; the words are for its owner."""


def why_not(user: User) -> str:
    """Why ``user`` cannot be closed here; "" if they can."""
    if user.is_staff or user.is_superuser:
        return (
            "This is an account of our staff: it cannot be deleted here. "
            "Ask an operator, who ends it with your work at the desk."
        )
    if Author.objects.filter(user=user).exists() or Event.objects.filter(actor=user).exists():
        return (
            "This account has worked at our desk, and what it did there is kept in its name. "
            "Ask us to delete it."
        )
    return ""


def close(user: User, *, at: dt.datetime) -> Closing:
    """Close the account at ``at`` (aware): signed out everywhere, no access, no more mails.

    What would renew is cancelled at the provider before. A mail with the way back goes to the
    account's address. Raises ``NotClosed``.
    """
    if why := why_not(user):
        raise NotClosed(why)
    try:
        leaving.stop(user)
    except leaving.StillRuns as error:
        raise NotClosed(str(error)) from error
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if why := why_not(user):
            raise NotClosed(why)
        if not user.is_active:
            raise NotClosed("This account is closed already.")
        user.is_active = False
        user.save(update_fields=["is_active"])
        # Left of a former one that the desk undid by switching the account on.
        Closing.objects.filter(user=user).delete()
        row = Closing.objects.create(user=user, closed_at=at, erase_at=at + WAY_BACK)
        devices.end_others(user, None, ending=Device.Ending.CLOSED, by="", at=at)
        _record(user, "Closed by its owner")
        show_way_back.enqueue(row.pk)
    return row


def closed(email: str, *, at: dt.datetime) -> Closing | None:
    """The closing of the account with this address that can still be undone at ``at``."""
    found = Closing.objects.select_related("user").filter(user__email=email.strip().lower())
    return found.filter(erase_at__gt=at, user__is_active=False).first()


def reopenable(pk: int, *, at: dt.datetime) -> Closing | None:
    """The closing that the link of the mail would undo at ``at``."""
    found = Closing.objects.select_related("user")
    return found.filter(pk=pk, erase_at__gt=at, user__is_active=False).first()


def was_cancelled(user: User, *, at: dt.datetime) -> bool:
    """Whether a subscription of ``user`` was cancelled with the account and can be taken up."""
    rows = Subscription.objects.filter(user=user, ended_at=None, cancelled_at__isnull=False)
    return rows.exclude(provider="").filter(ends_at__gt=at).exists()


def bring_back(pk: int, *, at: dt.datetime) -> bool:
    """Open the account again; whether there was still something to open."""
    row = reopenable(pk, at=at)
    return row is not None and reopen(row.user)


def reopen(user: User) -> bool:
    """Open ``user``'s account again if its owner closed it; whether they had."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        removed, _ = Closing.objects.filter(user=user).delete()
        if not removed:
            return False
        user.is_active = True
        user.save(update_fields=["is_active"])
        _record(user, "Brought back by its owner")
    return True


@task()
def show_way_back(closing_id: int) -> None:
    """Have the worker send the link that brings the account back."""
    row = reopenable(closing_id, at=timezone.now())
    if row is not None:
        send_way_back(row)


def send_way_back(row: Closing) -> None:
    """Send the link, and say until when it works. Raises ``OSError`` when that fails."""
    context = {
        "back_url": links.address(links.Purpose.BRING_BACK, row.pk, page="accounts:bring-back"),
        "until": day(row.erase_at, publication().zone_info),
    }
    account_mail.send("account_closed", to=row.user.email, context=context)


def _record(user: User, note: str) -> None:
    trail.record(
        Event.Kind.CHANGED,
        user,
        note=note,
    )
