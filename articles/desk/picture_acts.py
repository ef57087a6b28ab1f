"""What the desk and the worker do about the rights in pictures: the act, and telling of it."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from articles.desk import picture_notices
from articles.models import Event, Image
from articles.photos import blocking, withdrawing


def block(image: Image, *, by: Any, reason: str) -> Event:
    """Block ``image`` everywhere, and tell the editors of the stories that use it.

    Raises ``blocking.NotBlocked``.
    """
    with transaction.atomic():
        event = blocking.block(image, by=by, reason=reason)
        picture_notices.tell(event)
    return event


def unblock(image: Image, *, by: Any) -> Event:
    """Let ``image`` go again, and tell the same people. Raises ``blocking.NotBlocked``."""
    with transaction.atomic():
        event = blocking.unblock(image, by=by)
        picture_notices.tell(event)
    return event


def see_to_rights() -> int:
    """What follows from the time: files of ended and blocked pictures, warnings of ends.

    Out: how many pictures were seen to. Safe to run by many workers at once, and to be killed.
    """
    now = timezone.now()
    withdrawn = withdrawing.withdraw_due(now, tell=picture_notices.tell)
    return withdrawn + withdrawing.warn_of_ends(now, tell=picture_notices.tell)
