"""Many finished stories at once, each as if it had gone out at its time: for archives and trials.

Everything that the one door writes for a story is written here, too, row by row the same, but for
some hundreds of stories in a handful of statements.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from articles import bulk_rows, composing, events, proof
from articles.desk import rules
from articles.desk.rules import Finding, Findings
from articles.desk.snapshots import FIELDS
from articles.models import (
    Announcement,
    Article,
    Author,
    AuthorListing,
    Byline,
    Event,
    Publication,
    PublishedArticle,
    PublishedVersion,
    Redirect,
    Revision,
    SectionListing,
    Source,
    Takeaway,
    Topic,
    TopicListing,
)
from articles.paths import first_path
from articles.publishing.refusals import PublishRefused
from articles.signals import content_changed, content_changing
from articles.site.search import index

# The ordered rows of a story, by their name in its content, and what turns a value into a column.
_ROWS: dict[str, tuple[type[Model], Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "bylines": (Byline, lambda row: {"author_id": row["author"], "role": row["role"]}),
    "takeaways": (Takeaway, lambda row: {"label": row["label"], "text": row["text"]}),
    "sources": (Source, lambda row: {name: row[name] for name in ("title", "publisher", "url")}),
}


@dataclass(frozen=True, slots=True)
class Incoming:
    """A story that comes with its date: a content in the shape of a snapshot, and when it went out.

    ``at`` is aware and not in the future. Section, authors and topics are there already.
    """

    content: dict[str, Any]
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class _Names:
    """What the contents refer to by number, read once for all."""

    authors: dict[int, str]
    topics: dict[int, str]
    tickers: dict[int, str]
    zone: dt.tzinfo


@transaction.atomic
def bulk_load(stories: Sequence[Incoming], *, editor: Any) -> list[PublishedArticle]:
    """Make new stories public in one transaction: all of them, or none. Out: their public rows.

    Each gets what ``publish`` would give it: its rows, a revision, a version with its link in the
    chain of proof, its places in lists and search, an event. Nobody gets mail about it. Pass a few
    hundred at a time; several processes may load at once. Raises ``PublishRefused`` with all that
    is missing, of all stories.
    """
    now = timezone.now()
    if any(story.at > now for story in stories):
        raise ValueError("A story is loaded as of the past, not of the future.")
    names = _names(stories)
    paths = [
        first_path(at=story.at, slug=story.content["slug"], zone=names.zone) for story in stories
    ]
    _refuse_what_is_missing(stories, paths)
    articles = _keep_working_copies(stories, editor=editor)
    versions = _keep_versions(stories, articles, names, editor=editor, now=now)
    public = [
        _public_row(article, version, path, names, now=now)
        for article, version, path in zip(articles, versions, paths, strict=True)
    ]
    bulk_rows.number(PublishedArticle, public)
    bulk_rows.insert(PublishedArticle, public)
    topics = [story.content["topics"] for story in stories]
    _list(public, topics)
    index.write_all(
        (row, [names.topics[number] for number in chosen])
        for row, chosen in zip(public, topics, strict=True)
    )
    _tell(articles, public, editor=editor, now=now)
    # Last, for the chain is locked from here on until the end.
    bulk_rows.settle()
    proof.seal_all(versions)
    return public


def _names(stories: Iterable[Incoming]) -> _Names:
    authors = {row["author"] for story in stories for row in story.content["bylines"]}
    topics = Topic.objects.filter(pk__in={pk for each in stories for pk in each.content["topics"]})
    return _Names(
        authors=dict(Author.objects.filter(pk__in=authors).values_list("pk", "name")),
        topics=dict(topics.values_list("pk", "name")),
        tickers=dict(topics.exclude(ticker="").values_list("pk", "ticker")),
        zone=(Publication.objects.first() or Publication()).zone_info,
    )


def _refuse_what_is_missing(stories: Sequence[Incoming], paths: Sequence[str]) -> None:
    missing = [
        finding for story in stories for finding in rules.check_text(story.content, at=story.at)
    ]
    taken = {path for path, times in Counter(paths).items() if times > 1}
    for model in (PublishedArticle, Redirect):
        rows = model._default_manager.filter(path__in=paths)
        taken.update(rows.values_list("path", flat=True))
    missing += [
        Finding("slug_taken", f"Another story has the address {path}.", "slug")
        for path in sorted(taken)
    ]
    if missing:
        raise PublishRefused(Findings(tuple(missing), ()))


def _keep_working_copies(stories: Sequence[Incoming], *, editor: Any) -> list[Article]:
    articles = [
        Article(
            **{name: story.content[name] for name in FIELDS},
            section_id=story.content["section"],
            lead_image_id=story.content["lead_image"],
            head=1,
            work_since=story.at,
            created_at=story.at,
            saved_at=story.at,
            created_by=editor,
        )
        for story in stories
    ]
    bulk_rows.number(Article, articles)
    bulk_rows.insert(Article, articles)
    _keep_rows(stories, articles)
    revisions = (
        Revision(
            article=article,
            number=1,
            reason=Revision.Reason.PUBLISH,
            content=story.content,
            created_at=story.at,
            created_by=editor,
        )
        for article, story in zip(articles, stories, strict=True)
    )
    bulk_rows.insert(Revision, revisions)
    return articles


def _keep_rows(stories: Sequence[Incoming], articles: Sequence[Article]) -> None:
    for name, (model, columns) in _ROWS.items():
        rows = (
            model(article=article, uid=row["uid"], position=position, **columns(row))
            for article, story in zip(articles, stories, strict=True)
            for position, row in enumerate(story.content[name])
        )
        bulk_rows.insert(model, rows)
    through = Article.topics.through
    chosen = (
        through(article=article, topic_id=topic)
        for article, story in zip(articles, stories, strict=True)
        for topic in story.content["topics"]
    )
    bulk_rows.insert(through, chosen)


def _keep_versions(
    stories: Sequence[Incoming],
    articles: Sequence[Article],
    names: _Names,
    *,
    editor: Any,
    now: dt.datetime,
) -> list[PublishedVersion]:
    contents = [_as_printed(story.content, names) for story in stories]
    versions = [
        PublishedVersion(
            article=article,
            number=1,
            content=content,
            content_hash=proof.content_hash(content),
            live_from=story.at,
            revision=1,
            created_at=now,
            created_by=editor,
        )
        for story, article, content in zip(stories, articles, contents, strict=True)
    ]
    bulk_rows.insert(PublishedVersion, versions)
    return versions


def _as_printed(content: dict[str, Any], names: _Names) -> dict[str, Any]:
    """What a version keeps: with the names of its authors, without the note for the desk."""
    words = {name: value for name, value in content.items() if name != "internal_note"}
    named = [row | {"name": names.authors[row["author"]]} for row in content["bylines"]]
    return words | {"bylines": named, "corrections": []}


def _public_row(
    article: Article, version: PublishedVersion, path: str, names: _Names, *, now: dt.datetime
) -> PublishedArticle:
    at, content = version.live_from, version.content
    tickers = {names.tickers[pk]: pk for pk in content["topics"] if pk in names.tickers}
    new = PublishedArticle(article=article, published_at=at)
    story = composing.compose(content, public=new, at=at, tickers=tickers)
    story.article = article
    story.path, story.settled_at = path, now
    story.version, story.revision = version.number, version.revision
    return story


def _list(public: Sequence[PublishedArticle], topics: Sequence[list[int]]) -> None:
    sections = (
        SectionListing(published=row, section_id=row.section_id, published_at=row.published_at)
        for row in public
    )
    authors = (
        AuthorListing(published=row, author_id=line["author"], published_at=row.published_at)
        for row in public
        for line in row.byline
    )
    about = (
        TopicListing(published=row, topic_id=topic, published_at=row.published_at)
        for row, chosen in zip(public, topics, strict=True)
        for topic in chosen
    )
    bulk_rows.insert(SectionListing, sections)
    bulk_rows.insert(AuthorListing, authors)
    bulk_rows.insert(TopicListing, about)


def _tell(
    articles: Sequence[Article],
    public: Sequence[PublishedArticle],
    *,
    editor: Any,
    now: dt.datetime,
) -> None:
    """Write the events; the announcements are made as done, for the news is old."""
    announcements = (
        Announcement(article=row.article, due_at=row.published_at, claimed_at=now, done_at=now)
        for row in public
    )
    bulk_rows.insert(Announcement, announcements)
    kind = Event.Kind.PUBLISHED
    targets = [(article.pk, article.headline) for article in articles]
    events.record_all(
        kind, actor=editor, target_kind="article", targets=targets, details={"version": 1}, at=now
    )
    for article in articles:
        content_changing.send(sender=Article, article=article, event=kind)
        transaction.on_commit(
            partial(content_changed.send_robust, sender=Article, article_id=article.pk, event=kind)
        )
