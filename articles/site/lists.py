"""Lists of stories by keyset: all, of a section, of an author, of a topic."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from articles.models import (
    AuthorListing,
    PublishedArticle,
    SectionListing,
    TopicListing,
)
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


def latest(at: dt.datetime, place: Place, frame: Frame) -> ListPage:
    """Every story but those from the archive. Two queries, at any number of stories."""
    stories = PublishedArticle.objects.on_fronts(at)
    return _page(keyset.read(stories, place, id_field="id"), at, frame)


def beside(at: dt.datetime, frame: Frame) -> list[cards.Card]:
    """The few newest stories that stand beside another list. One query."""
    newest = cards.for_cards(PublishedArticle.objects.on_fronts(at).newest_first())
    return cards.cards_of(newest[:BESIDE], frame.zone, at)


def of_section(section_id: int) -> Read:
    return _listed(lambda: SectionListing.objects.filter(section=section_id))


def of_author(author_id: int) -> Read:
    return _listed(lambda: AuthorListing.objects.filter(author=author_id))


def of_topic(topic_id: int) -> Read:
    return _listed(lambda: TopicListing.objects.filter(topic=topic_id))


def _listed(rows: Callable[[], QuerySet[Any]]) -> Read:
    """A list over narrow listing rows: one query for the keys, one for the cards."""

    def read(at: dt.datetime, place: Place, frame: Frame) -> ListPage:
        return _page(keyset.read(listings.live(rows(), at), place), at, frame)

    return read


def _page(page: keyset.KeyPage, at: dt.datetime, frame: Frame) -> ListPage:
    stories = cards.by_ids(page.ids, at=at)
    return ListPage(tuple(cards.cards_of(stories, frame.zone, at)), page.newer, page.older)
