"""What stands on the front page: each story once outside the lists, whatever there is."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Any

from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery

from articles.models import PublishedArticle, Section, SectionListing
from articles.models.article import Kind, Prominence
from articles.prepared import Prepared
from articles.readership import rolling_up
from articles.site import cards, listings, things
from articles.site.cards import Card
from articles.site.frame import Frame
from articles.site.things import Person

# A lead falls back after this long; a second, or a lead that fell back, stays this long.
LEAD_TIME = dt.timedelta(hours=24)
SECOND_TIME = dt.timedelta(hours=72)
SECONDS = 3
LATEST = 8
OPINIONS = 3
OPINION_AGE = dt.timedelta(days=30)
A_BLOCK = 4
OPINION_SLUG = "opinion"


@dataclass(frozen=True, slots=True)
class Opinion:
    """An opinion piece with the face of its first author."""

    card: Card
    author: Person | None


@dataclass(frozen=True, slots=True)
class Headline:
    """A story in the shortest kind of list."""

    url: str
    text: str


class Layout(StrEnum):
    """How a block is laid out: rows side by side, a large story with others beside it, a grid."""

    ROWS = "rows"
    FEATURE = "feature"
    GRID = "grid"


@dataclass(frozen=True, slots=True)
class Block:
    """A section's newest stories that do not stand higher on the page."""

    section: cards.SectionLink
    layout: Layout
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class FrontPage:
    """``beside``: the block with which the most read stories share their row, if there is one."""

    lead: Card | None
    seconds: tuple[Card, ...]
    latest: tuple[Card, ...]
    opinions: tuple[Opinion, ...]
    opinion_url: str
    blocks: tuple[Block, ...]
    beside: Block | None
    most_read: tuple[Headline, ...]


def _prominent_rows(at: Any, since: Any) -> QuerySet[PublishedArticle]:
    stories = PublishedArticle.objects.on_fronts(at).filter(
        prominence__in=(Prominence.LEAD, Prominence.SECOND), prominent_since__gt=since
    )
    # By the words of the index, which SQLite needs to know it again.
    newest = stories.exclude(prominence=Prominence.NORMAL).order_by("-prominent_since", "-id")
    return cards.for_cards(newest)[: SECONDS + 5]


def _opinion_rows(at: Any, since: Any, taken: Any) -> QuerySet[PublishedArticle]:
    stories = PublishedArticle.objects.on_fronts(at).filter(
        kind=Kind.OPINION, published_at__gt=since
    )
    return cards.for_cards(stories.exclude(pk__in=taken).newest_first())[:OPINIONS]


def _section_rows(at: Any, used: Any) -> QuerySet[Any, tuple[Any, ...]]:
    listed = SectionListing.objects.filter(section=OuterRef("pk"))
    newest = (
        listings.on_fronts(listed, at)
        .exclude(published__pk__in=used)
        .order_by("-published_at", "-published_id")
        .values("published_id")
    )
    places = {f"story_{n}": Subquery(newest[n : n + 1]) for n in range(A_BLOCK)}
    rows = Section.objects.annotate(**places).order_by("position", "name")
    return rows.values_list("pk", *places)


def _most_read_rows(at: Any) -> QuerySet[Any, tuple[Any, ...]]:
    rows = rolling_up.on_fronts(at).values_list("path", "short_headline", "headline")
    return rows[: rolling_up.SHOWN]


_TIME, _NUMBER = models.DateTimeField(), models.BigIntegerField()
_newest = Prepared(
    lambda at: cards.for_cards(PublishedArticle.objects.on_fronts(at).newest_first())[
        : LATEST + SECONDS + 1
    ],
    at=_TIME,
)
_prominent = Prepared(_prominent_rows, at=_TIME, since=_TIME)
_opinion_pieces = Prepared(_opinion_rows, at=_TIME, since=_TIME, taken=[_NUMBER])
_of_sections = Prepared(_section_rows, at=_TIME, used=[_NUMBER])
_most_read = Prepared(_most_read_rows, at=_TIME)


