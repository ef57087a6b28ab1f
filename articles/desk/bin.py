"""The bin: drafts that were never published wait there for 30 days, then they are deleted.

What was ever public is never deleted (rules §1).
"""

import datetime as dt
import logging
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.deletion import ProtectedError
from django.utils import timezone
from django.utils.formats import date_format

from articles import events
from articles.desk import rights
from articles.models import Article, Event, PublishedArticle, PublishedVersion, Revision

logger = logging.getLogger(__name__)

KEPT_FOR = dt.timedelta(days=30)


class BinRefused(Exception):
    """The story does not go in, or out. The message is for the person who tried."""


@transaction.atomic
def put(article: Article, *, by: Any) -> None:
    """Put a draft that was never published into the bin."""
    story = _locked(article, by=by)
    if not may_hold(story):
        raise BinRefused(
            "It is in the bin already."
            if story.binned_at
            else "It was published, or will be: such a story stays. Take it off the site instead."
        )
    story.binned_at, story.binned_by = timezone.now(), by
    _save(story, Event.Kind.BINNED, by=by)


@transaction.atomic
def take_out(article: Article, *, by: Any) -> None:
    """Give a draft back to the desk, as it was."""
    story = _locked(article, by=by)
    if story.binned_at is None:
        raise BinRefused("It is not in the bin.")
    story.binned_at = story.binned_by = None
    _save(story, Event.Kind.UNBINNED, by=by)


def may_hold(article: Article) -> bool:
    """Whether the story may go into the bin: it is not there, and was never public."""
    has_public_row = getattr(article, "published", None) is not None
    return article.binned_at is None and not has_public_row and not _was_public(article.pk)


def until(article: Article) -> str:
    """A sentence on how long it stays in the bin; empty for a story that is not there."""
    if article.binned_at is None:
        return ""
    since, end = (
        date_format(timezone.localtime(at), "F j")
        for at in (article.binned_at, article.binned_at + KEPT_FOR)
    )
    return f"In the bin since {since}. It is deleted for good after {end}"


def empty() -> int:
    """Delete what has been in the bin for 30 days, and was not written on since. Out: how many."""
    before = timezone.now() - KEPT_FOR
    due = list(_due(before).order_by("binned_at").values_list("pk", flat=True))
    return sum(_delete(pk, before) for pk in due)


def _due(before: dt.datetime) -> Any:
    """Drafts to be deleted. Words kept in the bin give a draft another 30 days."""
    written = Revision.objects.filter(article=OuterRef("pk"), created_at__gt=before)
    return Article.objects.filter(~Exists(written), _NEVER_PUBLIC, binned_at__lte=before)


_NEVER_PUBLIC = ~Q(Exists(PublishedArticle.objects.filter(article=OuterRef("pk")))) & ~Q(
    Exists(PublishedVersion.objects.filter(article=OuterRef("pk")))
)


def _delete(pk: int, before: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            # Under the lock once more: it may have left the bin, or gone out, meanwhile.
            locked = Article.objects.select_for_update().filter(pk=pk).first()
            if locked is None or not _due(before).filter(pk=pk).exists():
                return False
            _record(locked, Event.Kind.DELETED, by=None)
            locked.delete()
    except ProtectedError:
        logger.exception("Story %s stays in the bin: something still needs it", pk)
        return False
    return True


def _was_public(pk: int) -> bool:
    return not Article.objects.filter(_NEVER_PUBLIC, pk=pk).exists()


def _locked(article: Article, *, by: Any) -> Article:
    story = Article.objects.select_for_update().get(pk=article.pk)
    if not rights.may_change(by, story):
        raise BinRefused("You may not change this story.")
    return story


def _save(story: Article, kind: Event.Kind, *, by: Any) -> None:
    story.save(update_fields=["binned_at", "binned_by"])
    _record(story, kind, by=by)


def _record(story: Article, kind: Event.Kind, *, by: Any) -> None:
    events.record(
        kind,
        actor=by,
        target_kind="article",
        target_id=story.pk,
        target_name=story.headline,
    )
