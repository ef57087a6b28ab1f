"""Loading the corpus through the one door, some hundred stories at a time."""

import datetime as dt
from collections.abc import Iterator
from itertools import islice

from articles import publishing
from articles.models import Article
from newsroom.corpus import paper
from newsroom.corpus.stories import YEARS, stories
from newsroom.corpus.words import invent

AT_ONCE = 250


def count() -> int:
    """How many stories of the corpus are here."""
    return Article.objects.filter(created_by__email=paper.LOADER).count()


def has_others() -> bool:
    """Whether somebody else's stories are here."""
    return Article.objects.exclude(created_by__email=paper.LOADER).exists()


def load(wanted: int, *, until: dt.datetime) -> Iterator[int]:
    """Load until there are ``wanted`` stories; yields how many there are after each step.

    It goes on where an earlier run stopped.
    """
    editor, there = paper.loader(), count()
    numbers = range(there + 1, wanted + 1)
    made = stories(numbers, until=until, paper=paper.lay_out(), language=invent(years=YEARS))
    while some := list(islice(made, AT_ONCE)):
        there += len(publishing.bulk_load(some, editor=editor))
        yield there