def build(frame: Frame, at: dt.datetime) -> FrontPage:
    """The front page at ``at`` (aware), in seven queries at any number of stories and sections."""
    newest = _newest(at=at)
    prominent = _prominent(at=at, since=at - SECOND_TIME)
    lead = _lead(prominent, newest, at)
    seconds = _others([*prominent, *newest], [lead] if lead else [])[:SECONDS]
    top = [lead, *seconds] if lead else []
    opinions = _opinions(top, at)
    used = [story.pk for story in (*top, *opinions)]
    opinion_url = next((item.url for item in frame.sections if item.slug == OPINION_SLUG), "")
    latest = [story for story in newest if story is not lead][:LATEST]
    # The opinion block stands for the section of that name.
    blocks = [
        block
        for block in _blocks(used, frame, at)
        if not opinions or block.section.url != opinion_url
    ]
    most_read = tuple(Headline(path, short or long) for path, short, long in _most_read(at=at))
    beside = blocks.pop() if most_read and blocks else None
    return FrontPage(
        lead=cards.card_of(lead, frame.zone, at) if lead else None,
        seconds=tuple(cards.cards_of(seconds, frame.zone, at)),
        latest=tuple(cards.cards_of(latest, frame.zone, at)),
        opinions=_with_faces(cards.cards_of(opinions, frame.zone, at), at),
        opinion_url=opinion_url,
        blocks=tuple(blocks),
        beside=beside,
        most_read=most_read,
    )


def _lead(
    prominent: Iterable[PublishedArticle], newest: Iterable[PublishedArticle], at: dt.datetime
) -> PublishedArticle | None:
    """The newest lead of the last 24 hours, else the newest story."""
    for story in prominent:
        if story.prominence == Prominence.LEAD and story.prominent_since > at - LEAD_TIME:
            return story
    return next(iter(newest), None)


def _others(
    stories: Iterable[PublishedArticle], taken: Iterable[PublishedArticle]
) -> list[PublishedArticle]:
    """The stories that are not taken, each once, in their order."""
    seen = {story.pk for story in taken}
    kept: dict[int, PublishedArticle] = {}
    for story in stories:
        if story.pk not in seen:
            kept.setdefault(story.pk, story)
    return list(kept.values())


def _opinions(taken: Iterable[PublishedArticle], at: dt.datetime) -> list[PublishedArticle]:
    # Bounded by age: without opinion pieces the query would walk every story.
    return _opinion_pieces(at=at, since=at - OPINION_AGE, taken=[story.pk for story in taken])


def _with_faces(opinions: Iterable[Card], at: dt.datetime) -> tuple[Opinion, ...]:
    opinions = list(opinions)
    authors = [card.author_ids[0] for card in opinions if card.author_ids]
    faces = things.portraits(authors, at=at)
    return tuple(
        Opinion(card, faces.get(card.author_ids[0]) if card.author_ids else None)
        for card in opinions
    )


def _blocks(used: list[int], frame: Frame, at: dt.datetime) -> tuple[Block, ...]:
    """Each section's newest unused stories: their numbers by scalar subqueries, then the cards.

    Two queries at any size: a union of slices is refused on SQLite, a window reads every row.
    """
    ids = {row[0]: [n for n in row[1:] if n] for row in _of_sections(at=at, used=used)}
    stories = {story.pk: story for story in cards.by_ids(chain(*ids.values()), at=at)}
    shown = (
        [stories[number] for number in numbers if number in stories] for numbers in ids.values()
    )
    found = (cards.cards_of(block, frame.zone, at) for block in shown if block)
    return tuple(_block(place, block) for place, block in enumerate(found))


def _block(place: int, found: list[Card]) -> Block:
    """One or two stories stand as rows, more of them in turns as a grid and a feature."""
    if len(found) <= 2:
        layout = Layout.ROWS
    elif place % 2:
        layout = Layout.FEATURE
        # The large one of a feature should have a picture, if any has.
        found = sorted(found, key=lambda card: card is not _with_picture(found))
    else:
        layout = Layout.GRID
    return Block(found[0].section, layout, tuple(found))


def _with_picture(found: Iterable[Card]) -> Card | None:
    return next((card for card in found if card.picture), None)
