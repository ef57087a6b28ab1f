"""What a person typed into the search box, as terms that no database can misread."""

import re
from dataclasses import dataclass

from articles.site.search.words import fold

LONGEST = 200
MOST_TERMS = 12

_PART = re.compile(r'(-?)"([^"]*)"?|(-?)([^\s"]+)')
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Term:
    """One or more words that stand side by side; ``is_excluded``: they must not."""

    words: tuple[str, ...]
    is_excluded: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """The terms of a search: all wanted ones must be found, no excluded one."""

    typed: str
    terms: tuple[Term, ...]

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.is_excluded)

    @property
    def excluded(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.is_excluded)

    @property
    def is_empty(self) -> bool:
        """Nothing to look for: an index cannot list what does not hold a word."""
        return not self.wanted


def parse(typed: str) -> Query:
    """Read words, ``"a phrase"`` and ``-word``; every other sign parts words. Never fails."""
    typed = " ".join(typed.replace("\x00", " ").split())[:LONGEST]
    terms = []
    for minus_phrase, phrase, minus_word, word in _PART.findall(typed):
        words = tuple(_WORD.findall(fold(phrase or word)))
        if words:
            terms.append(Term(words, is_excluded=bool(minus_phrase or minus_word)))
    return Query(typed, tuple(terms[:MOST_TERMS]))
