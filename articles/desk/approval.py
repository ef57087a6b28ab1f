"""Whether a story may go out as far as its approval is concerned (rules §1: four eyes)."""

from collections.abc import Iterator
from typing import Any

from articles.desk.rules import Finding
from articles.models import Article, Revision
from articles.models.article import Work

# The place on the story's page that these findings lead to.
_PLACE = "work"


def approval_findings(article: Article, *, editor: Any) -> tuple[Finding, ...]:
    """What keeps ``article`` from being published by ``editor``, apart from its words.

    One set for every door, beside ``rules.check``. ``editor`` is a user, or None for the system.
    Call it under the story's lock.
    """
    return tuple(_findings(article, editor))


def writers(article: Article) -> set[int]:
    """The accounts that wrote a word of it since its last publication.

    Words kept beside the story count, too: autosaves, and what met a newer save.
    """
    published = getattr(article, "published", None)
    kept = article.revisions.filter(number__gt=published.revision if published else 0)
    kept = kept.exclude(reason=Revision.Reason.PUBLISH).exclude(created_by=None)
    return set(kept.order_by().values_list("created_by_id", flat=True).distinct())


def needs_four_eyes(article: Article) -> bool:
    """Whether the story's section wants someone else's approval."""
    return article.section is not None and article.section.needs_four_eyes


def _findings(article: Article, editor: Any) -> Iterator[Finding]:
    if article.binned_at is not None:
        yield Finding("binned", "It is in the bin. Take it out first.", _PLACE)
    if article.work == Work.CHANGES_REQUESTED:
        text = "Changes were asked for. Once they are made, send it to the desk again."
        yield Finding("changes_asked", text, _PLACE)
    elif article.work != Work.APPROVED and article.approved_revision is not None:
        text = "Changed after it was approved: have it approved again."
        yield Finding("approval_voided", text, _PLACE)
    elif needs_four_eyes(article):
        yield from _four_eyes(article, editor)


def _four_eyes(article: Article, editor: Any) -> Iterator[Finding]:
    who = "someone who wrote no word of it"
    if article.work != Work.APPROVED:
        text = f"{article.section} wants four eyes: {who} approves it first."
        yield Finding("four_eyes", text, _PLACE)
    elif article.work_by_id is None or article.work_by_id in writers(article):
        # Whose account is gone cannot be told from a writer.
        own = editor is not None and article.work_by_id == editor.pk
        whose = "you who approved it wrote" if own else "who approved it wrote"
        text = f"{article.section} wants four eyes, and {whose} part of it: {who} approves it."
        yield Finding("four_eyes", text, _PLACE)
