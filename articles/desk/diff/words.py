"""Two texts as one: the words both have, the words taken out, the words put in."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# Signs that are words of their own, so that "slide:" and "plunges:" have the colon in common.
_SIGN = r"!-/:-@\[-`{-~¡-¿‐-‧‹-⁞、-〟！-／"
# Scripts without spaces between words are compared letter by letter.
_LETTER = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = rf"[^\s{_SIGN}{_LETTER}]+"
_TOKEN = re.compile(rf"(\s*)({_WORD}(?:[-‐'’.,:@/_&]{_WORD})*|[{_LETTER}]|[{_SIGN}])|(\s+)\Z")
_SENTENCE_ENDS = frozenset(".!?…\n")

# Pairs of equal words that one comparison may look at; what is beyond is compared by sentences.
_MOST_PAIRS = 250_000


class Mark(StrEnum):
    KEPT = "kept"
    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring words with one mark. ``gap``: a space stands before them.

    ``words`` are the words, signs and line ends of ``text``, where they are counted.
    """

    mark: Mark
    text: str
    gap: bool
    words: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The words as printed: a line end that was taken out or put in is a sign."""
        if self.mark is Mark.KEPT:
            return self.text
        return self.text.replace("\n", "¶" if self.mark is Mark.OUT else "¶\n")


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    gap: bool


Opcode = tuple[str, int, int, int, int]


def compare(older: str, newer: str) -> list[Run]:
    """Both texts as one list of runs.

    The words of the kept and taken-out runs are those of ``older``, the words of the kept and
    put-in runs those of ``newer``, each in its order. Between words, spaces are those of ``newer``.
    """
    left, right = _tokens(older), _tokens(newer)
    a, b = [token.word for token in left], [token.word for token in right]
    runs: list[Run] = []
    for tag, i, j, k, m in _joined(list(_opcodes(a, b)), a, b):
        if tag == "equal":
            runs.append(_run(Mark.KEPT, right[k:m]))
            continue
        if i < j:
            runs.append(_run(Mark.OUT, left[i:j]))
        if k < m:
            runs.append(_run(Mark.IN, right[k:m]))
    return runs


def all_of(text: str, mark: Mark) -> list[Run]:
    """A whole text under one mark; no run for no words."""
    tokens = _tokens(text)
    return [_run(mark, tokens)] if tokens else []


def count(runs: Sequence[Run], mark: Mark) -> int:
    """How many words have this mark; signs by themselves do not count."""
    return sum(_weight(run.words) for run in runs if run.mark is mark)


def words_of(text: str) -> list[str]:
    """The words and signs of a text as they are compared, line ends included."""
    return [token.word for token in _tokens(text)]


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """How much two texts, as ``Counter(words_of(…))``, have in common: from 0.0 to 1.0."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    for found in _TOKEN.finditer(text):
        space, word = found[1] or found[3] or "", found[2]
        lines = space.count("\n") if tokens and word else 0
        tokens += [_Token("\n", gap=False)] * lines
        if word:
            tokens.append(_Token(word, gap=bool(space) and not lines and bool(tokens)))
    return tokens


def _run(mark: Mark, tokens: Sequence[_Token]) -> Run:
    text = "".join(
        (" " if token.gap and place else "") + token.word for place, token in enumerate(tokens)
    )
    return Run(mark, text, tokens[0].gap, tuple(token.word for token in tokens))


def _opcodes(a: list[str], b: list[str]) -> Iterator[Opcode]:
    """As ``SequenceMatcher.get_opcodes``, in bounded time however long and alike the texts are."""
    if _pairs(a, b) <= _MOST_PAIRS:
        yield from _matched(a, b)
        return
    left, right = _sentences(a), _sentences(b)
    lefts, rights = _places(left), _places(right)
    for tag, i, j, k, m in _matched(left, right):
        i, j, k, m = lefts[i], lefts[j], rights[k], rights[m]
        if tag == "replace":
            yield from _within(a, b, (tag, i, j, k, m))
        else:
            yield tag, i, j, k, m


def _within(a: list[str], b: list[str], opcode: Opcode) -> Iterator[Opcode]:
    _, i, j, k, m = opcode
    if _pairs(a[i:j], b[k:m]) > _MOST_PAIRS:
        yield opcode
        return
    for tag, p, q, r, s in _matched(a[i:j], b[k:m]):
        yield tag, i + p, i + q, k + r, k + s


def _matched(a: Sequence[object], b: Sequence[object]) -> Iterator[Opcode]:
    """The opcodes of two sequences; what they begin and end with in common is taken off first."""
    head, tail = _common(a, b)
    a_end, b_end = len(a) - tail, len(b) - tail
    if head:
        yield "equal", 0, head, 0, head
    middle, other = a[head:a_end], b[head:b_end]
    if _pairs(middle, other) > _MOST_PAIRS:
        yield "replace", head, a_end, head, b_end
    else:
        matcher = SequenceMatcher(None, middle, other, autojunk=False)
        for tag, i, j, k, m in matcher.get_opcodes():
            yield tag, head + i, head + j, head + k, head + m
    if tail:
        yield "equal", a_end, len(a), b_end, len(b)


def _common(a: Sequence[object], b: Sequence[object]) -> tuple[int, int]:
    shorter = min(len(a), len(b))
    head = 0
    while head < shorter and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < shorter - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    return head, tail


def _pairs(a: Sequence[object], b: Sequence[object]) -> int:
    counts = Counter(b)
    return sum(counts[word] for word in a if word in counts)


def _sentences(words: list[str]) -> list[tuple[str, ...]]:
    sentences: list[tuple[str, ...]] = []
    begin = 0
    for place, word in enumerate(words, 1):
        if word in _SENTENCE_ENDS or place == len(words):
            sentences.append(tuple(words[begin:place]))
            begin = place
    return sentences


def _places(sentences: list[tuple[str, ...]]) -> list[int]:
    """Where each sentence begins, in words; and where the last one ends."""
    places = [0]
    for sentence in sentences:
        places.append(places[-1] + len(sentence))
    return places


def _joined(opcodes: list[Opcode], a: list[str], b: list[str]) -> list[Opcode]:
    """The opcodes with neighbouring changes made one, so that they read as phrases.

    A word or two between two longer changes keep nobody oriented: they are taken for changed, too.
    """
    joined: list[Opcode] = []
    for place, (tag, i, j, k, m) in enumerate(opcodes):
        is_kept = tag == "equal" and not _is_lost(opcodes, place, joined, a, b)
        kind = "equal" if is_kept else "replace"
        if joined and joined[-1][0] == kind:
            _, begin, _, start, _ = joined[-1]
            joined[-1] = (kind, begin, j, start, m)
        else:
            joined.append((kind, i, j, k, m))
    return joined


def _is_lost(
    opcodes: list[Opcode], place: int, before: list[Opcode], a: list[str], b: list[str]
) -> bool:
    """Whether equal words stand between two changes that are both longer than they are."""
    _, i, j, _, _ = opcodes[place]
    if not before or before[-1][0] == "equal" or place == len(opcodes) - 1 or "\n" in a[i:j]:
        return False
    changes = (before[-1], opcodes[place + 1])
    shortest = min(max(_weight(a[p:q]), _weight(b[r:s])) for _, p, q, r, s in changes)
    return _weight(a[i:j]) < shortest


def _weight(words: Sequence[str]) -> int:
    """The number of words that are more than a sign."""
    return sum(any(sign.isalnum() for sign in word) for word in words)
