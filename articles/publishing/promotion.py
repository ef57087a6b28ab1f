"""Making a due update the words of the public row, by the worker or by the act that comes first."""

import datetime as dt
import logging

from django.db import transaction

from articles.models import Article, Event
from articles.publishing import rows
from articles.publishing.refusals import PublishRefused
from articles.publishing.rows import Held

logger = logging.getLogger(__name__)

LATE_AFTER = dt.timedelta(seconds=60)
"""From here on the desk is told that the worker lags."""


def hold_current(article: Article, *, now: dt.datetime) -> Held:
    """Lock a story, and see to what its time has brought (an update, a take-off)."""
    held = rows.hold(article, now=now)
    promote(held)
    take_off(held)
    return held


def promote(held: Held) -> None:
    """Make the due update the words of the public row; nothing to do if somebody has."""
    public = held.public
    if public is None or public.next_at is None or public.next_at > held.now:
        return
    due = held.article.versions.filter(withdrawn_at=None, live_from__lte=held.now)
    version = due.order_by("-live_from", "-number").first()
    assert version is not None  # noqa: S101 - a live story has one
    late_by = held.now - public.next_at
    public.next_at = None
    try:
        with transaction.atomic():
            rows.show(held, version)
    except PublishRefused:
        # Another story took the address it was to move to: the words go out at the old one.
        rows.show(held, version, moves=False)
    version.promoted_at = held.now
    version.save(update_fields=["promoted_at"])
    tell_late(held, Event.Kind.CHANGES_PUBLISHED, version=version.number, late_by=late_by)


def take_off(held: Held) -> None:
    """Take a story away whose time on the site is over; nothing to do if somebody has."""
    public = held.public
    if public is None or public.withdrawn_at is not None:
        return
    if public.off_at is None or public.off_at > held.now:
        return
    late_by = held.now - public.off_at
    rows.take_away(held, at=public.off_at)
    tell_late(held, Event.Kind.UNPUBLISHED, version=public.version, late_by=late_by)


def tell_late(held: Held, kind: Event.Kind, *, version: int, late_by: dt.timedelta) -> None:
    """Announce what happened by its time, and say how late the worker was."""
    seconds = round(late_by.total_seconds(), 1)
    if late_by > LATE_AFTER:
        logger.warning("Story %s: %s came %s s late", held.article.pk, kind, seconds)
    details = {"version": version, "late_seconds": seconds, "by": "schedule"}
    rows.tell(held, kind, editor=None, details=details)
