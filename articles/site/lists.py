"""Lists of stories by keyset: all, of a section, of an author, of a topic."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import QuerySet

from articles.models import (
    AuthorListing,
    PublishedArticle,
    SectionListing,
    TopicListing,
)
from articles.prepared import Prepared
from articles.site import cards, keyset, listings
from articles.site.frame import Frame
from articles.site.keyset import Place

# How many of the newest stories stand beside a list.
BESIDE = 8


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list. ``newer`` and ``older`` are query strings to put after the address."""

    cards: tuple[cards.Card, ...]
    newer: str | None
    older: str | None


Read = Callable[[dt.datetime, Place, Frame], ListPage]
Rows = Callable[[Any], QuerySet[Any]]


def latest(at: dt.datetime, place: Place, frame: Frame) -> ListPage:
    """Every story but those from the archive. One query for the first page, two for an older one,
    at any number of stories."""
    if place.is_first:
        newest = _first_of_all(at=at)
        page = keyset.first_page([(story.published_at, story.pk) for story in newest])
        shown = cards.cards_of(newest[: keyset.PAGE_SIZE], frame.zone, at)
        return ListPage(tuple(shown), page.newer, page.older)
    stories = PublishedArticle.objects.on_fronts(at)
    return _page(keyset.read(stories, place, id_field="id"), at, frame)


def beside(at: dt.datetime, frame: Frame) -> list[cards.Card]:
    """The few newest stories that stand beside another list. One query."""
    return cards.cards_of(_newest(at=at), frame.zone, at)


def of_section(section_id: int) -> Read:
    return _listed(_of_section, section_id)


def of_author(author_id: int) -> Read:
    return _listed(_of_author, author_id)


def of_topic(topic_id: int) -> Read:
    return _listed(_of_topic, topic_id)


def _of_section(section: Any) -> QuerySet[Any]:
    return SectionListing.objects.filter(section=section)


def _of_author(author: Any) -> QuerySet[Any]:
    return AuthorListing.objects.filter(author=author)


def _of_topic(topic: Any) -> QuerySet[Any]:
    return TopicListing.objects.filter(topic=topic)


def _cards_of_newest(at: Any) -> QuerySet[PublishedArticle]:
    return cards.for_cards(PublishedArticle.objects.on_fronts(at).newest_first())


_TIME, _NUMBER = models.DateTimeField(), models.BigIntegerField()
_newest = Prepared(lambda at: _cards_of_newest(at)[:BESIDE], at=_TIME)
_first_of_all = Prepared(lambda at: _cards_of_newest(at)[: keyset.PAGE_SIZE + 1], at=_TIME)
_first_keys: dict[Rows, Prepared[Any]] = {
    rows: Prepared(
        lambda at, thing, rows=rows: keyset.first_rows(listings.live(rows(thing), at)),
        at=_TIME,
        thing=_NUMBER,
    )
    for rows in (_of_section, _of_author, _of_topic)
}


def _listed(rows: Rows, thing: int) -> Read:
    """A list over narrow listing rows: one query for the keys, one for the cards."""

    def read(at: dt.datetime, place: Place, frame: Frame) -> ListPage:
        if place.is_first:
            return _page(keyset.first_page(_first_keys[rows](at=at, thing=thing)), at, frame)
        return _page(keyset.read(listings.live(rows(thing), at), place), at, frame)

    return read


def _page(page: keyset.KeyPage, at: dt.datetime, frame: Frame) -> ListPage:
    stories = cards.by_ids(page.ids, at=at)
    return ListPage(tuple(cards.cards_of(stories, frame.zone, at)), page.newer, page.older)
