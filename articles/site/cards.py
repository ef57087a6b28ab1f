"""Stories in lists: what a card shows, and the query that brings just that."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import QuerySet

from articles.models import PublishedArticle, Section
from articles.models.article import Access
from articles.photos import rights
from articles.photos.crops import Crop
from articles.photos.renditions import Picture, picture
from articles.prepared import Prepared
from articles.site import leads, times
from articles.site.due import is_due

# Never the texts: a card cannot leak what it does not read.
_FIELDS = (
    "path",
    "section__name",
    "section__slug",
    "headline",
    "short_headline",
    "standfirst",
    "byline",
    "access",
    "kind",
    "published_at",
    "next_at",
    "prominence",
    "prominent_since",
    *leads.NARROW,
)


@dataclass(frozen=True, slots=True)
class SectionLink:
    """A section as a story's kicker."""

    id: int
    name: str
    url: str

    @classmethod
    def of(cls, section: Section) -> "SectionLink":
        return cls(section.pk, section.name, section.get_absolute_url())


@dataclass(frozen=True, slots=True)
class Card:
    """One story in a list."""

    id: int
    url: str
    headline: str
    standfirst: str
    section: SectionLink
    byline: str
    author_ids: tuple[int, ...]
    published: times.Moment
    is_premium: bool
    picture: Picture | None


def for_cards(stories: QuerySet[PublishedArticle]) -> QuerySet[PublishedArticle]:
    """The load plan of a list of cards: one query, narrow rows."""
    return stories.select_related(*leads.WITH_PICTURES).only(*_FIELDS)


_of_numbers = Prepared(
    lambda at, numbers: for_cards(PublishedArticle.objects.live(at).filter(pk__in=numbers)),
    at=models.DateTimeField(),
    numbers=[models.BigIntegerField()],
)


def by_ids(ids: Iterable[int], *, at: dt.datetime) -> list[PublishedArticle]:
    """The live stories of these numbers, in the order of the numbers, in one query."""
    wanted = list(ids)
    if not wanted:
        return []
    rows = {row.pk: row for row in _of_numbers(at=at, numbers=wanted)}
    return [rows[number] for number in wanted if number in rows]


def card_of(story: PublishedArticle, zone: ZoneInfo, now: dt.datetime) -> Card:
    """The card of a story at ``now``; while an update is due, little more than its headline."""
    is_whole = not is_due(story, now)
    byline = story.byline if is_whole else []
    image = leads.image_of(story, rights.Use.WEB, now) if is_whole else None
    return Card(
        id=story.pk,
        url=story.path,
        headline=story.short_headline or story.headline,
        standfirst=story.standfirst if is_whole else "",
        section=SectionLink.of(story.section),
        byline=names_of(byline),
        author_ids=tuple(line["author"] for line in byline),
        published=times.on_card(story.published_at, zone, now=now),
        is_premium=story.access == Access.PREMIUM,
        picture=picture(image, crop=Crop.STANDARD) if image else None,
    )


def cards_of(stories: Iterable[PublishedArticle], zone: ZoneInfo, now: dt.datetime) -> list[Card]:
    return [card_of(story, zone, now) for story in stories]


def names_of(byline: Iterable[dict[str, Any]]) -> str:
    """The names above a story as one phrase: “Lisa Berg, Tom Hale and Ana Duarte”."""
    names = [line["name"] for line in byline]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
