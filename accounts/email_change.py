"""Another e-mail address: the new one confirms it, the old one can stop it or take it back.

Until it is confirmed the new address stands only here. Among the account's own addresses, even
marked as unconfirmed, it would keep its true owner from opening an account, and let it ask for a
new password of this one.
"""

import datetime as dt
from enum import StrEnum

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts import devices, email_change_mail, trail
from accounts.billing import readdressing
from accounts.models import Device, EmailChange, User
from accounts.privacy import closing, suppression
from articles.models import Event

CONFIRM_WITHIN = dt.timedelta(days=1)
PUT_BACK_WITHIN = dt.timedelta(days=7)


class WornOut(Exception):
    """The link was used, stopped, or is too old."""


class Taken(Exception):
    """Another account uses the address by now."""


class Stopped(StrEnum):
    """What the link to the old address did."""

    CANCELLED = "cancelled"
    PUT_BACK = "put_back"


def waiting(user: User, *, at: dt.datetime) -> EmailChange | None:
    """The change of ``user`` that waits for its confirmation at ``at``."""
    return _waiting(at).filter(user=user).first()


@transaction.atomic
def ask(user: User, new_email: str, *, at: dt.datetime) -> EmailChange:
    """Ask for ``new_email`` in place of the present address; both get a mail.

    The same whether another account has that address or not: the worker finds out, and writes
    there accordingly. A change that waits already makes room.
    """
    _lock(user)
    _open(user).update(stopped_at=at)
    change = EmailChange.objects.create(
        user=user, old_email=user.email, new_email=new_email.strip().lower(), asked_at=at
    )
    _record(user, "Asked for another e-mail address")
    email_change_mail.ask_new.enqueue(change.pk)
    email_change_mail.warn_old.enqueue(change.pk)
    return change


@transaction.atomic
def withdraw(user: User, *, at: dt.datetime) -> bool:
    """Stop what waits, by the account itself; whether there was something."""
    _lock(user)
    if not _open(user).update(stopped_at=at):
        return False
    _record(user, "Withdrew the change of the e-mail address")
    return True


def confirmable(pk: int, *, at: dt.datetime) -> EmailChange | None:
    """The change that the link to the new address would confirm at ``at``."""
    return _waiting(at).filter(pk=pk).first()


def confirm(pk: int, *, at: dt.datetime) -> EmailChange:
    """Let the new address take the place of the old one. Raises ``WornOut`` and ``Taken``."""
    change = confirmable(pk, at=at)
    if change is None:
        raise WornOut
    try:
        with transaction.atomic():
            user = _lock(change.user)
            # The condition is the claim: of two presses of the button one changes the row.
            if not _waiting(at).filter(pk=pk).update(confirmed_at=at):
                raise WornOut
            _set_address(user, change.new_email)
            suppression.lift(change.new_email)
            readdressing.ask(user)
            _record(user, "Changed the e-mail address")
            email_change_mail.tell_old.enqueue(pk)
    except IntegrityError as error:
        raise Taken from error
    return change


def stoppable(pk: int, *, at: dt.datetime) -> EmailChange | None:
    """The change that the link to the old address would stop or undo at ``at``."""
    since = at - PUT_BACK_WITHIN
    found = EmailChange.objects.select_related("user").filter(pk=pk, stopped_at=None)
    change = found.first()
    if change is None or (change.confirmed_at or change.asked_at) <= since:
        return None
    return change


def stop(pk: int, *, at: dt.datetime) -> Stopped:
    """Do what the old address asks: stop the change, or put the old address back and end all
    sessions. Raises ``WornOut`` and ``Taken``."""
    change = stoppable(pk, at=at)
    if change is None:
        raise WornOut
    try:
        with transaction.atomic():
            user = _lock(change.user)
            change = stoppable(pk, at=at)
            if change is None:
                raise WornOut
            if change.confirmed_at is None:
                _open(user).filter(pk=pk).update(stopped_at=at)
                _record(user, "Stopped a change of the e-mail address by the link to the old one")
                return Stopped.CANCELLED
            _put_back(change, user, at)
    except IntegrityError as error:
        raise Taken from error
    return Stopped.PUT_BACK


def _put_back(change: EmailChange, user: User, at: dt.datetime) -> None:
    """Undo this change and each later one: who took the account may have changed it twice."""
    EmailChange.objects.filter(user=user, pk__gte=change.pk, stopped_at=None).update(stopped_at=at)
    _set_address(user, change.old_email)
    # Whoever changed the address knew the password, and may have left another way in.
    user.set_unusable_password()
    user.save(update_fields=["password"])
    if not user.is_staff:
        since = change.asked_at - PUT_BACK_WITHIN
        Authenticator.objects.filter(user=user, created_at__gte=since).delete()
    devices.end_others(user, None, ending=Device.Ending.ADDRESS_PUT_BACK, by="", at=at)
    closing.reopen(user)
    readdressing.ask(user)
    _record(user, "Put back the former e-mail address by the link to it")
    email_change_mail.tell_put_back.enqueue(change.pk)


def _set_address(user: User, email: str) -> None:
    user.email = email
    user.save(update_fields=["email"])
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)


def _lock(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _open(user: User) -> QuerySet[EmailChange]:
    return EmailChange.objects.filter(user=user, confirmed_at=None, stopped_at=None)


def _waiting(at: dt.datetime) -> QuerySet[EmailChange]:
    return EmailChange.objects.filter(
        confirmed_at=None,
        stopped_at=None,
        asked_at__gt=at - CONFIRM_WITHIN,
        user__is_active=True,
    ).select_related("user")


def _record(user: User, note: str) -> None:
    """Who did it is the reader, whom the log names by the random id only."""
    trail.record(
        Event.Kind.CHANGED,
        user,
        note=note,
    )
