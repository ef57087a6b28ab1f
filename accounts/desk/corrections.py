"""A reader's address put right, and a confirmation sent once more.

The new address counts for nothing before somebody who reads its mail has confirmed it: the desk may
have misheard it. Whoever is signed in stays signed in, and the old address is told. One that was
confirmed counts until then, and can stop the change, as when the reader asks for it themselves; one
that never was may be a stranger's, and is replaced at once.
"""

import logging

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import email_change, limits, trail
from accounts.desk import letters
from accounts.models import User
from accounts.sign_in import MailNotSent
from articles.models import Event

logger = logging.getLogger(__name__)


class CorrectionRefused(Exception):
    """It makes no sense; the words are for the person at the desk."""


def correct(request: HttpRequest, reader: User, address: str, *, reason: str, by: User) -> str:
    """Give ``reader`` another address, which they must confirm. Out: what to say at the desk.

    Raises ``CorrectionRefused``. The log names neither address.
    """
    address = _checked(address)
    try:
        with transaction.atomic():
            row = User.objects.select_for_update().get(pk=reader.pk)
            if not row.is_active:
                raise CorrectionRefused("The account is switched off.")
            before = row.email
            if address == before:
                raise CorrectionRefused("That is the address already.")
            _take_back_from_merged(address, row)
            _refuse_if_taken(address, row)
            _record(Event.Kind.ADDRESS_CORRECTED, row, by, reason)
            if is_confirmed(row):
                email_change.ask(row, address, at=timezone.now())
                return "Both addresses are written to. The new one counts once it is confirmed."
            _replace(row, address)
    except IntegrityError as error:
        # Somebody signed up with it this moment.
        raise CorrectionRefused(_TAKEN) from error
    return _tell(request, row, before=before)


def is_confirmed(reader: User) -> bool:
    return EmailAddress.objects.filter(user=reader, email=reader.email, verified=True).exists()


def send_confirmation(request: HttpRequest, reader: User, *, by: User) -> None:
    """Send the confirmation once more. Raises ``CorrectionRefused``; ``TooMany`` in its minute."""
    if is_confirmed(reader):
        raise CorrectionRefused("The address is confirmed already.")
    if not reader.is_active:
        raise CorrectionRefused("The account is switched off.")
    for limit in (limits.MAIL_A_MINUTE, limits.MAILS_AN_HOUR):
        # Sending it counts.
        limits.refuse_if_reached(limit, f"confirm {reader.email}")
    if not _ask_to_confirm(request, reader):
        raise CorrectionRefused("The mail could not be sent. Try again in a minute.")
    with transaction.atomic():
        _record(Event.Kind.CONFIRMATION_SENT, reader, by, "")


def _replace(row: User, address: str) -> None:
    row.email = address
    row.save(update_fields=["email"])
    row.emailaddress_set.all().delete()
    row.emailaddress_set.create(email=address, primary=True, verified=False)


def _tell(request: HttpRequest, reader: User, *, before: str) -> str:
    """Write to both addresses; out: what came of it."""
    said = ["The address is corrected. They sign in with it once they have confirmed it."]
    if not _ask_to_confirm(request, reader):
        said.append("The confirmation could not be sent. Send it again in a minute.")
    try:
        letters.write("address_corrected", to=before, reader=reader).send()
    except OSError:
        logger.exception("The former address of a reader was not told.")
        said.append("The former address could not be told.")
    return " ".join(said)


_TAKEN = "Another account uses this address. If both are one person's, merge them."


def _checked(address: str) -> str:
    address = "".join(address.split()).lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise CorrectionRefused("Enter an address with an @ sign, as name@example.com.") from error
    if len(address) > 254:
        raise CorrectionRefused("An address has 254 letters at most.")
    return address


def _refuse_if_taken(address: str, reader: User) -> None:
    others = EmailAddress.objects.filter(email__iexact=address, verified=True)
    if (
        User.objects.filter(email=address).exclude(pk=reader.pk).exists()
        or others.exclude(user=reader).exists()
    ):
        raise CorrectionRefused(_TAKEN)


def _take_back_from_merged(address: str, reader: User) -> None:
    """The address of an account that was merged into this one is free for this one."""
    for closed in User.objects.filter(email=address, merged_into__kept=reader):
        closed.emailaddress_set.all().delete()
        closed.email = f"{closed.public_id.hex}@merged.invalid"
        closed.save(update_fields=["email"])


def _ask_to_confirm(request: HttpRequest, reader: User) -> bool:
    address, _ = reader.emailaddress_set.get_or_create(
        email=reader.email, defaults={"primary": True}
    )
    try:
        address.send_confirmation(request)
    except MailNotSent:
        logger.exception("A confirmation was not sent.")
        return False
    return True


def _record(kind: Event.Kind, reader: User, by: User, reason: str) -> None:
    trail.record(kind, reader, by=by, note=reason)
