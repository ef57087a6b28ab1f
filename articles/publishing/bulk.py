"""Many finished stories at once, each as if it had gone out at its time: for archives and trials.

Everything that the one door writes for a story is written here, too, row by row the same, but for
some hundreds of stories in a handful of statements.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from articles import bulk_rows, composing, events, proof
from articles.bulk_rows import Encoded
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
from articles.site.search.engines import engine
from articles.site.search.words import fold

# The ordered rows of a story, by their name in its content: their columns, and what fills them.
_ROWS: dict[str, tuple[type[Model], str, tuple[str, ...]]] = {
    "bylines": (Byline, "author_id role", ("author", "role")),
    "takeaways": (Takeaway, "label text", ("label", "text")),
    "sources": (Source, "title publisher url", ("title", "publisher", "url")),
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
    blank: PublishedArticle
    """What is copied for each story: making a row costs more."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """A story with all that is worked out of it before anything is written."""

    content: dict[str, Any]
    printed: bytes
    """What its version keeps, as canonical JSON."""
    at: dt.datetime
    article: Article
    public: PublishedArticle
    words: str
    """For the search."""


@dataclass(frozen=True, slots=True)
class _Version:
    """The first version of a story, as the chain of proof knows it."""

    article_id: int
    content_hash: str
    live_from: dt.datetime
    created_at: dt.datetime
    number: int = 1


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
    ready = _prepare(stories, names, editor=editor, now=now)
    _keep_working_copies(ready, editor=editor)
    versions = _keep_versions(ready, editor=editor, now=now)
    public = _show(ready)
    _tell(ready, editor=editor, now=now)
    # Last, for the chain is locked from here on until the end.
    bulk_rows.settle()
    proof.seal_texts([(row, each.printed) for row, each in zip(versions, ready, strict=True)])
    return public


def _names(stories: Iterable[Incoming]) -> _Names:
    authors = {row["author"] for story in stories for row in story.content["bylines"]}
    topics = Topic.objects.filter(pk__in={pk for each in stories for pk in each.content["topics"]})
    return _Names(
        authors=dict(Author.objects.filter(pk__in=authors).values_list("pk", "name")),
        topics=dict(topics.values_list("pk", "name")),
        tickers=dict(topics.exclude(ticker="").values_list("pk", "ticker")),
        zone=(Publication.objects.first() or Publication()).zone_info,
        blank=PublishedArticle(),
    )


def _prepare(
    stories: Sequence[Incoming], names: _Names, *, editor: Any, now: dt.datetime
) -> list[_Ready]:
    missing: list[Finding] = []
    ready: list[_Ready] = []
    paths: list[str] = []
    for story in stories:
        paths.append(first_path(at=story.at, slug=story.content["slug"], zone=names.zone))
        # All of one story in turn: its text is read once.
        missing += rules.check_text(story.content, at=story.at)
        if not missing:
            ready.append(_work_out(story, paths[-1], names, editor=editor, now=now))
    missing += _taken(paths)
    if missing:
        raise PublishRefused(Findings(tuple(missing), ()))
    return ready


def _taken(paths: Sequence[str]) -> list[Finding]:
    taken = {path for path, times in Counter(paths).items() if times > 1}
    for model in (PublishedArticle, Redirect):
        rows = model._default_manager.filter(path__in=paths)
        taken.update(rows.values_list("path", flat=True))
    return [
        Finding("slug_taken", f"Another story has the address {path}.", "slug")
        for path in sorted(taken)
    ]


def _work_out(
    story: Incoming, path: str, names: _Names, *, editor: Any, now: dt.datetime
) -> _Ready:
    content = story.content
    printed = _as_printed(content, names)
    public = _public_row(printed, path, names, at=story.at, now=now)
    words = index.public_text(public, [names.topics[number] for number in content["topics"]])
    return _Ready(
        content,
        proof.canonical(printed),
        story.at,
        _working_copy(story, editor=editor),
        public,
        fold(words),
    )


def _as_printed(content: dict[str, Any], names: _Names) -> dict[str, Any]:
    """What a version keeps: with the names of its authors, without the note for the desk."""
    words = {name: value for name, value in content.items() if name != "internal_note"}
    named = [row | {"name": names.authors[row["author"]]} for row in content["bylines"]]
    return words | {"bylines": named, "corrections": []}


def _public_row(
    printed: dict[str, Any], path: str, names: _Names, *, at: dt.datetime, now: dt.datetime
) -> PublishedArticle:
    tickers = {names.tickers[pk]: pk for pk in printed["topics"] if pk in names.tickers}
    names.blank.published_at = at
    story = composing.compose(printed, public=names.blank, at=at, tickers=tickers)
    story.path, story.settled_at = path, now
    story.version = story.revision = 1
    return story


def _working_copy(story: Incoming, *, editor: Any) -> Article:
    return Article(
        **{name: story.content[name] for name in FIELDS},
        section_id=story.content["section"],
        lead_image_id=story.content["lead_image"],
        head=1,
        public_revision=1,
        work_since=story.at,
        created_at=story.at,
        saved_at=story.at,
        created_by_id=editor.pk,
    )


def _keep_working_copies(ready: Sequence[_Ready], *, editor: Any) -> None:
    bulk_rows.insert_instances(Article, [each.article for each in ready])
    for name, (model, columns, keys) in _ROWS.items():
        rows = (
            (each.article.pk, row["uid"], position, *(row[key] for key in keys))
            for each in ready
            for position, row in enumerate(each.content[name])
        )
        bulk_rows.insert(model, f"article_id uid position {columns}", rows)
    chosen = ((each.article.pk, topic) for each in ready for topic in each.content["topics"])
    bulk_rows.insert(Article.topics.through, "article_id topic_id", chosen)
    bulk_rows.insert(
        Revision,
        "article_id content created_at",
        ((each.article.pk, each.content, each.at) for each in ready),
        number=1,
        reason=Revision.Reason.PUBLISH,
        created_by_id=editor.pk,
    )


def _keep_versions(ready: Sequence[_Ready], *, editor: Any, now: dt.datetime) -> list[_Version]:
    versions = [
        _Version(each.article.pk, proof.hash_of(each.printed), each.at, now) for each in ready
    ]
    bulk_rows.insert(
        PublishedVersion,
        "article_id content_hash live_from content",
        (
            (row.article_id, row.content_hash, row.live_from, Encoded(each.printed.decode()))
            for row, each in zip(versions, ready, strict=True)
        ),
        number=1,
        revision=1,
        created_at=now,
        created_by_id=editor.pk,
    )
    return versions


def _show(ready: Sequence[_Ready]) -> list[PublishedArticle]:
    """Write the public rows, with their places in the lists and in the search."""
    public = [each.public for each in ready]
    for each in ready:
        each.public.article_id = each.article.pk
    bulk_rows.insert_instances(PublishedArticle, public)
    columns = "published_id published_at"
    sections = ((row.pk, row.published_at, row.section_id) for row in public)
    bulk_rows.insert(SectionListing, f"{columns} section_id", sections)
    authors = ((row.pk, row.published_at, line["author"]) for row in public for line in row.byline)
    bulk_rows.insert(AuthorListing, f"{columns} author_id", authors)
    topics = (
        (each.public.pk, each.at, topic) for each in ready for topic in each.content["topics"]
    )
    bulk_rows.insert(TopicListing, f"{columns} topic_id", topics)
    engine().write_all([(each.public.pk, each.at, each.words) for each in ready])
    return public


def _tell(ready: Sequence[_Ready], *, editor: Any, now: dt.datetime) -> None:
    """Write the events; the announcements are made as done, for the news is old."""
    bulk_rows.insert(
        Announcement,
        "article_id due_at",
        ((each.article.pk, each.at) for each in ready),
        claimed_at=now,
        done_at=now,
    )
    kind = Event.Kind.PUBLISHED
    targets = [(each.article.pk, each.article.headline) for each in ready]
    events.record_all(
        kind, actor=editor, target_kind="article", targets=targets, details={"version": 1}, at=now
    )
    for each in ready:
        content_changing.send(sender=Article, article=each.article, event=kind)
        transaction.on_commit(
            partial(
                content_changed.send_robust, sender=Article, article_id=each.article.pk, event=kind
            )
        )
