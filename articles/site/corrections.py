"""The list of all corrections, newest first, as anybody may read it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from articles.models import Correction, PublishedArticle
from articles.models.article import Access
from articles.site import due, keyset, retracted, times
from articles.site.frame import Frame
from articles.site.keyset import Place
from articles.site.paywall import decide
from articles.site.reader import ANONYMOUS

_WITHHELD: dict[str, str] = {
    Access.REGISTERED: "It concerns a part of the story that only readers with an account see.",
    Access.METERED: "It concerns a part of the story that is seen once the story is opened.",
    Access.PREMIUM: "It concerns a part of the story that only subscribers see.",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One note with the story it is about. ``text`` holds no withheld word."""

    id: int
    label: str
    headline: str
    language: str
    url: str
    text: str
    at: dt.datetime
    moment: times.Moment
    is_retraction: bool

    @property
    def anchor(self) -> str:
        """The id of the note's element, the same as on the page of the story."""
        return f"correction-{self.id}"


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One page of the list. ``newer`` and ``older`` are query strings to put after the address."""

    entries: tuple[Entry, ...]
    newer: str | None
    older: str | None


def page_at(at: dt.datetime, place: Place, frame: Frame) -> EntryPage:
    """The corrections of public stories at ``at`` (aware). Three queries, at any number."""
    keys = keyset.read(_public(at), place, time_field="at", id_field="id")
    rows = Correction.objects.filter(pk__in=keys.ids).order_by("-at", "-id")
    return EntryPage(_entries(rows, frame, at), keys.newer, keys.older)


def newest(at: dt.datetime, frame: Frame, *, size: int) -> tuple[Entry, ...]:
    """The newest corrections of public stories. Two queries."""
    return _entries(_public(at).order_by("-at", "-id")[:size], frame, at)


def are_there(at: dt.datetime) -> bool:
    """Whether the list shows anything. One query."""
    return _public(at).exists()


def _public(at: dt.datetime) -> QuerySet[Correction]:
    """The notes on stories that are on the site, or were retracted from it."""
    of_story = _stories(at).filter(article=OuterRef("article")).order_by()
    return Correction.objects.filter(Exists(of_story), at__lte=at)


def _stories(at: dt.datetime) -> QuerySet[PublishedArticle]:
    return PublishedArticle.objects.live(at) | retracted.stories()


def _entries(rows: Iterable[Correction], frame: Frame, at: dt.datetime) -> tuple[Entry, ...]:
    rows = list(rows)
    about = _stories(at).filter(article__in={row.article_id for row in rows})
    fields = ("article", "path", "headline", "language", "access", "corrections")
    times_of = ("next_at", "retracted_at")
    stories = {story.article_id: story for story in about.only(*fields, *times_of)}
    return tuple(_entry(row, stories, frame, at) for row in rows if row.article_id in stories)


def _entry(
    row: Correction, stories: Mapping[int, PublishedArticle], frame: Frame, at: dt.datetime
) -> Entry:
    story = stories[row.article_id]
    return Entry(
        id=row.pk,
        label=row.get_kind_display(),
        headline=story.headline,
        language=story.language,
        url=story.path,
        text=_text(row, story, at),
        at=row.at,
        moment=times.in_full(row.at, frame.zone),
        is_retraction=row.kind == Correction.Kind.RETRACTION,
    )


def _text(row: Correction, story: PublishedArticle, at: dt.datetime) -> str:
    """The words of the note, or that it is about a part of the story not everybody sees."""
    subject = due.subject(story, at)
    if decide(subject, ANONYMOUS, at).full or not _is_withheld(row, story):
        return row.text
    return _WITHHELD.get(subject.access, _WITHHELD[Access.PREMIUM])


def _is_withheld(row: Correction, story: PublishedArticle) -> bool:
    """Whether a note on a story that is not open quotes withheld words: unless we know, it does."""
    if row.quotes_withheld:
        return True
    if story.retracted_at is not None:
        # Where the cut of a retracted text was, nobody keeps: its other notes say no more.
        return row.kind != Correction.Kind.RETRACTION
    known = {each["id"]: each["is_withheld"] for each in story.corrections}
    return bool(known.get(row.pk, True))
