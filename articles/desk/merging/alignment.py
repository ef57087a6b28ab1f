"""Which paragraph of a text is which of another: equal ones, and those that were only retyped."""

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

from articles import body
from articles.desk.pairing import best_in_order

# Two paragraphs with a smaller share of common words are not the same one retyped.
_ALIKE = 0.4
# Comparing each with each beyond this would keep a save waiting; then they pair by their order.
_MOST_COMPARED = 40_000

# For each paragraph of the first text what became of it (nothing or one block), and between them
# what is new there: gap, paragraph, gap, …, paragraph, gap.
Slots = list[list[str]]
_Pairs = list[tuple[int, int]]


def slots(before: list[str], after: list[str]) -> Slots:
    """Lay the blocks of ``after`` beside those of ``before``."""
    laid: Slots = [[] for _ in range(2 * len(before) + 1)]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            partner = dict(zip(range(c, d), range(a, b), strict=True))
        else:
            partner = {c + j: a + i for i, j in _retyped(before[a:b], after[c:d])}
        gap = a
        for j in range(c, d):
            if j in partner:
                laid[2 * partner[j] + 1].append(after[j])
                gap = partner[j] + 1
            else:
                laid[2 * gap].append(after[j])
    return laid


def likeness(one: str, other: str) -> float:
    """From 0 to 1: how many of their words two blocks share. A picture is like itself only."""
    return _Look.at(one).likeness(_Look.at(other))


@dataclass(frozen=True, slots=True)
class _Look:
    """What two blocks are compared by."""

    pictures: list[int]
    words: Counter[str]

    @classmethod
    def at(cls, block: str) -> "_Look":
        return cls(body.image_ids(block), Counter(body.plain_text(block).casefold().split()))

    def likeness(self, other: "_Look") -> float:
        if self.pictures or other.pictures:
            return float(self.pictures == other.pictures)
        total = self.words.total() + other.words.total()
        return 2 * (self.words & other.words).total() / total if total else 0.0


def _retyped(before: list[str], after: list[str]) -> _Pairs:
    """Pair blocks in order: first those alike, then those left between them, one by one."""
    left, right = [_Look.at(block) for block in before], [_Look.at(block) for block in after]
    small = len(left) * len(right) <= _MOST_COMPARED
    pairs: _Pairs = []
    a = c = 0
    for b, d in [*(_alike(left, right) if small else []), (len(left), len(right))]:
        between = zip(range(a, b), range(c, d), strict=False)
        pairs += [(i, j) for i, j in between if not (left[i].pictures or right[j].pictures)]
        if b < len(left):
            pairs.append((b, d))
        a, c = b + 1, d + 1
    return pairs


def _alike(left: list[_Look], right: list[_Look]) -> _Pairs:
    """The pairs, in the order of both, whose likeness adds up to the most."""

    def score(i: int, j: int) -> float:
        likeness = left[i].likeness(right[j])
        return likeness if likeness >= _ALIKE else 0.0

    return best_in_order(len(left), len(right), score)
