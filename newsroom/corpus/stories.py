"""Contents of invented stories, in the shape of the desk's snapshot."""

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from articles.desk.snapshots import empty
from articles.models.article import Access
from articles.publishing import Incoming
from newsroom.corpus.paper import Paper
from newsroom.corpus.words import Language

YEARS = 15
_SPAN = dt.timedelta(days=365 * YEARS)
# How often each is drawn.
_KINDS = (("news", "analysis", "opinion", "explainer"), (78, 9, 8, 5))
_ACCESS = (("free", "registered", "metered", "premium"), (50, 12, 13, 25))
_PROMINENCE = (("normal", "second", "lead"), (94, 4, 2))
LEAST_WORDS, USUAL_WORDS, MOST_WORDS = 200, 400, 1500


def stories(
    numbers: range, *, of: range, until: dt.datetime, paper: Paper, language: Language
) -> Iterator[Incoming]:
    """One story for each number, oldest first, denser towards ``until`` (aware).

    ``of``: all numbers that are loaded, of which these are some.
    """
    for number in numbers:
        age = _SPAN * (1 - (number - of.start + 1) / len(of)) ** 1.5
        yield _story(number, until - age, age, paper, language)


def _story(
    number: int, at: dt.datetime, age: dt.timedelta, paper: Paper, language: Language
) -> Incoming:
    chance = random.Random(f"story {number}")  # noqa: S311 - nothing is secret here
    year = min(int(age / _SPAN * YEARS), YEARS - 1)
    words = min(max(int(chance.gauss(USUAL_WORDS, 150)), LEAST_WORDS), MOST_WORDS)
    paragraphs = language.text(chance, words=words, year=year)
    access = chance.choices(*_ACCESS)[0]
    headline = " ".join(chance.choice(language.sentences).rstrip(".").split()[:9])
    content = _blank() | {
        "headline": headline,
        "standfirst": chance.choice(language.sentences)[:400],
        "slug": f"{'-'.join(headline.lower().split()[:5])}-{number}"[-100:],
        "kind": chance.choices(*_KINDS)[0],
        "access": access,
        "prominence": chance.choices(*_PROMINENCE)[0],
        "body": _body(paragraphs, is_gated=access != Access.FREE),
        "section": paper.sections.draw(chance),
        "topics": paper.some_topics(chance),
    }
    return Incoming(content | _rows(chance, paper, language), at)


@lru_cache(maxsize=1)
def _blank() -> dict[str, Any]:
    """What a story holds before a word is written. All that can change is replaced in a copy."""
    return empty(language="en")


def _body(paragraphs: list[str], *, is_gated: bool) -> str:
    blocks = [f"<p>{paragraph}</p>" for paragraph in paragraphs]
    # So that enough lies behind the gate.
    return "".join([blocks[0], *(['<hr data-cut="">'] if is_gated else []), *blocks[1:]])


def _rows(chance: random.Random, paper: Paper, language: Language) -> dict[str, Any]:
    authors = {paper.authors.draw(chance) for _ in range(chance.choice((1, 1, 1, 2)))}
    points = [chance.choice(language.sentences)[:300] for _ in range(chance.choice((0, 0, 3)))]
    sources = range(chance.choice((0, 1, 2)))
    return {
        "bylines": [_with_uid(chance, author=pk, role="") for pk in sorted(authors)],
        "takeaways": [_with_uid(chance, label="", text=point) for point in points],
        "sources": [
            _with_uid(
                chance, title=f"Report {n + 1}", publisher="An office", url="https://example.org/"
            )
            for n in sources
        ],
    }


def _with_uid(chance: random.Random, **row: Any) -> dict[str, Any]:
    return row | {"uid": str(uuid.UUID(int=chance.getrandbits(128), version=4))}
