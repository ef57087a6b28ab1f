"""Every save of the working copy is kept whole, so that no word is lost (rules §3)."""

from typing import Any

from django.db import transaction

from articles import numbers
from articles.desk import thinning, workflow
from articles.desk.snapshots import FIELDS, snapshot
from articles.models import Article, Revision

__all__ = [
    "FIELDS",
    "keep",
    "keep_beside",
    "keep_locked",
    "keep_refused",
    "next_number",
    "snapshot",
]


@transaction.atomic
def keep(
    article: Article,
    *,
    editor: Any,
    reason: Revision.Reason = Revision.Reason.SAVE,
    note: str = "",
    tab: str = "",
) -> Revision:
    """Keep the working copy as it now stands in the database, as the newest revision.

    Call it in the transaction that saved the story and its rows. The story's row is locked, so
    that two savers get two numbers; ``article.head`` is moved to the new one, and an approval of
    an earlier one ends. Autosaves of ``tab`` go when this one holds all their words.
    """
    locked = Article.objects.select_for_update().get(pk=article.pk)
    revision = keep_locked(
        locked, content=snapshot(locked), editor=editor, reason=reason, note=note, tab=tab
    )
    workflow.copy_state(locked, to=article)
    article.head, article.saved_at = locked.head, locked.saved_at
    return revision


def keep_locked(
    article: Article,
    *,
    content: dict[str, Any],
    editor: Any,
    reason: Revision.Reason,
    note: str = "",
    tab: str = "",
) -> Revision:
    """The same of a story that was read under its lock, and ``content``, its snapshot since then.

    What was changed of its place on the work axis is saved with it.
    """
    revision = Revision.objects.create(
        article=article,
        number=next_number(article),
        reason=reason,
        note=note,
        content=content,
        base=article.head or None,
        tab=tab,
        created_by=editor,
    )
    workflow.void_approval(article, by=editor, at=revision.created_at)
    article.head = revision.number
    article.saved_at = revision.created_at
    article.save(update_fields=["head", "saved_at", *workflow.FIELDS])
    thinning.thin(revision)
    return revision


def keep_refused(
    article: Article,
    *,
    content: dict[str, Any],
    editor: Any,
    base: int | None = None,
    tab: str = "",
) -> Revision:
    """Keep words that met a newer save, without touching the story.

    ``content`` has the shape of ``snapshot``; ``base`` is the revision that its writer began from,
    None if that is not known. The story's rows and its head stay as they are.
    """
    return keep_beside(
        article,
        content=content,
        editor=editor,
        reason=Revision.Reason.CONFLICT,
        base=base,
        tab=tab,
    )


@transaction.atomic
def keep_beside(
    article: Article,
    *,
    content: dict[str, Any],
    editor: Any,
    reason: Revision.Reason,
    base: int | None = None,
    tab: str = "",
) -> Revision:
    """Keep a content that is not the working copy's; the story and its head stay as they are.

    Autosaves of ``tab`` go when this one holds all their words.
    """
    locked = Article.objects.select_for_update().get(pk=article.pk)
    revision = Revision.objects.create(
        article=locked,
        number=next_number(locked),
        reason=reason,
        content=content,
        base=base,
        tab=tab,
        created_by=editor,
    )
    thinning.thin(revision)
    return revision


def next_number(article: Article) -> int:
    """The number of the story's next revision. Call it under the story's lock."""
    return (_newest.first(article=article.pk) or 0) + 1


_newest = numbers.newest_of(Revision)
