"""Embargoes: until their time nothing public may know the story, from whatever door (rules §2)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from articles.desk.newsroom_time import in_full
from articles.models import Article, Event
from articles.publishing import rows, scheduling
from articles.publishing.promotion import hold_current
from articles.publishing.refusals import NotPublished, PublishRefused
from articles.publishing.rows import Held

_FIELDS = ("embargo_until", "embargo_source", "embargo_reason")


@transaction.atomic
def set_embargo(
    article: Article,
    *,
    editor: Any,
    until: dt.datetime,
    source: str,
    reason: str = "",
    move_schedule: bool = False,
) -> None:
    """Hold a story back until ``until`` (aware, in the future), as ``source`` asked for.

    A publication that is scheduled earlier is moved to that time with ``move_schedule``; without
    it the embargo is refused. Setting one earlier than a standing one is lifting it. Raises
    ``PublishRefused``.
    """
    held = hold_current(article, now=timezone.now())
    _refuse_an_empty_one(held, until=until, source=source)
    article_row = held.article
    if article_row.embargo_until and until < article_row.embargo_until > held.now:
        text = "The embargo that stands ends later. Lift it, with a reason, to set an earlier one."
        raise PublishRefused.because("embargo_later", text)
    if held.is_scheduled and _due(held) < until and not move_schedule:
        text = (
            f"It is scheduled for {in_full(_due(held))}, before the embargo ends. "
            "Move the publication with it, or choose an earlier end."
        )
        raise PublishRefused.because("scheduled_before", text)
    values = (until, source.strip(), reason.strip())
    for name, value in zip(_FIELDS, values, strict=True):
        setattr(article_row, name, value)
    article_row.save(update_fields=_FIELDS)
    if held.is_scheduled:
        _follow(held, editor=editor, until=until)
    details = {"until": until.isoformat(), "source": source}
    rows.tell(held, Event.Kind.EMBARGO_SET, editor=editor, note=reason, details=details)


@transaction.atomic
def lift_embargo(article: Article, *, editor: Any, reason: str) -> None:
    """End an embargo before its time. The right to do so is the caller's to ask for.

    Raises ``NotPublished`` without an embargo, ``PublishRefused`` without a reason.
    """
    held = hold_current(article, now=timezone.now())
    until = held.article.embargo_until
    if until is None:
        raise NotPublished("This story is under no embargo.")
    if not reason.strip():
        raise PublishRefused.because("reason", "Write why the embargo may end early.")
    held.article.embargo_until = None
    held.article.embargo_source = held.article.embargo_reason = ""
    held.article.save(update_fields=_FIELDS)
    if held.public is not None:
        held.public.embargo_until = None
        held.public.save(update_fields=["embargo_until"])
    details = {"until": until.isoformat()}
    rows.tell(held, Event.Kind.EMBARGO_LIFTED, editor=editor, note=reason.strip(), details=details)


def _refuse_an_empty_one(held: Held, *, until: dt.datetime, source: str) -> None:
    if held.is_live:
        text = "This story is on the site: an embargo cannot hold it back any more."
        raise PublishRefused.because("live", text)
    if until <= held.now:
        raise PublishRefused.because("past", f"{in_full(until)} has passed. Choose a later time.")
    if not source.strip():
        raise PublishRefused.because("source", "Name who asked for the embargo.")


def _due(held: Held) -> dt.datetime:
    assert held.public is not None  # noqa: S101 - it is scheduled
    return held.public.published_at


def _follow(held: Held, *, editor: Any, until: dt.datetime) -> None:
    """Move a scheduled publication behind the embargo, and let the public row know it."""
    if _due(held) < until:
        scheduling.move(held.article, editor=editor, at=until)
        return
    assert held.public is not None  # noqa: S101 - it is scheduled
    held.public.embargo_until = until
    held.public.save(update_fields=["embargo_until"])
