"""The places that two people changed differently, as a person chooses between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from articles import body
from articles.desk import compare, merge_words
from articles.desk.ancestry import Savers
from articles.desk.merging import UNKNOWN, Conflict, CutAt, Merged, plain_words

# Besides the body, what can be written anew from both.
_WRITABLE = {
    *("headline", "short_headline", "standfirst", "dateline", "lead_caption", "lead_alt"),
    *("internal_note", "label", "text", "title", "publisher", "role"),
}
_MULTILINE = {"internal_note", "text", "body"}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: what its button says, and its words with what the other lacks marked."""

    button: str
    words: compare.Words


@dataclass(frozen=True, slots=True)
class Choice:
    """One place to choose for, as the page prints it.

    ``both`` is a text to begin with, None where nothing can be written; ``before`` how it read, or
    None if nobody knows. ``picked`` is what was chosen already, ``is_missing`` that nothing was.
    """

    key: str
    legend: str
    mine: Side
    theirs: Side
    note: str
    before: list[str] | None
    both: str | None
    is_body: bool
    above: str
    below: str
    picked: str = ""
    is_missing: bool = False


def choices(merged: Merged, savers: Savers, data: Mapping[str, str]) -> list[Choice]:
    """The choices of a merge; with what ``data`` (a post, or nothing) says of them already."""
    return [_choice(conflict, savers, data) for conflict in merged.conflicts]


def chosen(merged: Merged, data: Mapping[str, str]) -> dict[str, Any]:
    """The value chosen for each conflict by its key. What is not chosen for is not in it."""
    values: dict[str, Any] = {}
    for conflict in merged.conflicts:
        pick = data.get(f"choice-{conflict.key}", "")
        if pick in ("mine", "theirs"):
            values[conflict.key] = conflict.mine if pick == "mine" else conflict.theirs
        elif pick == "both" and _is_writable(conflict):
            values[conflict.key] = _written(conflict, data.get(f"text-{conflict.key}", ""))
    return values


def _choice(conflict: Conflict, savers: Savers, data: Mapping[str, str]) -> Choice:
    mine, theirs = _text(conflict, conflict.mine), _text(conflict, conflict.theirs)
    before = None if conflict.base is UNKNOWN else _text(conflict, conflict.base)
    words = compare.differences({"internal_note": mine}, {"internal_note": theirs})
    both = plain_words.from_both(before or "", mine, theirs) if _is_writable(conflict) else None
    picked = data.get(f"choice-{conflict.key}", "")
    typed = data.get(f"text-{conflict.key}")
    return Choice(
        key=conflict.key,
        legend=merge_words.label(conflict.place),
        mine=Side(
            _button(conflict.mine, merge_words.whose("mine", savers)),
            words[0].mine if words else _unmarked(mine),
        ),
        theirs=Side(
            _button(conflict.theirs, savers.whose),
            words[0].theirs if words else _unmarked(theirs),
        ),
        note="" if words else "The same words, marked up otherwise.",
        before=None if before is None else before.splitlines(),
        both=both if typed is None or both is None else typed,
        is_body=conflict.place.field == "body",
        above=body.plain_text(conflict.above),
        below=body.plain_text(conflict.below),
        picked=picked,
        is_missing=bool(data) and conflict.key not in chosen(Merged({}, [], [conflict]), data),
    )


def _button(value: Any, whose: str) -> str:
    return "Leave it out" if value in (None, []) else f"Keep {whose}"


def _unmarked(text: str) -> compare.Words:
    return [(word, False) for line in text.splitlines() for word in (*line.split(), "")][:-1]


def _is_writable(conflict: Conflict) -> bool:
    place = conflict.place
    if place.field == "body":
        return place.part != "cut"
    return (place.part or place.field) in _WRITABLE


def _text(conflict: Conflict, value: Any) -> str:
    """A value of the conflict's place in plain words; things by their names."""
    place = conflict.place
    if place.part == "cut":
        return _end_of_free_part(value)
    if place.field == "body":
        return plain_words.words(value)
    if place.number is not None:
        is_row = isinstance(value, dict) or value is None
        value = [value if is_row else {place.part: value}] if value is not None else []
    named = compare.whole({place.field: value})
    return "\n".join(line for _, lines in named for line in lines)


def _end_of_free_part(cut: CutAt | None) -> str:
    if cut is None:
        return "No marker: after the second paragraph."
    if not cut.after:
        return "Before the first paragraph."
    return f"After “{plain_words.words([cut.after])}”"


def _written(conflict: Conflict, text: str) -> Any:
    place = conflict.place
    if place.field == "body":
        before = [] if conflict.base is UNKNOWN else conflict.base
        return plain_words.blocks(text, [*conflict.mine, *conflict.theirs, *before])
    if (place.part or place.field) in _MULTILINE:
        return "\n".join(text.splitlines()).strip()
    return " ".join(text.split())
