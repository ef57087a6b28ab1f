"""Erasing the content of a published version, for the law's sake. Its hash and its links stay."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from articles import events
from articles.models import Article, Event, PublishedArticle, PublishedVersion, Revision
from articles.proof import archive, chain

# What of the public row are a version's words. Address, headline and times stay: what was
# retracted still says so.
_WORDS: dict[str, Any] = {
    "standfirst": "",
    "body_html": "",
    "teaser_html": "",
    "word_count": 0,
    "lead_caption": "",
    "lead_alt": "",
    "takeaways": [],
    "sources": [],
}
NOTE = "Erased with version {number}"


class NotErased(Exception):
    """The version keeps its content; the words say why."""


@dataclass(frozen=True, slots=True)
class Left:
    """Where the same words may still be: revisions of the desk, and the working copy."""

    own_revision: int
    is_working_copy: bool
    others: list[int]


@transaction.atomic
def erase(version: PublishedVersion, *, by: Any, reason: str) -> None:
    """Replace the content of ``version`` and of its own revision by nothing, for good.

    The revision stays while it is the working copy's; erase once more when that has changed.
    Raises ``NotErased``.
    """
    reason = events.one_line(reason)
    if not reason:
        raise NotErased("Say why: the reason is kept in place of the content.")
    article = Article.objects.select_for_update().get(pk=version.article_id)
    locked = PublishedVersion.objects.select_for_update().defer("content")
    version = locked.get(pk=version.pk)
    is_again = version.erased_at is not None
    if is_again and not may_erase_revision(version):
        raise NotErased("Its content is erased already.")
    if why := why_not(version):
        raise NotErased(why)
    _erase_revision(version, article)
    if not is_again:
        _erase_content(version, by=by, reason=reason)
    events.record(
        Event.Kind.VERSION_ERASED,
        actor=by,
        target_kind="article",
        target_id=article.pk,
        target_name=article.headline,
        note=reason,
        details={"version": version.number, "only_its_revision": is_again},
    )


def why_not(version: PublishedVersion) -> str:
    """Why the content of ``version`` must stay for now; "" if it need not."""
    now = timezone.now()
    current = archive.live_at(version.article_id, now)
    if current is not None and current.pk == version.pk:
        return "Readers see this version now. Publish another text or take the story off first."
    queued = PublishedVersion.objects.filter(
        article=version.article_id, withdrawn_at=None, live_from__gt=now
    )
    if version.withdrawn_at is None and version.live_from > now:
        return "This version is scheduled to go out. Unschedule it first."
    if queued.filter(queued_on=version.number).exists():
        return "The scheduled update was written over this version. Wait until it is out."
    return ""


def left(version: PublishedVersion) -> Left:
    """Where else the words of ``version`` may be."""
    own = _own_revision(version)
    kept = Revision.objects.filter(article=version.article_id).exclude(content={})
    others = kept.exclude(number=own).order_by("number").values_list("number", flat=True)
    return Left(own, own == version.article.head, list(others))


def may_erase_revision(version: PublishedVersion) -> bool:
    """Whether its own revision, left standing as the working copy's, can be erased by now."""
    own = _own_revision(version)
    kept = Revision.objects.filter(article=version.article_id, number=own).exclude(content={})
    return own != version.article.head and kept.exists()


def _erase_content(version: PublishedVersion, *, by: Any, reason: str) -> None:
    version.content = {}
    version.erased_at, version.erased_by, version.erased_reason = timezone.now(), by, reason
    version.save(update_fields=["content", "erased_at", "erased_by", "erased_reason"])
    PublishedArticle.objects.filter(
        article=version.article_id, version=version.number, withdrawn_at__isnull=False
    ).update(**_WORDS)
    chain.seal_erasure(version)


def _erase_revision(version: PublishedVersion, article: Article) -> None:
    own = _own_revision(version)
    if own != article.head:
        note = NOTE.format(number=version.number)
        article.revisions.filter(number=own).update(content={}, note=note)


def _own_revision(version: PublishedVersion) -> int:
    """The number of the revision that was published; of old rows, the one with the same words."""
    if version.revision:
        return version.revision
    published = Revision.objects.filter(
        article=version.article_id, reason=Revision.Reason.PUBLISH
    ).order_by("number")
    words = _words(version.content)
    same = (r.number for r in published.iterator(chunk_size=20) if _words(r.content) == words)
    return next(same, 0) if words else 0


def _words(content: dict[str, Any]) -> dict[str, Any]:
    """What a version and its revision have in common: neither notes nor names as printed."""
    words = {n: v for n, v in content.items() if n not in ("internal_note", "corrections")}
    rows = words.get("bylines", ())
    return words and words | {
        "bylines": [{n: v for n, v in row.items() if n != "name"} for row in rows]
    }
