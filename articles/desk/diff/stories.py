"""Two whole texts of a story as one: every field in the form's order, with what differs marked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from articles.desk.diff import body_diff, facts, rows, words
from articles.desk.diff.body_diff import BodyDiff
from articles.desk.diff.facts import Fact, FactsDiff
from articles.desk.diff.labels import label
from articles.desk.diff.names import Names
from articles.desk.diff.rows import RowsDiff
from articles.desk.diff.words import Mark, Run

# In the order of the form. Texts are printed in the look of their kind; facts come last.
_LOOKS = {
    "headline": "h",
    "standfirst": "s",
    "lead_caption": "plain",
    "lead_alt": "plain",
    "short_headline": "plain",
    "internal_note": "plain",
}
_ORDER = (
    "headline",
    "standfirst",
    "body",
    *rows.LABELS,
    "lead_caption",
    "lead_alt",
    "short_headline",
    "internal_note",
)


@dataclass(frozen=True, slots=True)
class TextDiff:
    """One field of words. ``note`` stands where only its spaces differ."""

    template: ClassVar[str] = "desk/diff/text.html"

    label: str
    look: str
    runs: list[Run]
    note: str = ""


Part = TextDiff | BodyDiff | RowsDiff | FactsDiff


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs, in ``parts``; the names of what does not, and of what cannot be said."""

    parts: list[Part]
    unchanged: list[str]
    unknown: list[str]

    @property
    def summary(self) -> str:
        """What differs in one sentence, as "11 words out, 19 words in, in 4 fields"."""
        if not self.parts:
            return "Both say the same"
        fields = sum(len(part.facts) if isinstance(part, FactsDiff) else 1 for part in self.parts)
        where = _many(fields, "field")
        gone, new = (self._count(mark) for mark in (Mark.OUT, Mark.IN))
        if not gone and not new:
            return f"No word differs in the texts; something else does, in {where}"
        return f"{_many(gone, 'word')} out, {_many(new, 'word')} in, in {where}"

    def _count(self, mark: Mark) -> int:
        return sum(words.count(list(part.runs), mark) for part in self.parts)


def compare(older: dict[str, Any], newer: dict[str, Any]) -> Comparison:
    """Two contents in the shape of ``revisions.snapshot``, as one text with marks."""
    names = Names(older, newer)
    parts: list[Part] = []
    table: list[Fact] = []
    unchanged: list[str] = []
    for field in _both(older, newer):
        found: Part | Fact | None
        if field in facts.FIELDS:
            found = facts.compare(field, older, newer, names)
        else:
            found = _part(field, older.get(field), newer.get(field), names)
        if found is None:
            unchanged.append(_label(field))
        elif isinstance(found, Fact):
            table.append(found)
        else:
            parts.append(found)
    if table:
        parts.append(FactsDiff(table))
    return Comparison(parts, unchanged, list(_unknown(older, newer)))


def _both(older: dict[str, Any], newer: dict[str, Any]) -> list[str]:
    return [field for field in (*_ORDER, *facts.FIELDS) if field in older and field in newer]


def _part(field: str, older: Any, newer: Any, names: Names) -> Part | None:
    if field == "body":
        return body_diff.compare(str(older or ""), str(newer or ""), names)
    if field in rows.LABELS:
        return rows.compare(field, older or [], newer or [], names)
    return _text(field, str(older or ""), str(newer or ""))


def _text(field: str, older: str, newer: str) -> TextDiff | None:
    older, newer = (text.replace("\r\n", "\n").strip() for text in (older, newer))
    if older == newer:
        return None
    runs = words.compare(older, newer)
    same = all(run.mark is Mark.KEPT for run in runs)
    note = "The same words; only the spaces between them differ." if same else ""
    return TextDiff(_label(field), _LOOKS[field], runs, note)


def _unknown(older: dict[str, Any], newer: dict[str, Any]) -> Iterator[str]:
    """Fields that one side kept and the other, from before there was such a field, did not."""
    both = _both(older, newer)
    for field in (*_ORDER, *facts.FIELDS):
        if field not in both and (older.get(field) or newer.get(field)):
            yield _label(field)


def _label(field: str) -> str:
    return rows.LABELS.get(field) or label(field)


def _many(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
