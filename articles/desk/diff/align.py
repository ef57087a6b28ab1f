"""Which part of the newer text was which part of the older one: blocks, list items, rows."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from articles.desk.diff import words
from articles.desk.pairing import best_in_order

# Two parts in the same place are one part if they are that much alike; elsewhere, if more so.
_ALIKE, _ALIKE_ELSEWHERE = 0.4, 0.6
# How far apart, in parts, two parts of one changed stretch may stand to be compared.
_BAND = 30
_MOST_CANDIDATES = 2500


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a text: what it is exactly, and its words to tell how much it is like another.

    Only parts of the same ``kind`` can be the same one. Parts with one ``uid`` are, whatever they
    say.
    """

    exact: str
    kind: str = ""
    text: str = ""
    uid: str = ""
    bag: Counter[str] = field(init=False, default_factory=Counter)

    def __post_init__(self) -> None:
        self.bag.update(words.words_of(self.text))


@dataclass(frozen=True, slots=True)
class Pair:
    """The places of one part in the older and the newer text; None where it is not.

    ``moved`` is "up" or "down" if it stands in another order among the others, else "".
    """

    older: int | None
    newer: int | None
    moved: str = ""


def align(older: Sequence[Part], newer: Sequence[Part]) -> list[Pair]:
    """All parts, each once, in the order of ``newer``; what is gone stands where it stood."""
    found = _Matches(older, newer)
    found.by_uid()
    found.in_order()
    found.exact_elsewhere()
    found.alike_in_order()
    found.alike_elsewhere()
    return list(_in_reading_order(found.newer_of, len(older), len(newer)))


class _Matches:
    """Places of older parts and the newer ones they became, found step by step."""

    def __init__(self, older: Sequence[Part], newer: Sequence[Part]) -> None:
        self.older, self.newer = older, newer
        self.newer_of: dict[int, int] = {}
        self._taken: set[int] = set()

    def by_uid(self) -> None:
        known = {part.uid: place for place, part in enumerate(self.newer) if part.uid}
        for place, part in enumerate(self.older):
            if part.uid in known:
                self._match(place, known.pop(part.uid))

    def in_order(self) -> None:
        left, right = self._left(), self._right()
        matcher = SequenceMatcher(
            None,
            [self.older[i].exact for i in left],
            [self.newer[j].exact for j in right],
            autojunk=False,
        )
        for block in matcher.get_matching_blocks():
            for step in range(block.size):
                self._match(left[block.a + step], right[block.b + step])

    def exact_elsewhere(self) -> None:
        places: dict[str, list[int]] = {}
        for j in reversed(self._right()):
            places.setdefault(self.newer[j].exact, []).append(j)
        for i in self._left():
            if same := places.get(self.older[i].exact):
                self._match(i, same.pop())

    def alike_in_order(self) -> None:
        for left, right in self._stretches():
            for i, j in _best_in_order(self, left, right):
                self._match(i, j)

    def alike_elsewhere(self) -> None:
        left, right = self._left(), self._right()
        if len(left) * len(right) > _MOST_CANDIDATES:
            return
        scored = ((self.likeness(i, j), i, j) for i in left for j in right)
        for score, i, j in sorted(scored, key=lambda each: (-each[0], each[1], each[2])):
            if score >= _ALIKE_ELSEWHERE and i not in self.newer_of and j not in self._taken:
                self._match(i, j)

    def likeness(self, i: int, j: int) -> float:
        one, other = self.older[i], self.newer[j]
        return words.likeness(one.bag, other.bag) if one.kind == other.kind else 0.0

    def _match(self, i: int, j: int) -> None:
        self.newer_of[i] = j
        self._taken.add(j)

    def _left(self) -> list[int]:
        return [i for i in range(len(self.older)) if i not in self.newer_of]

    def _right(self) -> list[int]:
        return [j for j in range(len(self.newer)) if j not in self._taken]

    def _stretches(self) -> Iterator[tuple[list[int], list[int]]]:
        """The unmatched parts between two neighbours that stayed in order, on both sides."""
        left, right = self._left(), self._right()
        begin, start = -1, -1
        for end, stop in _fixed(self.newer_of, len(self.older), len(self.newer)):
            yield (
                [i for i in left if begin < i < end],
                [j for j in right if start < j < stop],
            )
            begin, start = end, stop


def _best_in_order(matches: _Matches, left: list[int], right: list[int]) -> list[tuple[int, int]]:
    """The pairs of two stretches that are most alike in sum, without one crossing another."""
    rows, columns = len(left), len(right)
    longest = max(rows, columns)

    def score(i: int, j: int) -> float:
        if abs(i / rows - j / columns) * longest > _BAND:
            return 0.0
        likeness = matches.likeness(left[i], right[j])
        return likeness if likeness >= _ALIKE else 0.0

    return [(left[i], right[j]) for i, j in best_in_order(rows, columns, score)]


def _in_place(newer_of: dict[int, int]) -> set[int]:
    """The most older places whose parts stand in the same order on both sides."""
    ends: list[int] = []  # the smallest newer place that a chain of each length ends with
    last: list[int] = []  # the older place of that end
    before: dict[int, int | None] = {}
    for i in sorted(newer_of):
        length = bisect_left(ends, newer_of[i])
        before[i] = last[length - 1] if length else None
        ends[length:] = [newer_of[i], *ends[length + 1 :]]
        last[length:] = [i, *last[length + 1 :]]
    chain: set[int] = set()
    place = last[-1] if last else None
    while place is not None:
        chain.add(place)
        place = before[place]
    return chain


def _in_reading_order(newer_of: dict[int, int], older: int, newer: int) -> Iterator[Pair]:
    in_place = _in_place(newer_of)
    older_of = {j: i for i, j in newer_of.items()}
    begin, start = 0, 0
    for end, stop in _fixed(newer_of, older, newer):
        yield from (Pair(i, None) for i in range(begin, end) if i not in newer_of)
        for j in range(start, stop):
            i = older_of.get(j)
            yield Pair(i, j, "" if i is None else _way(i, j, in_place, newer_of))
        if stop < newer:
            yield Pair(end, stop)
        begin, start = end + 1, stop + 1


def _fixed(newer_of: dict[int, int], older: int, newer: int) -> list[tuple[int, int]]:
    """The places of the parts that stand in the same order on both sides, and both ends."""
    return [*((i, newer_of[i]) for i in sorted(_in_place(newer_of))), (older, newer)]


def _way(i: int, j: int, in_place: set[int], newer_of: dict[int, int]) -> str:
    stood_after = sum(place < i for place in in_place)
    stands_after = sum(newer_of[place] < j for place in in_place)
    return "up" if stands_after < stood_after else "down"
