"""The only door from the desk to the site. Nothing else writes the public models.

Each act is one transaction: the rules, the rows that readers see, a revision, an audit event and
the announcement stand or fall together.
"""

import datetime as dt
from enum import StrEnum
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from articles import body, events, proof
from articles.desk import revisions, rules
from articles.models import (
    Announcement,
    Article,
    AuthorListing,
    Event,
    PublishedArticle,
    PublishedVersion,
    Redirect,
    Revision,
    SectionListing,
    TopicListing,
)
from articles.paths import path_of
from articles.signals import content_changed, content_changing
from articles.site.search import index


class PublishRefused(Exception):
    """The story breaks a publish rule. ``findings`` says everything that is missing."""

    def __init__(self, findings: rules.Findings) -> None:
        super().__init__(" ".join(finding.text for finding in findings.missing))
        self.findings = findings


class NotPublished(Exception):
    """There is nothing public to take off the site."""


class PublicState(StrEnum):
    """Where a story stands on the site (rules §1, the public axis)."""

    NONE = "none"
    SCHEDULED = "scheduled"
    LIVE = "live"
    LIVE_WITH_CHANGES = "live_with_changes"
    ARCHIVED = "archived"
    UNPUBLISHED = "unpublished"
    RETRACTED = "retracted"


def public_state(article: Article) -> PublicState:
    """The public state of a story; pass it with ``select_related("published")`` in lists."""
    published = getattr(article, "published", None)
    if published is None:
        return PublicState.NONE
    now = timezone.now()
    if published.retracted_at is not None:
        return PublicState.RETRACTED
    if published.withdrawn_at is not None or (published.off_at and published.off_at <= now):
        return PublicState.UNPUBLISHED
    if published.published_at > now:
        return PublicState.SCHEDULED
    if published.archived_at is not None:
        return PublicState.ARCHIVED
    if article.head > published.revision:
        return PublicState.LIVE_WITH_CHANGES
    return PublicState.LIVE


@transaction.atomic
def publish(
    article: Article,
    *,
    editor: Any,
    tell_readers: bool = False,
    at: dt.datetime | None = None,
) -> PublishedArticle:
    """Make the working copy public, for the first time or as changes to what is public.

    ``tell_readers``: the change matters, so the page says "Updated". ``at`` (aware, not in the
    future; default now) is for archives that bring their own dates. Raises ``PublishRefused``.
    """
    now = timezone.now()
    at = at or now
    if at > now:
        raise ValueError("A story is published now, not later.")
    article = Article.objects.select_for_update().get(pk=article.pk)
    earlier = PublishedArticle.objects.select_for_update().filter(article=article).first()
    findings = rules.check(article, at=at)
    if findings.missing:
        raise PublishRefused(findings)

    revision = revisions.keep(article, editor=editor, reason=Revision.Reason.PUBLISH)
    published = compose(article, earlier=earlier, at=at)
    if earlier is not None and tell_readers:
        published.updated_at = at
    published.revision = revision.number
    published.version = _keep_version(article, revision, at=at, editor=editor).number
    _keep_address(article, earlier=earlier, path=published.path, editor=editor)
    _save(published, findings)
    _list(published, topics=revision.content["topics"])
    index.write(published)
    if earlier is None:
        Announcement.objects.create(article=article, due_at=published.published_at)
    kind = Event.Kind.PUBLISHED if earlier is None else Event.Kind.CHANGES_PUBLISHED
    _tell(article, kind, editor=editor, details={"version": published.version})
    return published


@transaction.atomic
def unpublish(article: Article, *, editor: Any, reason: str = "") -> None:
    """Take a story off the site at once. Its address answers 404; it may come back.

    Raises ``NotPublished`` if it is not on the site.
    """
    article = Article.objects.select_for_update().get(pk=article.pk)
    now = timezone.now()
    published = (
        PublishedArticle.objects.select_for_update()
        .filter(article=article, withdrawn_at=None)
        .first()
    )
    if published is None:
        raise NotPublished("This story is not on the site.")
    published.withdrawn_at = now
    published.save(update_fields=["withdrawn_at"])
    open_ones = list(article.versions.filter(withdrawn_at=None).defer("content").order_by("number"))
    for version in open_ones:
        version.withdrawn_at = now
        version.save(update_fields=["withdrawn_at"])
    proof.seal_withdrawals(open_ones)
    _unlist(published)
    index.remove(published.pk)
    _tell(article, Event.Kind.UNPUBLISHED, editor=editor, note=reason)


