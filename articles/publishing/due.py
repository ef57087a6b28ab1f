"""What the worker does when a time has come. Readers see it by the time itself, worker or not.

Each step is claimed under the story's lock and done once: whoever comes second finds it done.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from articles.models import Article, Event, PublishedArticle
from articles.publishing import rows
from articles.publishing.promotion import LATE_AFTER, promote, take_off, tell_late
from articles.publishing.rows import Held

logger = logging.getLogger(__name__)

MOST_LATE = 20


@dataclass(frozen=True, slots=True)
class Late:
    """Something that should have been seen to by the worker, and was not."""

    article_id: int
    headline: str
    due_at: dt.datetime


def settle_due(at: dt.datetime | None = None) -> int:
    """Promote due updates, take off what is to leave, note what went out. Out: how many steps.

    Safe to run by many workers at once, and to be killed anywhere.
    """
    now = at or timezone.now()
    steps: tuple[tuple[Callable[[Held], None], list[int]], ...] = (
        (promote, _articles(next_at__lte=now, withdrawn_at=None)),
        (_note_that_it_went_out, _articles(published_at__lte=now, settled_at=None)),
        (take_off, _articles(off_at__lte=now, withdrawn_at=None)),
    )
    return sum(_try(step, article, now) for step, articles in steps for article in articles)


def late(at: dt.datetime) -> list[Late]:
    """What has been due for over a minute at ``at`` (aware) and waits for a worker still."""
    before = at - LATE_AFTER
    found = [
        Late(story.article_id, story.headline, due_at)
        for name, conditions in (
            ("next_at", {"next_at__lte": before, "withdrawn_at": None}),
            ("published_at", {"published_at__lte": before, "settled_at": None}),
            ("off_at", {"off_at__lte": before, "withdrawn_at": None}),
        )
        for story in PublishedArticle.objects.filter(**conditions).order_by(name)[:MOST_LATE]
        if (due_at := getattr(story, name)) is not None
    ]
    return sorted(found, key=lambda each: each.due_at)[:MOST_LATE]


def _articles(**due: object) -> list[int]:
    rows_due = PublishedArticle.objects.filter(**due).order_by("pk")
    return list(rows_due.values_list("article_id", flat=True))


def _try(step: Callable[[Held], None], article_id: int, now: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            step(rows.hold(Article(pk=article_id), now=now))
    except Exception:
        # One story that cannot be settled must not keep the others waiting.
        logger.exception("Story %s could not be settled", article_id)
        return False
    return True


def _note_that_it_went_out(held: Held) -> None:
    public = held.public
    if public is None or public.settled_at is not None or public.published_at > held.now:
        return
    late_by = held.now - public.published_at
    public.settled_at = held.now
    public.save(update_fields=["settled_at"])
    if public.withdrawn_at is None:
        tell_late(held, Event.Kind.WENT_OUT, version=public.version, late_by=late_by)
