"""Takeaways, sources and bylines of two texts: added, taken out, changed word by word, moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.humanize.templatetags.humanize import ordinal

from articles.desk.diff import words
from articles.desk.diff.align import Pair, Part, align
from articles.desk.diff.names import Names
from articles.desk.diff.words import Mark, Run

LABELS = {"takeaways": "Key takeaways", "sources": "Sources", "bylines": "Bylines"}
_COLUMNS = {
    "takeaways": ("label", "text"),
    "sources": ("title", "publisher", "url"),
    "bylines": ("author", "role"),
}
# Told as a whole, not word by word.
_WHOLE = {"author", "url"}


@dataclass(frozen=True, slots=True)
class RowDiff:
    """One row. ``change`` is "changed", "added", "removed" or "moved"; ``what`` says it."""

    change: str
    what: str
    cells: list[list[Run]]


@dataclass(frozen=True, slots=True)
class RowsDiff:
    """The rows of one kind that are not the same in both; ``same`` counts the others."""

    template: ClassVar[str] = "desk/diff/rows.html"

    label: str
    rows: list[RowDiff]
    same: int

    @property
    def runs(self) -> Iterator[Run]:
        return (run for row in self.rows for cell in row.cells for run in cell)


def compare(
    kind: str, older: list[dict[str, Any]], newer: list[dict[str, Any]], names: Names
) -> RowsDiff | None:
    """Two lists of rows of a kind ("takeaways" …) as one, or None where they say the same."""
    left = [_texts(kind, row, names) for row in older]
    right = [_texts(kind, row, names) for row in newer]
    pairs = align(
        [_part(kind, *each) for each in zip(older, left, strict=True)],
        [_part(kind, *each) for each in zip(newer, right, strict=True)],
    )
    rows = [row for pair in pairs if (row := _row(pair, kind, left, right)) is not None]
    return RowsDiff(LABELS[kind], rows, same=len(pairs) - len(rows)) if rows else None


def _texts(kind: str, row: dict[str, Any], names: Names) -> list[str]:
    return [
        names.name("author", row.get(column))
        if column == "author"
        else str(row.get(column) or "").strip()
        for column in _COLUMNS[kind]
    ]


def _part(kind: str, row: dict[str, Any], texts: list[str]) -> Part:
    # One author is the same one whatever the role; revisions of old have no uid.
    author = f"author {row.get('author')}" if kind == "bylines" else ""
    text = author or "\n".join(texts)
    return Part(exact="\n".join(texts), kind=author, text=text, uid=str(row.get("uid") or ""))


def _row(pair: Pair, kind: str, left: list[list[str]], right: list[list[str]]) -> RowDiff | None:
    if pair.newer is None:
        place = pair.older or 0
        what = f"Taken out, was in {ordinal(place + 1)} place"
        return RowDiff("removed", what, [words.all_of(text, Mark.OUT) for text in left[place]])
    now = ordinal(pair.newer + 1)
    if pair.older is None:
        cells = [words.all_of(text, Mark.IN) for text in right[pair.newer]]
        return RowDiff("added", f"New, in {now} place", cells)
    before, after = left[pair.older], right[pair.newer]
    if before == after and not pair.moved:
        return None
    moved = f"Moved from {ordinal(pair.older + 1)} to {now} place" if pair.moved else ""
    changed = f"{'and changed' if moved else f'Changed, in {now} place'}" if before != after else ""
    return RowDiff(
        "moved" if moved else "changed",
        ", ".join(filter(None, [moved, changed])),
        [
            _whole(old, new) if column in _WHOLE else words.compare(old, new)
            for column, old, new in zip(_COLUMNS[kind], before, after, strict=True)
        ],
    )


def _whole(old: str, new: str) -> list[Run]:
    if old == new:
        return words.all_of(new, Mark.KEPT)
    return [*words.all_of(old, Mark.OUT), *words.all_of(new, Mark.IN)]
