"""Invented words, sentences and texts. As in any language, few words are common and most rare."""

import random
from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from typing import Generic, TypeVar

VOCABULARY = 20_000
SENTENCES = 12_000
# Words that were the talk of one year and hardly of another.
WORDS_OF_A_YEAR, SENTENCES_OF_A_YEAR = 40, 300
# Sentences of a paragraph, and how many paragraphs hold one of the talk.
A_PARAGRAPH, TALKED_OF = (2, 3, 4), 0.24

_STARTS = ("b", "br", "d", "dr", "f", "g", "gr", "k", "l", "m", "n", "p", "pr", "r", "s", "st", "t")
_VOWELS = ("a", "e", "i", "o", "u", "au", "ei", "ou")
_ENDS = ("", "l", "m", "n", "nd", "r", "rk", "st", "t")
COMMON = """
    the of and to in that for on with as was by at from is said it has its he are will an be had
    not were which this more new but they one would after who their about when over been last
"""


T = TypeVar("T")


class Ranked(Generic[T]):
    """Things of which the first are drawn most, the n-th about 1/n as often (after Zipf)."""

    def __init__(self, things: list[T], *, steepness: float = 1.0) -> None:
        self._things = things
        self._sums = list(accumulate(1 / (n**steepness) for n in range(1, len(things) + 1)))

    def draw(self, chance: random.Random) -> T:
        return self._things[bisect(self._sums, chance.random() * self._sums[-1])]


@dataclass(frozen=True, slots=True)
class Language:
    """Ready sentences: those of all times, and those of each year."""

    sentences: list[str]
    of_years: list[list[str]]

    def text(self, chance: random.Random, *, words: int, year: int) -> list[str]:
        """Paragraphs of about so many words; some sentences are of that year."""
        ready, talk = self.sentences, self.of_years[year]
        paragraphs, written = [], 0
        while written < words:
            lines = chance.choices(ready, k=chance.choice(A_PARAGRAPH))
            if chance.random() < TALKED_OF:
                lines[-1] = chance.choice(talk)
            paragraph = " ".join(lines)
            written += paragraph.count(" ") + 1
            paragraphs.append(paragraph)
        return paragraphs


def invent(*, years: int) -> Language:
    """The language of the corpus: the same every time."""
    chance = random.Random("a language")  # noqa: S311 - nothing is secret here
    words = _vocabulary(chance, VOCABULARY + years * WORDS_OF_A_YEAR)
    common = Ranked([*COMMON.split(), *words[:VOCABULARY]])
    rest = words[VOCABULARY:]
    of_years = [
        Ranked(rest[year * WORDS_OF_A_YEAR : (year + 1) * WORDS_OF_A_YEAR]) for year in range(years)
    ]
    return Language(
        [_sentence(chance, common) for _ in range(SENTENCES)],
        [
            [_sentence(chance, common, also=talk) for _ in range(SENTENCES_OF_A_YEAR)]
            for talk in of_years
        ],
    )


def _vocabulary(chance: random.Random, size: int) -> list[str]:
    common = COMMON.split()
    found = dict.fromkeys(common)
    while len(found) < size + len(common):
        syllables = chance.choices((1, 2, 3, 4), (1, 8, 8, 2))[0]
        found[
            "".join(
                chance.choice(_STARTS) + chance.choice(_VOWELS) + chance.choice(_ENDS)
                for _ in range(syllables)
            )
        ] = None
    return list(found)[len(common) :]


def _sentence(
    chance: random.Random, common: Ranked[str], *, also: Ranked[str] | None = None
) -> str:
    words = [common.draw(chance) for _ in range(chance.randint(8, 24))]
    if also is not None:
        words[chance.randrange(len(words))] = also.draw(chance)
    return f"{' '.join(words).capitalize()}."
