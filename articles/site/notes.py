"""The public notes on a story, for one reader: what was put right, said where it belongs."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.html import format_html

from articles import addresses
from articles.models import Correction
from articles.site import times
from articles.site.keyset import Key

Kind = Correction.Kind

_MARKS = {
    Kind.CORRECTION: "Corrected",
    Kind.CLARIFICATION: "Clarified",
    Kind.UPDATE: "Updated",
    Kind.RETRACTION: "Retracted",
}


@dataclass(frozen=True, slots=True)
class Note:
    """One note. ``is_marked``: a paragraph of the shown text carries its mark."""

    id: int
    kind: str
    text: str
    at: dt.datetime
    moment: times.Moment
    signature: str
    is_marked: bool = False

    @property
    def label(self) -> str:
        return str(Kind(self.kind).label)

    @property
    def anchor(self) -> str:
        """The id of the note's element on every page that prints it."""
        return f"correction-{self.id}"

    @property
    def mark_anchor(self) -> str:
        """The id of the mark at the paragraph."""
        return f"corrected-{self.id}"

    @property
    def is_at_the_top(self) -> bool:
        return self.kind in Correction.AT_THE_TOP


def of_story(
    rows: Iterable[dict[str, Any]], zone: ZoneInfo, *, is_full: bool, marked: Iterable[int] = ()
) -> tuple[Note, ...]:
    """The notes of a published story, newest first; those on withheld words for a whole text only.

    ``marked``: the numbers that paragraphs of the shown text refer to.
    """
    numbers = set(marked)
    return tuple(
        _note(row, zone, is_marked=row["id"] in numbers)
        for row in rows
        if is_full or not row["is_withheld"]
    )


def _note(row: dict[str, Any], zone: ZoneInfo, *, is_marked: bool) -> Note:
    at = dt.datetime.fromisoformat(row["at"])
    return Note(
        id=row["id"],
        kind=row["kind"],
        text=row["text"],
        at=at,
        moment=times.in_full(at, zone),
        signature=row["signature"],
        is_marked=is_marked,
    )


def url_in_list(note: Note) -> str:
    """The address of the note in the list of all corrections: on the page that begins with it."""
    just_after = Key(note.at + dt.timedelta(microseconds=1), 0)
    return f"{addresses.of_view('articles:corrections')}?before={just_after}#{note.anchor}"


def mark_html(note: Note) -> str:
    """The mark at a corrected paragraph: a link to the note, as safe HTML."""
    return format_html(
        ' <a class="corrected" id="{}" href="#{}">{}<span class="visually-hidden"> (see the note '
        "of {})</span></a>",
        note.mark_anchor,
        note.anchor,
        _MARKS[Kind(note.kind)],
        note.moment.text,
    )
