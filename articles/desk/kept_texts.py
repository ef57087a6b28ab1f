"""Texts that met a newer save: kept beside the story, and waiting until their writer chose."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from articles.desk import conflicts, revisions
from articles.models import Article, Revision


def keep(
    article: Article, content: dict[str, Any], *, editor: Any, base: int | None, tab: str = ""
) -> Revision:
    """Keep a text as a revision beside the story, once however often it is posted.

    Call it under the story's lock. A later text of the same browser tab takes the place of one
    that waits.
    """
    waits = waiting(article, editor)
    for kept in waits:
        if conflicts.says_the_same(kept.content, content) and kept.base == base:
            return kept
    if tab:
        waits.filter(tab=tab).update(settled_at=timezone.now())
    return revisions.keep_refused(article, content=content, editor=editor, base=base, tab=tab)


def waiting(article: Article, user: Any) -> QuerySet[Revision]:
    """The texts of this person that wait for a choice, newest first."""
    return article.revisions.filter(
        reason=Revision.Reason.CONFLICT, settled_at=None, created_by=user
    )


def settle(kept: Revision) -> None:
    """Let a text wait no longer. It stays among the revisions."""
    kept.settled_at = kept.settled_at or timezone.now()
    kept.save(update_fields=["settled_at"])


def settle_number(article: Article, number: str, *, user: Any) -> None:
    """The same by its number, as a form says it; what is not this person's stays."""
    if number.isascii() and number.isdigit() and len(number) < 10:
        waiting(article, user).filter(number=int(number)).update(settled_at=timezone.now())
