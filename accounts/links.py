"""Links in our mails that do one thing without a sign-in: each names a row and a purpose.

A link cannot be made, changed or used for another purpose without the site's secret. Whether it
still opens anything is for the row to say: it knows what happened and when.
"""

import datetime as dt
from enum import StrEnum

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse


class Purpose(StrEnum):
    """What a link does."""

    CONFIRM_ADDRESS = "confirm-address"
    STOP_ADDRESS = "stop-address"
    BRING_BACK = "bring-back"
    MEND_PAYMENT = "mend-payment"


class Forged(Exception):
    """This site made no such link for this purpose, or too long ago."""


def address(purpose: Purpose, pk: int, *, page: str) -> str:
    """The full address for a mail; ``page`` is the name of the page that takes the key."""
    return settings.SITE_URL + reverse(page, args=[_signer(purpose).sign(str(pk))])


def read(token: str, purpose: Purpose, *, lasts: dt.timedelta | None = None) -> int:
    """The row that the key of an address names. Raises ``Forged``, also for one that is too old."""
    try:
        return int(_signer(purpose).unsign(token, max_age=lasts))
    except (BadSignature, ValueError) as error:
        raise Forged from error


def _signer(purpose: Purpose) -> TimestampSigner:
    return TimestampSigner(sep=".", salt=f"accounts.links.{purpose}")
