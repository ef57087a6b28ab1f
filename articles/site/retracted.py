"""Stories that were taken back for good: what is still said of them, and nothing of their text."""

import datetime as dt
from dataclasses import dataclass
from typing import Self

from django.db.models import F, QuerySet

from articles.models import Correction, PublishedArticle
from articles.site import notes, times
from articles.site.frame import Frame
from articles.site.notes import Note
from articles.site.paywall import decide
from articles.site.reader import ANONYMOUS
from articles.site.reading import subject


def stories() -> QuerySet[PublishedArticle]:
    """The retracted stories that readers once saw: of one that never was out nobody may know."""
    return PublishedArticle.objects.retracted().filter(retracted_at__gte=F("published_at"))


def find(path: str) -> PublishedArticle | None:
    """The story that was retracted from this address, now its own or once. Two queries at most."""
    # Apart, for one condition on two tables could use the index of neither.
    here = stories().filter(path=path).first()
    return here or stories().filter(article__redirects__path=path).first()


@dataclass(frozen=True, slots=True)
class RetractedPage:
    """What stands at the address of a retracted story."""

    headline: str
    language: str
    published: times.Moment
    retracted: times.Moment
    note: Note | None
    note_url: str

    @classmethod
    def build(cls, story: PublishedArticle, *, frame: Frame, at: dt.datetime) -> Self:
        """The page of a ``story`` of :func:`stories`, the same for every reader."""
        is_open = decide(subject(story), ANONYMOUS, at).full
        told = notes.of_story(story.corrections, frame.zone, is_full=is_open)
        note = next((each for each in told if each.kind == Correction.Kind.RETRACTION), None)
        return cls(
            headline=story.headline,
            language=story.language,
            published=times.in_full(story.published_at, frame.zone),
            retracted=times.in_full(story.retracted_at or at, frame.zone),
            note=note,
            note_url=notes.url_in_list(note) if note else "",
        )
