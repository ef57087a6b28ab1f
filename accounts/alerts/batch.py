"""What a handful of mails needs to know, read together: stories, readers, rights and reasons."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.mail import EmailMessage
from django.db.models import Prefetch, Q, QuerySet

from accounts.alerts import story_mail, story_text
from accounts.alerts.fan_out import reachable
from accounts.alerts.story_text import StoryText, joined
from accounts.models import Delivery, Follow, Subscription
from accounts.readers import reader_of
from articles.models import Publication, PublishedArticle
from articles.site import due, leads
from articles.site.paywall import Decision, decide

_Told = tuple[int, int, bool, bool]

FRESH_FOR = dt.timedelta(seconds=2)
"""How long what was read about readers and pictures may be trusted."""


@dataclass
class Library:
    """What one run has already read and rendered; good for its few seconds."""

    publication: Publication = field(default_factory=story_text.publication)
    texts: dict[_Told, tuple[dt.datetime, StoryText]] = field(default_factory=dict)

    def text(self, story: PublishedArticle, *, is_whole: bool, at: dt.datetime) -> StoryText:
        """The story's words for all readers who may have as much of it."""
        key = (story.pk, story.version, is_whole, due.is_due(story, at))
        kept = self.texts.get(key)
        if kept is None or not _is_fresh(*kept, at):
            kept = self.texts[key] = at, story_text.tell(story, is_whole=is_whole, at=at)
        return kept[1]


def _is_fresh(told_at: dt.datetime, text: StoryText, at: dt.datetime) -> bool:
    """Whether a text still says what holds: of pictures not even that stays as it was."""
    is_young = at - told_at < FRESH_FOR or not text.pictures
    return is_young and (text.good_until is None or at < text.good_until)


@dataclass(frozen=True)
class Parcel:
    """A delivery with all that its mail needs."""

    delivery: Delivery
    story: PublishedArticle
    text: StoryText
    decision: Decision
    following: str
    publication: Publication

    def compose(self) -> EmailMessage:
        return story_mail.compose(
            self.delivery,
            story=self.text,
            reason=self.decision.reason,
            following=self.following,
            publication=self.publication,
        )


@dataclass(frozen=True)
class Unwanted:
    """A delivery that is not to be sent any more, and why."""

    delivery: Delivery
    why: str


def queued(at: dt.datetime) -> QuerySet[Delivery]:
    """The deliveries whose mail may be sent at ``at`` (aware)."""
    return Delivery.objects.filter(state=Delivery.State.QUEUED, not_before__lte=at)


def load(size: int, library: Library, at: dt.datetime) -> list[Parcel | Unwanted]:
    """The next ``size`` deliveries, read in a handful of queries whatever ``size`` is."""
    subscriptions = Prefetch("reader__subscriptions", Subscription.objects.order_by())
    rows = list(
        queued(at)
        .order_by("not_before", "pk")
        .select_related("announcement", "reader")
        .prefetch_related(subscriptions)[:size]
    )
    stories = _stories({row.announcement.article_id for row in rows}, at)
    readers = {row.reader_id for row in rows}
    wanting = set(reachable().filter(pk__in=readers).values_list("pk", flat=True))
    follows = _follows(readers, stories.values())
    return [
        _pack(
            row,
            story=stories.get(row.announcement.article_id),
            follows=follows.get(row.reader_id, []) if row.reader_id in wanting else [],
            library=library,
            at=at,
        )
        for row in rows
    ]


def _pack(
    delivery: Delivery,
    *,
    story: PublishedArticle | None,
    follows: Sequence[Follow],
    library: Library,
    at: dt.datetime,
) -> Parcel | Unwanted:
    if story is None:
        return Unwanted(delivery, "The story is no longer on the site.")
    following = _names_of(follows, story)
    if not following:
        return Unwanted(delivery, "The reader no longer wants mails about this.")
    decision = decide(due.subject(story, at), reader_of(delivery.reader, at), at)
    return Parcel(
        delivery=delivery,
        story=story,
        text=library.text(story, is_whole=decision.full, at=at),
        decision=decision,
        following=following,
        publication=library.publication,
    )


def _stories(articles: set[int], at: dt.datetime) -> dict[int, PublishedArticle]:
    """The live ones, by article."""
    live = PublishedArticle.objects.live(at).filter(article__in=articles)
    return {story.article_id: story for story in live.select_related(*leads.WITH_PICTURES)}


def _follows(readers: set[int], stories: Iterable[PublishedArticle]) -> dict[int, list[Follow]]:
    """What each reader follows of what the stories have to do with."""
    sections = {story.section_id for story in stories}
    authors = {author for story in stories for author in _authors(story)}
    rows = Follow.objects.filter(
        Q(author__in=authors) | Q(section__in=sections), user__in=readers
    ).select_related("author", "section")
    found: dict[int, list[Follow]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.user_id, []).append(row)
    return found


def _names_of(follows: Iterable[Follow], story: PublishedArticle) -> str:
    """What the reader follows of this story, in words; empty when it is nothing."""
    authors = _authors(story)
    return joined(
        str(follow.author or follow.section)
        for follow in follows
        if follow.author_id in authors or follow.section_id == story.section_id
    )


def _authors(story: PublishedArticle) -> set[int]:
    return {line["author"] for line in story.byline}
