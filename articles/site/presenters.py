"""A story as its page shows it: finished values, so that templates only print.

The decision is applied here: what was refused is not in the page object, so no template, tag or
script data can give it away.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.utils.html import strip_tags

from articles import body
from articles.embeds import hosts
from articles.models import PublishedArticle
from articles.models.article import Access, Kind
from articles.photos.crops import Crop
from articles.photos.rights import Use
from articles.site import cards, figures, leads, notes, panel, times
from articles.site.frame import Frame
from articles.site.notes import Note
from articles.site.paywall import Decision
from articles.site.reader import Meter
from articles.site.things import Person, Things, TopicLink

WORDS_A_MINUTE = 230
DESCRIPTION_LENGTH = 160


@dataclass(frozen=True, slots=True)
class BylineEntry:
    """One name above a story as printed; ``url`` leads to the author's page."""

    name: str
    role: str
    url: str


@dataclass(frozen=True, slots=True)
class Text:
    """The part of the text this reader gets, as safe HTML. Takeaways stand after ``opening``."""

    opening: str
    free: str
    gated: str


@dataclass(frozen=True, slots=True)
class Point:
    """One key takeaway. ``label`` ends with a sign of its own, or with the colon we add."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """All that the page of one story prints."""

    path: str
    headline: str
    short_headline: str
    standfirst: str
    description: str
    kind: str
    kind_label: str
    language: str
    dateline: str
    section: cards.SectionLink

    lead: figures.Figure | None
    # What networks may show of it; not always the same picture, nor one at all.
    social: figures.Figure | None
    # All that is shown large, the lead first.
    pictures: tuple[figures.Figure, ...]
    byline: tuple[BylineEntry, ...]
    authors: tuple[Person, ...]
    published_at: dt.datetime
    updated_at: dt.datetime | None
    published: times.Moment
    updated: times.Moment | None
    modified: times.Moment
    minutes: int
    is_archived: bool

    access: str
    is_full: bool
    text: Text
    has_embeds: bool
    # Whose frames a click on this page may open.
    frame_hosts: tuple[str, ...]
    takeaways: tuple[Point, ...]
    sources: tuple[dict[str, str], ...]
    notes: tuple[Note, ...]
    topics: tuple[TopicLink, ...]
    panel: panel.Panel | None
    meter: Meter | None
    latest: tuple[cards.Card, ...]
    related: tuple[cards.Card, ...]

    @property
    def is_free(self) -> bool:
        return self.access == Access.FREE

    @property
    def is_premium(self) -> bool:
        return self.access == Access.PREMIUM

    @property
    def top_notes(self) -> tuple[Note, ...]:
        return tuple(note for note in self.notes if note.is_at_the_top)

    @property
    def foot_notes(self) -> tuple[Note, ...]:
        return tuple(note for note in self.notes if not note.is_at_the_top)

    @classmethod
    def build(
        cls,
        story: PublishedArticle,
        decision: Decision,
        *,
        things: Things,
        frame: Frame,
        at: dt.datetime,
        latest: Iterable[cards.Card] = (),
        related: Iterable[cards.Card] = (),
        meter: Meter | None = None,
        is_signed_in: bool = False,
    ) -> Self:
        """The page of ``story`` under ``decision``: the whole text, or the teaser and a panel.

        Its pictures are those that may be shown at ``at`` (aware). ``meter``: the reader's, where
        it is what opened the story.
        """
        zone = frame.zone
        marked = body.correction_numbers(shown_html(story, decision))
        noted = notes.of_story(story.corrections, zone, is_full=decision.full, marked=marked)
        embeds = [reference.embed for reference in body.embeds(shown_html(story, decision))]
        lead = leads.figure_of(story, Use.WEB, at, crop=Crop.WIDE)
        placed = figures.shown_in(shown_html(story, decision), things.images, at=at)
        return cls(
            path=story.path,
            headline=story.headline,
            short_headline=story.short_headline or story.headline,
            standfirst=story.standfirst,
            description=description_of(story),
            kind=story.kind,
            kind_label="" if story.kind == Kind.NEWS else Kind(story.kind).label,
            language=story.language,
            dateline=story.dateline,
            section=cards.SectionLink.of(story.section),
            lead=lead,
            social=leads.figure_of(story, Use.SOCIAL, at, crop=Crop.WIDE),
            pictures=((lead, *placed) if lead else tuple(placed)),
            byline=tuple(_entry(line, things) for line in story.byline),
            authors=_authors(story.byline, things),
            published_at=story.published_at,
            updated_at=story.updated_at,
            published=times.in_full(story.published_at, zone),
            updated=times.since(story.updated_at, zone, first=story.published_at)
            if story.updated_at
            else None,
            modified=_modified(story, noted, zone),
            is_archived=story.archived_at is not None,
            minutes=max(1, round(story.word_count / WORDS_A_MINUTE)),
            access=story.access,
            is_full=decision.full,
            text=_text(story, decision, things, noted, at),
            has_embeds=bool(embeds),
            frame_hosts=hosts(embeds),
            takeaways=takeaways_of(story, decision),
            sources=tuple(story.sources) if decision.full else (),
            notes=noted,
            topics=tuple(things.topics.values()),
            panel=panel.panel_of(
                decision, story.path, story_id=story.article_id, is_signed_in=is_signed_in
            ),
            meter=meter,
            latest=tuple(latest),
            related=tuple(related),
        )


def shown_html(story: PublishedArticle, decision: Decision) -> str:
    """The body with references that this decision lets out: all of it, or the teaser."""
    return story.body_html if decision.full else story.teaser_html


def takeaways_of(story: PublishedArticle, decision: Decision) -> tuple[Point, ...]:
    """The key takeaways: part of the withheld text unless the editor opened them."""
    if not decision.full and not story.takeaways_open:
        return ()
    return tuple(Point(_labelled(row["label"]), row["text"]) for row in story.takeaways)


def _labelled(label: str) -> str:
    return f"{label}:" if label and label[-1].isalnum() else label


def description_of(story: PublishedArticle) -> str:
    """A sentence for search engines and cards: the standfirst, or how the teaser begins."""
    text = story.standfirst or " ".join(strip_tags(story.teaser_html.replace("</p>", " ")).split())
    if len(text) <= DESCRIPTION_LENGTH:
        return text
    return f"{text[: DESCRIPTION_LENGTH - 1].rsplit(' ', 1)[0]}…"


def _modified(story: PublishedArticle, noted: Iterable[Note], zone: ZoneInfo) -> times.Moment:
    """When the story last changed in a way that its page tells of."""
    told = [story.updated_at or story.published_at, *(note.at for note in noted)]
    return times.in_full(max(story.published_at, *told), zone)


def _text(
    story: PublishedArticle,
    decision: Decision,
    things: Things,
    noted: Iterable[Note],
    at: dt.datetime,
) -> Text:
    free, gated = shown_html(story, decision), ""
    if decision.full and story.access != Access.FREE and free.startswith(story.teaser_html):
        free, gated = story.teaser_html, free[len(story.teaser_html) :]
    opening, free = _first_paragraph(free)
    marks = {note.id: note for note in noted}
    fill = partial(figures.fill, images=things.images, topics=things.topics, notes=marks, at=at)
    return Text(*(fill(part) for part in (opening, free, gated)))


def _first_paragraph(html: str) -> tuple[str, str]:
    """What stands before the takeaways, up to the end of the first paragraph, and the rest."""
    if html.startswith("<p>"):
        end = html.index("</p>") + len("</p>")
        return html[:end], html[end:]
    parts = body.blocks(html)
    for place, part in enumerate(parts, start=1):
        if part.startswith("<p>"):
            return "".join(parts[:place]), "".join(parts[place:])
    return html, ""


def _entry(line: dict[str, Any], things: Things) -> BylineEntry:
    person = things.people.get(line["author"])
    return BylineEntry(line["name"], line["role"], person.url if person else "")


def _authors(byline: Sequence[dict[str, Any]], things: Things) -> tuple[Person, ...]:
    people = (things.people.get(line["author"]) for line in byline)
    return tuple(person for person in people if person)
