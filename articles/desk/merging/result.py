"""What a merge gives: a content whose places are settled, or wait for a choice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Content = dict[str, Any]
Whose = Literal["mine", "theirs"]

CUT = '<hr data-cut="">'


class Unknown:
    """Stands for what nobody knows: how a place read before the two texts parted."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


@dataclass(frozen=True, slots=True)
class Place:
    """A field, a paragraph of the body or a row; numbers count from one, as people do.

    ``part`` is the field within a row, or what happened to the place as a whole: "added",
    "removed", "order", or "cut" for the end of the free part.
    """

    field: str
    number: int | None = None
    part: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """One change that is in, and whose it is."""

    place: Place
    whose: Whose


@dataclass(frozen=True, slots=True)
class Conflict:
    """One place that both changed, each in another way.

    The three values are of the place's kind: a field's value; a list of blocks of the body; a row,
    or None where there is none; a ``CutAt``. ``base`` is ``UNKNOWN`` when nobody knows it.
    ``above`` and ``below`` are the neighbouring blocks. ``key`` is the same whenever the same three
    texts are merged.
    """

    key: str
    place: Place
    base: Any
    mine: Any
    theirs: Any
    above: str = ""
    below: str = ""


@dataclass(frozen=True, slots=True)
class CutAt:
    """Where the free part ends: in a piece of the body, after so many of its blocks.

    ``after`` is the block before it in the text that put it there.
    """

    piece: int
    blocks: int
    after: str


@dataclass(frozen=True, slots=True)
class Body:
    """A body in pieces: lists of blocks, and conflicts between such lists.

    ``cut`` is a ``CutAt``, None where there is no marker, or a conflict between such.
    """

    pieces: list[Any]
    cut: Any


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a kind in order: dicts whose values may be conflicts, and conflicts of rows."""

    rows: list[Any]


@dataclass(frozen=True, slots=True)
class Merged:
    """The outcome of a merge.

    ``taken`` names the changes that are in, ``conflicts`` the places to choose for, both in the
    form's order.
    """

    parts: dict[str, Any]
    taken: list[Taken]
    conflicts: list[Conflict]

    @property
    def content(self) -> Content:
        """The merged content; where a choice is due, it says what they say."""
        return self.content_with({})

    def content_with(self, chosen: Mapping[str, Any]) -> Content:
        """The merged content with the value chosen for each conflict's key; theirs without one."""
        return {name: _settled(part, chosen) for name, part in self.parts.items()}


def pick(base: Any, mine: Any, theirs: Any) -> Whose | Literal["same"] | None:
    """Whose value stands, by the one rule of every merge; None where a person has to choose."""
    if mine == theirs:
        return "same"
    if theirs == base:
        return "mine"
    return "theirs" if mine == base else None


def _settled(part: Any, chosen: Mapping[str, Any]) -> Any:
    part = _resolved(part, chosen)
    if isinstance(part, Body):
        return _body(part, chosen)
    if isinstance(part, Rows):
        rows = [_resolved(row, chosen) for row in part.rows]
        return [{n: _resolved(v, chosen) for n, v in row.items()} for row in rows if row]
    return part


def _resolved(value: Any, chosen: Mapping[str, Any]) -> Any:
    if isinstance(value, Conflict):
        return chosen.get(value.key, value.theirs)
    return value


def _body(body: Body, chosen: Mapping[str, Any]) -> str:
    pieces = [list(_resolved(piece, chosen)) for piece in body.pieces]
    cut = _resolved(body.cut, chosen)
    if cut is not None:
        pieces[cut.piece].insert(cut.blocks, CUT)
    return "".join(block for piece in pieces for block in piece)
