"""Writing the public rows of one story, inside the transaction of an act."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField

from articles import composing, events, numbers, proof
from articles.desk.rules import Finding, Findings
from articles.models import (
    Announcement,
    Article,
    Author,
    AuthorListing,
    Correction,
    Event,
    Image,
    PublishedArticle,
    PublishedVersion,
    Redirect,
    Section,
    SectionListing,
    Topic,
    TopicListing,
)
from articles.paths import first_path, moved, was_seen
from articles.prepared import Prepared
from articles.publishing.refusals import PublishRefused
from articles.signals import content_changed, content_changing
from articles.site.search import index


@dataclass(slots=True)
class Held:
    """A story locked until the end of the transaction, with its public row if there is one."""

    article: Article
    public: PublishedArticle | None
    now: dt.datetime
    was_seen: bool
    """Whether it was ever on the site: then its day, and its old addresses, stand."""

    def __post_init__(self) -> None:
        self.set_public(self.public)

    def set_public(self, public: PublishedArticle | None) -> None:
        """This is its public row from now on. The story knows it, too: to ask costs no query."""
        self.public = public
        Article._meta.get_field("published").set_cached_value(self.article, public)

    @property
    def is_live(self) -> bool:
        """Whether readers can see it at this moment."""
        public = self.public
        return bool(
            public
            and public.withdrawn_at is None
            and public.published_at <= self.now
            and not (public.off_at and public.off_at <= self.now)
        )

    @property
    def is_scheduled(self) -> bool:
        """Whether its first publication, or its return, waits for its time."""
        public = self.public
        return bool(public and public.withdrawn_at is None and public.published_at > self.now)


@dataclass(frozen=True, slots=True)
class Text:
    """A text on its way out: what, from which revision, by whom, from when, and why."""

    content: dict[str, Any]
    revision: int
    at: dt.datetime
    editor: Any
    approved_by: Any = None
    tells_readers: bool = False


def hold(article: Article, *, now: dt.datetime) -> Held:
    """Lock a story and its public row. Always in this order: two acts never wait for each other."""
    locked = _locked.first(article=article.pk)
    if locked is None:
        raise Article.DoesNotExist(f"There is no story {article.pk}.")
    return _held(locked, _locked_public.first(article=article.pk), now)


# With its section, whose rules are asked about each story that goes out.
_locked = Prepared(
    lambda article: (
        Article.objects.select_related("section").select_for_update(of=("self",)).filter(pk=article)
    ),
    article=BigIntegerField(),
)
_locked_public = Prepared(
    lambda article: PublishedArticle.objects.select_for_update().filter(article=article),
    article=BigIntegerField(),
)


def look(article: Article, *, now: dt.datetime) -> Held:
    """A story and its public row as they stand, without a lock."""
    current = Article.objects.get(pk=article.pk)
    public = PublishedArticle.objects.filter(article=current).first()
    return _held(current, public, now)


def _held(article: Article, public: PublishedArticle | None, now: dt.datetime) -> Held:
    # Once somebody could have seen it, the public row stays: without one nobody has.
    return Held(article, public, now, public is not None and was_seen(article, at=now))


def keep_version(
    held: Held,
    text: Text,
    *,
    queued_on: int | None = None,
    corrections: Iterable[Correction] | None = None,
) -> PublishedVersion:
    """Append the proof of what is public from ``text.at`` on.

    Byline names are kept as printed; the desk's internal note is not in it. ``corrections``: the
    story's, where the caller has just read them.
    """
    words = {name: value for name, value in text.content.items() if name != "internal_note"}
    words["bylines"] = [
        row | {"name": line["name"]}
        for row, line in zip(words["bylines"], composing.byline(words), strict=True)
    ]
    if corrections is None:
        corrections = held.article.corrections.all()
    words["corrections"] = composing.notes(corrections)
    newest = _newest.first(article=held.article.pk) or 0
    version = PublishedVersion.objects.create(
        article=held.article,
        number=newest + 1,
        content=words,
        content_hash=proof.content_hash(words),
        live_from=text.at,
        revision=text.revision,
        queued_on=queued_on,
        tells_readers=text.tells_readers,
        created_at=held.now,
        created_by=text.editor,
        approved_by=text.approved_by,
    )
    proof.seal(version)
    return version


_newest = numbers.newest_of(PublishedVersion)


def withdraw_versions(held: Held, *, at: dt.datetime, only_waiting: bool = False) -> int:
    """Close the open versions of a story; each once and for good. Out: how many were closed."""
    versions = held.article.versions.filter(withdrawn_at=None).defer("content")
    if only_waiting:
        versions = versions.filter(live_from__gt=held.now)
    closed = list(versions.order_by("number"))
    for version in closed:
        version.withdrawn_at = at
        version.save(update_fields=["withdrawn_at"])
    if closed:
        proof.seal_withdrawals(closed)
    return len(closed)


def show(
    held: Held,
    version: PublishedVersion,
    *,
    moves: bool = True,
    corrections: Iterable[Correction] | None = None,
) -> PublishedArticle:
    """Make a version the words that readers get, from its ``live_from`` on, in every list.

    ``moves``: its slug may move the story to another address. ``corrections``: the story's, where
    the caller has just read them.
    """
    earlier, at = held.public, version.live_from
    public = earlier or PublishedArticle(article=held.article, published_at=at)
    if corrections is None:
        corrections = held.article.corrections.all()
    content = _living(version.content, held.article, section=public.section_id)
    _set_times(held, public, version)
    story = composing.compose(content, public=public, at=at, corrections=corrections)
    if earlier is None or not held.was_seen:
        story.path = first_path(at=story.published_at, slug=version.content["slug"])
    elif moves:
        story.path = moved(earlier.path, slug=version.content["slug"])
        _leave_redirect(held, was=earlier.path, path=story.path, editor=version.created_by)
    story.version, story.revision = version.number, version.revision
    _save(story)
    _mark(held.article, public_revision=story.revision)
    if earlier is not None:
        unlist(story)
    _list(story, topics=content["topics"])
    index.write(story)
    held.set_public(story)
    return story


def _living(content: dict[str, Any], article: Article, *, section: int | None) -> dict[str, Any]:
    """The content without what is gone since it was queued: an update is not lost for a topic.

    ``section``: what stands in for one that is gone.
    """

    def there(model: Any, wanted: list[int]) -> set[int]:
        return set(_there[model](wanted=wanted)) if wanted else set()

    topics = there(Topic, content["topics"])
    authors = there(Author, [row["author"] for row in content["bylines"]])
    # The locked story's own is there: its key says so.
    is_its_own = article.section_id == content["section"]
    sections = {article.section_id} if is_its_own else there(Section, [content["section"]])
    image = there(Image, [content["lead_image"]] if content["lead_image"] else [])
    return content | {
        "topics": [topic for topic in content["topics"] if topic in topics],
        "bylines": [row for row in content["bylines"] if row["author"] in authors],
        "lead_image": content["lead_image"] if image else None,
        "section": next(iter(sections), section),
    }


_there: dict[Any, Prepared[int]] = {
    model: Prepared(
        lambda wanted, model=model: (
            model.objects.filter(pk__in=wanted).order_by().values_list("pk", flat=True)
        ),
        wanted=[BigIntegerField()],
    )
    for model in (Topic, Author, Section, Image)
}


def _set_times(held: Held, public: PublishedArticle, version: PublishedVersion) -> None:
    at = version.live_from
    if not held.was_seen or at > held.now:
        # Its first time, or its return at a later one: nobody sees it before.
        public.published_at, public.updated_at = at, None
    elif version.tells_readers and public.published_at < at:
        public.updated_at = at
    public.settled_at = held.now if public.published_at <= held.now else None
    public.withdrawn_at = None
    if public.off_at and public.off_at <= max(public.published_at, held.now):
        public.off_at = None
    until = held.article.embargo_until
    public.embargo_until = until if until and until <= public.published_at else None


def _leave_redirect(held: Held, *, was: str, path: str, editor: Any) -> None:
    """Leave a redirect at the old address of a story whose slug changed."""
    if was == path:
        return
    # The story may move back to an address it once had.
    Redirect.objects.filter(path=path, article=held.article).delete()
    Redirect.objects.create(path=was, article=held.article)
    details = {"from": was, "to": path}
    record(held.article, Event.Kind.MOVED, editor=editor, details=details)


def _save(story: PublishedArticle) -> None:
    """Write the public row; a story that took the same address meanwhile is a finding, too."""
    try:
        with transaction.atomic():
            story.save()
    except IntegrityError as error:
        others = PublishedArticle.objects.filter(path=story.path).exclude(pk=story.pk)
        if not others.exists():
            raise
        text = f"Another story has just taken the address {story.path}."
        raise PublishRefused(Findings((Finding("slug_taken", text, "slug"),), ())) from error


def _mark(article: Article, *, public_revision: int) -> None:
    """Let the desk's lists know which revision is public."""
    if article.public_revision != public_revision:
        article.public_revision = public_revision
        article.save(update_fields=["public_revision"])


