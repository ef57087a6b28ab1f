"""Leaving the site: unpublished, taken off at a time, retracted for good, or archived."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from articles import composing
from articles.desk.newsroom_time import in_full
from articles.models import Article, Correction, Event
from articles.publishing import rows
from articles.publishing.promotion import hold_current
from articles.publishing.refusals import NotPublished, PublishRefused
from articles.publishing.rows import Held


@transaction.atomic
def unpublish(article: Article, *, editor: Any, reason: str = "") -> None:
    """Take a story off the site at once. Its address answers 404; it may come back.

    An update that waits is taken out with it. Raises ``NotPublished`` if it is not on the site.
    """
    held = _hold_live(article)
    rows.take_away(held, at=held.now)
    rows.tell(held, Event.Kind.UNPUBLISHED, editor=editor, note=reason)


@transaction.atomic
def set_take_off(article: Article, *, editor: Any, at: dt.datetime | None) -> None:
    """Let a story leave the site by itself at ``at`` (aware, in the future); None: let it stay.

    Raises ``NotPublished`` and ``PublishRefused``.
    """
    held = hold_current(article, now=timezone.now())
    if not held.is_live and not held.is_scheduled:
        raise NotPublished("This story is neither on the site nor scheduled.")
    public = held.public
    assert public is not None  # noqa: S101 - it is live or scheduled
    latest = max(public.published_at, public.next_at or held.now, held.now)
    if at is not None and at <= latest:
        text = f"It must be on the site first: choose a time after {in_full(latest)}."
        raise PublishRefused.because("off_too_soon", text)
    public.off_at = at
    public.save(update_fields=["off_at"])
    details = {"at": at.isoformat() if at else None}
    rows.tell(held, Event.Kind.TAKE_OFF_SET, editor=editor, details=details)


@transaction.atomic
def retract(article: Article, *, editor: Any, text: str, signature: str = "") -> Correction:
    """Take a story back for good: its address answers 410 and says why, and nothing else shows it.

    ``text`` is the public reason. Raises ``NotPublished`` if it was never on the site, and
    ``PublishRefused`` without a reason or when it was retracted before.
    """
    held = hold_current(article, now=timezone.now())
    public = held.public
    if public is None or not held.was_seen:
        raise NotPublished("Only a story that was on the site can be retracted.")
    if public.retracted_at is not None:
        raise PublishRefused.because("retracted", "This story is retracted already.")
    if not text.strip():
        raise PublishRefused.because("reason", "Readers must learn why: write the reason.")
    note = Correction.objects.create(
        article=held.article,
        kind=Correction.Kind.RETRACTION,
        text=text.strip(),
        at=held.now,
        signed_by=editor,
        signature=signature,
    )
    public.retracted_at = held.now
    public.corrections = [composing.note(note), *public.corrections]
    rows.take_away(held, at=held.now)
    rows.tell(held, Event.Kind.RETRACTED, editor=editor, note=note.text)
    return note


@transaction.atomic
def archive(article: Article, *, editor: Any, reason: str = "") -> None:
    """Keep a story public with a notice, off the fronts. An update that waits is taken out."""
    held = _hold_live(article)
    assert held.public is not None  # noqa: S101 - it is live
    if held.public.archived_at is not None:
        raise PublishRefused.because("archived", "This story is in the archive already.")
    rows.withdraw_versions(held, at=held.now, only_waiting=True)
    held.public.archived_at, held.public.next_at = held.now, None
    held.public.save(update_fields=["archived_at", "next_at"])
    rows.tell(held, Event.Kind.ARCHIVED, editor=editor, note=reason)


@transaction.atomic
def unarchive(article: Article, *, editor: Any, reason: str = "") -> None:
    """Let a story be news again. Raises ``NotPublished`` if it is not in the archive."""
    held = _hold_live(article)
    assert held.public is not None  # noqa: S101 - it is live
    if held.public.archived_at is None:
        raise NotPublished("This story is not in the archive.")
    held.public.archived_at = None
    held.public.save(update_fields=["archived_at"])
    rows.tell(held, Event.Kind.UNARCHIVED, editor=editor, note=reason)


def _hold_live(article: Article) -> Held:
    held = hold_current(article, now=timezone.now())
    if not held.is_live:
        raise NotPublished("This story is not on the site.")
    return held
