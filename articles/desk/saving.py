"""Saving a working copy: under its lock, and kept as a revision."""

from typing import Any

from articles.desk import revisions
from articles.models import Article, Revision


def lock(pk: str | int) -> Article | None:
    """The story, locked until the end of the transaction; None if there is none."""
    try:
        return Article.objects.select_for_update().filter(pk=pk).first()
    except (TypeError, ValueError):
        return None


def keep_if_changed(
    article: Article,
    *,
    editor: Any,
    reason: Revision.Reason = Revision.Reason.SAVE,
    note: str = "",
    tab: str = "",
) -> Revision | None:
    """Keep the saved story as its newest revision, unless that one says the same already.

    ``tab`` is the browser's tab that the form stood in.
    """
    head = article.revisions.filter(number=article.head).first()
    if head is not None and head.content == revisions.snapshot(article):
        return None
    return revisions.keep(article, editor=editor, reason=reason, note=note, tab=tab)