def _list(story: PublishedArticle, *, topics: list[int]) -> None:
    at = story.published_at
    SectionListing.objects.create(published=story, section_id=story.section_id, published_at=at)
    AuthorListing.objects.bulk_create(
        AuthorListing(published=story, author_id=line["author"], published_at=at)
        for line in story.byline
    )
    TopicListing.objects.bulk_create(
        TopicListing(published=story, topic_id=topic, published_at=at) for topic in topics
    )


def unlist(story: PublishedArticle) -> None:
    """Take a story out of every list."""
    for listing in (SectionListing, AuthorListing, TopicListing):
        listing.objects.filter(published=story).delete()


def take_away(held: Held, *, at: dt.datetime) -> None:
    """Close every open version as of ``at``, and take the story out of all lists and the search."""
    public = held.public
    assert public is not None  # noqa: S101 - callers hold one
    public.withdrawn_at = public.withdrawn_at or at
    public.next_at, public.settled_at = None, public.settled_at or held.now
    public.save()
    withdraw_versions(held, at=at)
    unlist(public)
    index.remove(public.pk)


def announce(held: Held) -> None:
    """Let the followers hear of the story when it is out: one row, moved while nobody heard."""
    assert held.public is not None  # noqa: S101 - only a story with a public row is announced
    due_at = held.public.published_at
    row = Announcement(article=held.article, due_at=due_at)
    Announcement.objects.bulk_create([row], ignore_conflicts=True)
    Announcement.objects.filter(article=held.article, claimed_at=None).update(due_at=due_at)


def record(article: Article, kind: Event.Kind, **details: Any) -> None:
    """Write the audit event of an act on a story."""
    events.record(
        kind,
        actor=details.pop("editor"),
        target_kind="article",
        target_id=article.pk,
        target_name=article.headline,
        **details,
    )


def tell(held: Held, kind: Event.Kind, **details: Any) -> None:
    """Write the audit event and announce the change: inside the transaction, and after it."""
    article = held.article
    record(article, kind, **details)
    content_changing.send(sender=Article, article=article, event=kind)
    transaction.on_commit(
        partial(content_changed.send_robust, sender=Article, article_id=article.pk, event=kind)
    )
