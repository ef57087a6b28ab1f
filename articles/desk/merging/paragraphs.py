"""Merging two bodies paragraph by paragraph."""

from typing import Any, Literal

from merge3 import Merge3

from articles import body
from articles.desk.merging import free_part
from articles.desk.merging.alignment import Slots, slots
from articles.desk.merging.result import (
    CUT,
    UNKNOWN,
    Body,
    Conflict,
    Place,
    Taken,
    Unknown,
)

_Outcome = Literal["mine", "theirs", "same", "conflict"]
_OUTCOMES: dict[str, _Outcome] = {"a": "mine", "b": "theirs", "same": "same"}


def merge(base: str | Unknown, mine: str, theirs: str) -> tuple[Body, list[Taken], list[Conflict]]:
    """Merge two bodies that began from ``base``: the pieces, what is in, what to choose for."""
    frame, cut = _split(theirs if isinstance(base, Unknown) else base)
    (left, my_cut), (right, their_cut) = _split(mine), _split(theirs)
    before, laid, their_laid = (slots(frame, blocks) for blocks in (frame, left, right))
    is_known = not isinstance(base, Unknown)
    pieces, taken, conflicts = _pieces(before if is_known else None, laid, their_laid)
    marker = free_part.merge(
        free_part.Marker.of(frame, cut, before) if is_known else UNKNOWN,
        free_part.Marker.of(left, my_cut, laid),
        free_part.Marker.of(right, their_cut, their_laid),
        pieces,
    )
    return Body(pieces, marker.cut), taken + marker.taken, conflicts + marker.conflicts


def _pieces(
    before: Slots | None, mine: Slots, theirs: Slots
) -> tuple[list[Any], list[Taken], list[Conflict]]:
    """What stands in each slot, and how it came there. ``before`` None: nobody knows."""
    # What nobody knows equals nothing, so that all that differs is to be chosen for.
    outcomes = _outcomes(before or [["?"] for _ in mine], mine, theirs)
    text = [
        mine[slot] if outcomes.get(slot) in ("mine", "same") else theirs[slot]
        for slot in range(len(mine))
    ]
    pieces: list[Any] = list(text)
    taken: list[Taken] = []
    conflicts: list[Conflict] = []
    for slot, outcome in outcomes.items():
        place = _place(slot, text)
        if outcome == "conflict":
            was = UNKNOWN if before is None else before[slot]
            around = _neighbours(slot, text)
            pieces[slot] = Conflict(f"body-{slot}", place, was, mine[slot], theirs[slot], *around)
            conflicts.append(pieces[slot])
        elif outcome != "same":
            taken.append(Taken(place, outcome))
    return pieces, taken, conflicts


def _split(html: str) -> tuple[list[str], int | None]:
    """The blocks without the marker, and how many stand before it."""
    blocks = body.blocks(body.sanitise(html))
    cut = blocks.index(CUT) if CUT in blocks else None
    return [block for block in blocks if block != CUT], cut


def _lines(laid: Slots) -> list[str]:
    """One line a block, and before each slot a line that equals no other.

    Without those the change of one paragraph and the change of the next would touch, and merge3
    would call them a conflict.
    """
    return [
        line
        for slot, blocks in enumerate(laid)
        for line in (f"{slot}:", *(f"{slot}:{block}" for block in blocks))
    ]


def _outcomes(before: Slots, mine: Slots, theirs: Slots) -> dict[int, _Outcome]:
    """What merge3 says of each slot that somebody changed."""
    lines, their_lines = _lines(mine), _lines(theirs)
    found: dict[int, _Outcome] = {}
    for region in Merge3(_lines(before), lines, their_lines).merge_regions():
        # The line before a change names its slot. A region counts in the lines that it is of.
        if region[0] == "conflict":
            found[_slot(lines[region[3] - 1])] = "conflict"
        elif region[0] != "unchanged":
            named = their_lines if region[0] == "b" else lines
            found[_slot(named[region[1] - 1])] = _OUTCOMES[region[0]]
    return found


def _slot(line: str) -> int:
    return int(line.partition(":")[0])


def _place(slot: int, pieces: Slots) -> Place:
    """The place of a slot in people's words: counted in the merged text."""
    number = 1 + sum(len(blocks) for blocks in pieces[:slot])
    if slot % 2 == 0:
        return Place("body", number, "added")
    return Place("body", number, "" if pieces[slot] else "removed")


def _neighbours(slot: int, pieces: Slots) -> tuple[str, str]:
    above = [block for blocks in pieces[:slot] for block in blocks]
    below = [block for blocks in pieces[slot + 1 :] for block in blocks]
    return "".join(above[-1:]), "".join(below[:1])
