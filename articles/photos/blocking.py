"""Blocking a picture everywhere, with a reason, and letting it go again."""

from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from articles import events
from articles.models import Event, Image
from articles.photos import log, making, withdrawing
from articles.photos.uses import stories_with

LONGEST_REASON = 300


class NotBlocked(Exception):
    """Nothing was changed: no reason was given, or the picture stands as wanted already."""


def block(image: Image, *, by: Any, reason: str) -> Event:
    """Take ``image`` off every surface from now on, for ``reason`` in a person's words.

    Out: the Event, whose details name the ``stories`` hit by number. Pages leave the picture out
    by themselves; its public files go after commit, and the worker sees to it that they are gone.
    Raises ``NotBlocked``.
    """
    reason = events.one_line(reason)[:LONGEST_REASON]
    if not reason:
        raise NotBlocked("Say why: the reason is kept, and told to the editors.")
    with transaction.atomic():
        free = Image.objects.filter(pk=image.pk, blocked_at=None)
        # The condition is the claim: of two who block at once, one gives the reason.
        if not free.update(
            blocked_at=timezone.now(), blocked_by=by, block_reason=reason, withdrawn_at=None
        ):
            raise NotBlocked("This picture is blocked already, or was deleted.")
        image.refresh_from_db()
        transaction.on_commit(partial(making.remove, image.rendition_name))
        return log.record(
            image,
            Event.Kind.PICTURE_BLOCKED,
            by=by,
            note=reason,
            details={"stories": stories_with(image)},
        )


def unblock(image: Image, *, by: Any) -> Event:
    """Let a blocked picture be shown again, as far as its licence goes. Raises ``NotBlocked``."""
    with transaction.atomic():
        blocked = Image.objects.filter(pk=image.pk, blocked_at__isnull=False)
        if not blocked.update(blocked_at=None, blocked_by=None, block_reason=""):
            raise NotBlocked("This picture is not blocked.")
        image.refresh_from_db()
        details = {"stories": stories_with(image)}
        event = log.record(image, Event.Kind.PICTURE_UNBLOCKED, by=by, details=details)
        withdrawing.bring_back(image)
        return event
