"""Merging where the free part of a body ends: the marker stands at most once."""

from dataclasses import dataclass, field
from typing import Any

from articles.desk.merging.alignment import Slots
from articles.desk.merging.result import UNKNOWN, Conflict, CutAt, Place, Taken, Unknown, pick

_PLACE = Place("body", None, "cut")
# After all blocks of a piece, however many are chosen for it.
_BEHIND = 10_000


@dataclass(frozen=True, slots=True)
class Marker:
    """The places that a text's marker may be said to have among the slots; none without one.

    Between two paragraphs of which one was taken out it stands in either gap.
    """

    places: list[CutAt]
    laid: Slots

    @classmethod
    def of(cls, blocks: list[str], cut: int | None, laid: Slots) -> "Marker":
        places, passed = [], 0
        for slot, there in enumerate(laid):
            is_here = cut is not None and passed <= cut <= passed + len(there)
            if cut is not None and is_here and slot % 2 == 0:
                places.append(CutAt(slot, cut - passed, blocks[cut - 1] if cut else ""))
            passed += len(there)
        return cls(places, laid)

    def nearest(self, gap: int | None) -> CutAt | None:
        """The place in that gap, if the marker may be said to stand there; else its first."""
        there = [place for place in self.places if place.piece == gap]
        return next(iter(there or self.places), None)


@dataclass(frozen=True, slots=True)
class MarkerMerged:
    """Where the free part ends, in the shape of ``Body.cut``, and what came of it."""

    cut: CutAt | Conflict | None
    taken: list[Taken] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


def merge(base: Marker | Unknown, mine: Marker, theirs: Marker, pieces: list[Any]) -> MarkerMerged:
    """Merge the markers of two texts whose other blocks have become ``pieces``."""
    before = base.nearest(None) if isinstance(base, Marker) else UNKNOWN
    known = before if isinstance(before, CutAt) else theirs.nearest(None)
    left, right = (marker.nearest(_gap(known)) for marker in (mine, theirs))
    my_cut, their_cut = _fitted(left, mine, pieces), _fitted(right, theirs, pieces)
    was = UNKNOWN if isinstance(before, Unknown) else _gap(before)
    whose = pick(was, _gap(left), _gap(right))
    if whose is None:
        conflict = Conflict("body-cut", _PLACE, before, my_cut, their_cut)
        return MarkerMerged(conflict, conflicts=[conflict])
    if whose == "same":
        gap = _gap(left)
        is_mine = gap is not None and mine.laid[gap] == pieces[gap]
        return MarkerMerged(my_cut if is_mine else their_cut)
    return MarkerMerged(my_cut if whose == "mine" else their_cut, [Taken(_PLACE, whose)])


def _gap(cut: CutAt | None) -> int | None:
    return None if cut is None else cut.piece


def _fitted(cut: CutAt | None, marker: Marker, pieces: list[Any]) -> CutAt | None:
    """The place among the merged blocks: where other blocks stand, before or after all of them."""
    if cut is None or marker.laid[cut.piece] == pieces[cut.piece]:
        return cut
    return CutAt(cut.piece, _BEHIND if cut.blocks else 0, cut.after)
