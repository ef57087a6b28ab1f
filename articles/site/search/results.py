"""The results of a search, with the matched words marked."""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from articles.site import cards
from articles.site.frame import Frame
from articles.site.keyset import PAGE_SIZE, Key
from articles.site.search.engines import COUNT_CAP, engine
from articles.site.search.query import Query
from articles.site.search.words import fold

_WORD = re.compile(r"\w+")
# Endings that both indexes overlook, so that "ship" also marks "ships".
_ENDINGS = ("ings", "ing", "ies", "ed", "es", "s", "e", "y")
_SHORTEST_ROOT = 3


@dataclass(frozen=True, slots=True)
class Result:
    """A card with its headline and standfirst as safe HTML, matches in ``<mark>``."""

    card: cards.Card
    headline: SafeString
    standfirst: SafeString


@dataclass(frozen=True, slots=True)
class Results:
    """One page of results. ``count`` is exact up to ``COUNT_CAP``; above, ``is_capped``."""

    results: tuple[Result, ...]
    count: int
    older: Key | None

    @property
    def is_capped(self) -> bool:
        return self.count > COUNT_CAP

    @property
    def cap(self) -> int:
        return COUNT_CAP


def search(query: Query, *, before: Key | None, frame: Frame, at: dt.datetime) -> Results:
    """The newest live stories that hold the query's words, in few queries."""
    if query.is_empty:
        return Results((), 0, None)
    matches = engine().look(query, at=at, before=before, size=PAGE_SIZE + 1)
    shown = matches.keys[:PAGE_SIZE]
    stories = cards.by_ids([key.id for key in shown], at=at)
    roots = frozenset(_root(word) for term in query.wanted for word in term.words)
    found = cards.cards_of(stories, frame.zone, at)
    return Results(
        tuple(Result(c, mark(c.headline, roots), mark(c.standfirst, roots)) for c in found),
        matches.count,
        shown[-1] if len(matches.keys) > PAGE_SIZE else None,
    )


def mark(text: str, roots: frozenset[str]) -> SafeString:
    """The text escaped, with each word of one of the roots in ``<mark>``."""
    parts: list[str] = []
    end = 0
    for found in _WORD.finditer(text):
        parts.append(escape(text[end : found.start()]))
        word = escape(found[0])
        parts.append(f"<mark>{word}</mark>" if _root(fold(found[0])) in roots else word)
        end = found.end()
    parts.append(escape(text[end:]))
    return mark_safe("".join(parts))


def _root(word: str) -> str:
    """A word without its ending: a rough measure, good enough to mark what the index found."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_ROOT:
            return word.removesuffix(ending)
    return word