def compose(
    article: Article, *, earlier: PublishedArticle | None, at: dt.datetime
) -> PublishedArticle:
    """The public row that publishing the working copy at ``at`` would write, not yet saved.

    Also what a preview shows. Ordered rows become lists by value; pictures, people and tickers
    stay references by id.
    """
    text = body.mark_tickers(body.sanitise(article.body), _tickers(article))
    free, withheld = body.cut(text)
    public = earlier or PublishedArticle(article=article, published_at=at)
    if earlier is None or earlier.prominence != article.prominence:
        public.prominent_since = at
    for name in _COPIED:
        setattr(public, name, getattr(article, name))
    public.path = path_of(article, at=public.published_at)
    public.body_html = free + withheld
    public.teaser_html = free
    public.word_count = body.count_words(text)
    public.byline = [
        {"author": line.author_id, "name": line.author.name, "role": line.role}
        for line in article.bylines.select_related("author")
    ]
    public.takeaways = list(article.takeaways.values("label", "text"))
    public.sources = list(article.sources.values("title", "publisher", "url"))
    public.changed_at = at
    public.withdrawn_at = None
    return public


_COPIED = (
    "section_id",
    "kind",
    "language",
    "dateline",
    "headline",
    "short_headline",
    "standfirst",
    "prominence",
    "lead_image_id",
    "lead_caption",
    "lead_alt",
    "takeaways_open",
    "access",
)


def _tickers(article: Article) -> dict[str, int]:
    return dict(article.topics.exclude(ticker="").values_list("ticker", "pk"))


def _keep_version(
    article: Article, revision: Revision, *, at: dt.datetime, editor: Any
) -> PublishedVersion:
    """Append the proof of what is public from now on; the desk's internal note is not in it."""
    words = {name: value for name, value in revision.content.items() if name != "internal_note"}
    newest = article.versions.aggregate(newest=Max("number"))["newest"] or 0
    version = PublishedVersion.objects.create(
        article=article,
        number=newest + 1,
        content=words,
        content_hash=proof.content_hash(words),
        live_from=at,
        revision=revision.number,
        created_by=editor,
    )
    proof.seal(version)
    return version


def _keep_address(
    article: Article, *, earlier: PublishedArticle | None, path: str, editor: Any
) -> None:
    """Leave a redirect at the old address of a story whose slug changed."""
    if earlier is None:
        return
    was = PublishedArticle.objects.values_list("path", flat=True).get(pk=earlier.pk)
    if was == path:
        return
    # The story may move back to an address it once had.
    Redirect.objects.filter(path=path, article=article).delete()
    Redirect.objects.create(path=was, article=article)
    _record(article, Event.Kind.MOVED, editor=editor, details={"from": was, "to": path})


def _save(published: PublishedArticle, findings: rules.Findings) -> None:
    """Write the public row; a story that took the same address meanwhile is a finding, too."""
    try:
        with transaction.atomic():
            published.save()
    except IntegrityError as error:
        if not PublishedArticle.objects.filter(path=published.path).exists():
            raise
        taken = rules.Finding(
            "slug_taken", f"Another story has just taken the address {published.path}.", "slug"
        )
        raise PublishRefused(rules.Findings((taken,), findings.doubts)) from error


def _list(published: PublishedArticle, *, topics: list[int]) -> None:
    _unlist(published)
    at = published.published_at
    SectionListing.objects.create(
        published=published, section_id=published.section_id, published_at=at
    )
    AuthorListing.objects.bulk_create(
        AuthorListing(published=published, author_id=line["author"], published_at=at)
        for line in published.byline
    )
    TopicListing.objects.bulk_create(
        TopicListing(published=published, topic_id=topic, published_at=at) for topic in topics
    )


def _unlist(published: PublishedArticle) -> None:
    for listing in (SectionListing, AuthorListing, TopicListing):
        listing.objects.filter(published=published).delete()


def _record(article: Article, kind: Event.Kind, **details: Any) -> None:
    events.record(
        kind,
        actor=details.pop("editor"),
        target_kind="article",
        target_id=article.pk,
        target_name=article.headline,
        **details,
    )


def _tell(article: Article, kind: Event.Kind, **details: Any) -> None:
    """Write the audit event and announce the change: inside the transaction, and after it."""
    _record(article, kind, **details)
    content_changing.send(sender=Article, article=article, event=kind)
    transaction.on_commit(
        partial(content_changed.send_robust, sender=Article, article_id=article.pk, event=kind)
    )
