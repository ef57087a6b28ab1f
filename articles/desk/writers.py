"""Whose words stand in a form: a signed name that the form carries, good after the session."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core import signing

_SALT = "articles.desk.writers"
_GOOD_FOR = 7 * 24 * 3600
"""Seconds; a form may stand open over a weekend."""


def token(user: Any, *, story: object) -> str:
    """Sign that ``user`` was given the form of ``story``: its number, or the key of a new form."""
    return signing.dumps([str(user.public_id), str(story)], salt=_SALT)


def of(signed: str, *, story: object) -> Any | None:
    """The account that ``signed`` names for this story; None when it names none that may write."""
    try:
        person, signed_story = signing.loads(signed, salt=_SALT, max_age=_GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if signed_story != str(story):
        return None
    accounts = get_user_model()._default_manager
    return accounts.filter(public_id=person, is_active=True, is_staff=True).first()
