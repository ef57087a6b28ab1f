"""The keys in our mails: each opens one thing for one reader, without a sign-in.

A key is the reader's random id and a time, signed with a salt for its purpose. It cannot be made,
changed or used for another purpose without the site's secret, and it says nothing of the account.
"""

import datetime as dt
import uuid
from enum import StrEnum

from django.core.signing import BadSignature, TimestampSigner

from accounts.models import User

PREFERENCES_LAST = dt.timedelta(days=60)
"""A mail is passed on, archived, printed: its key to what a reader follows wears out."""


class Purpose(StrEnum):
    """What a key opens."""

    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"


class Forged(Exception):
    """The key was not made by this site for this purpose, or is too old."""


def make(user: User, purpose: Purpose) -> str:
    """The key for one reader and one purpose; safe in an address."""
    return _signer(purpose).sign(user.public_id.hex)


def read(token: str, purpose: Purpose) -> uuid.UUID:
    """The random id of the reader the key was made for. Raises ``Forged``.

    A key to unsubscribe never ends: the way out of an old mail must stay open.
    """
    max_age = PREFERENCES_LAST if purpose is Purpose.PREFERENCES else None
    try:
        return uuid.UUID(_signer(purpose).unsign(token, max_age=max_age))
    except (BadSignature, ValueError) as error:
        raise Forged from error


def _signer(purpose: Purpose) -> TimestampSigner:
    return TimestampSigner(sep=".", salt=f"accounts.alerts.{purpose}")
