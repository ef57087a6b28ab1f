"""Tries at an e-mailed code: five, whatever the number of server processes (rules §11).

allauth counts in the session, where tries made at once overwrite each other: nine of five got
through. Here each try is taken by a conditional update before the code is looked at.
"""

import datetime as dt
import hashlib

from django.db.models import F
from django.utils import timezone

from accounts.models import CodeTries
from accounts.models.codes import MOST_TRIES

_KEPT = dt.timedelta(days=1)


def key_of(*parts: object) -> str:
    """Name one sent code by whom it went to, when, and what it says."""
    return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()


def take_try(key: str) -> bool:
    """Use up one try; whether there was one left."""
    _, is_new = CodeTries.objects.get_or_create(key=key)
    if is_new:
        CodeTries.objects.filter(created_at__lt=timezone.now() - _KEPT).delete()
    left = CodeTries.objects.filter(key=key, tries__lt=MOST_TRIES)
    return left.update(tries=F("tries") + 1) == 1


def close(key: str) -> None:
    """No more tries: the code was used."""
    CodeTries.objects.filter(key=key).update(tries=MOST_TRIES)
