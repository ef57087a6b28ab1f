"""Addresses of erased accounts, known only by a keyed hash: nothing starts mails to them again.

The hash can be compared with an address, not turned back into one, and without the key not even
that. Opening an account anew is the person's own wish and lifts it.
"""

import hashlib
import hmac

from django.conf import settings

from accounts.models import Suppressed


def add(email: str) -> None:
    """Leave this address alone from now on."""
    Suppressed.objects.get_or_create(address_hash=_hash(email))


def lift(email: str) -> None:
    """Its owner confirmed it for a new account."""
    Suppressed.objects.filter(address_hash=_hash(email)).delete()


def holds(email: str) -> bool:
    """Whether this address was that of an account that was erased."""
    return Suppressed.objects.filter(address_hash=_hash(email)).exists()


def _hash(email: str) -> str:
    words = email.strip().lower().encode()
    return hmac.new(settings.SUPPRESSION_KEY.encode(), words, hashlib.sha256).hexdigest()
