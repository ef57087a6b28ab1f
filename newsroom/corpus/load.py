"""Loading the corpus through the one door, some hundred stories at a time."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection, transaction

from articles import publishing
from articles.models import Article
from articles.site.search import words_index
from newsroom.corpus import paper, processes, put_off
from newsroom.corpus.paper import Paper
from newsroom.corpus.stories import YEARS, stories
from newsroom.corpus.words import Language, invent

AT_ONCE = 250
LZ4 = "default_toast_compression"
# How far back to look for the greatest number: processes finish out of order.
_LATELY = AT_ONCE * 100
# From so many stories on, the index of words is quicker made at the end.
MANY = 5_000


@dataclass(frozen=True, slots=True)
class _Batch:
    """Some of the numbers to load, and the time at which the last of all went out."""

    numbers: range
    of: range
    until: dt.datetime
    paper: Paper


def count() -> int:
    """How many stories of the corpus are here."""
    return Article.objects.filter(created_by__email=paper.LOADER).count()


def has_others() -> bool:
    """Whether somebody else's stories are here."""
    return Article.objects.exclude(created_by__email=paper.LOADER).exists()


def begin(wanted: int) -> None:
    """Before many are loaded that will be most of what is here: put off what is cheaper later.

    Until ``finish``, of this run or of another, searches and some lists read every story, and the
    database takes rows that point to nothing.
    """
    there = count()
    if wanted - there >= max(there, MANY) and not has_others():
        with transaction.atomic():
            words_index.drop()
            put_off.put_off()


def load(wanted: int, *, until: dt.datetime, at_a_time: int = 1) -> Iterator[int]:
    """Load until there are ``wanted`` stories; yields how many there are after each step.

    It goes on where an earlier run stopped. ``at_a_time``: how many processes load; one is this.
    """
    paper.loader()
    laid_out = paper.lay_out()
    there, first = count(), _first_free_number()
    numbers = range(first, first + wanted - there)
    batches = (
        _Batch(numbers[place : place + AT_ONCE], numbers, until, laid_out)
        for place in range(0, len(numbers), AT_ONCE)
    )
    work: Iterator[int] = map(_load, batches)
    if at_a_time > 1:
        work = processes.spread(_load, batches, processes=at_a_time)
    for loaded in work:
        there += loaded
        yield there


def finish() -> None:
    """Make what was put off, and let the database know that its tables are no longer empty.

    The index of words keeps one core busy for about as long as all the rest, so that goes beside.
    """
    with ThreadPoolExecutor(1) as beside:
        rest = beside.submit(_make_again) if put_off.is_any() else None
        _make_words_index()
        if rest:
            rest.result()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _make_again() -> None:
    """In a thread, whose connection is its own."""
    try:
        put_off.make_again()
    finally:
        connection.close()


def _make_words_index() -> None:
    is_postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if is_postgres:
            cursor.execute("SET maintenance_work_mem = '1GB'")
        words_index.make()
        if is_postgres:
            cursor.execute("RESET maintenance_work_mem")


def _first_free_number() -> int:
    """One above the greatest number so far, which is the end of an address."""
    slugs = Article.objects.filter(created_by__email=paper.LOADER).order_by("-pk")
    numbers = (slug.rsplit("-", 1)[-1] for slug in slugs.values_list("slug", flat=True)[:_LATELY])
    return max(map(int, numbers), default=0) + 1


def _load(batch: _Batch) -> int:
    _hurry()
    some = stories(
        batch.numbers,
        of=batch.of,
        until=batch.until,
        paper=batch.paper,
        language=_language(),
    )
    return len(publishing.bulk_load(list(some), editor=paper.loader()))


@lru_cache(maxsize=1)
def _language() -> Language:
    return invent(years=YEARS)


@lru_cache(maxsize=1)
def _hurry() -> None:
    """Once in a process: settings of its connection for many rows at once."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        # What a crash takes of an invented paper is loaded again.
        cursor.execute("SET synchronous_commit = off")
        # The index of words takes in many stories at once cheaper than a few.
        cursor.execute("SET gin_pending_list_limit = '64MB'")
        cursor.execute("SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = %s", [LZ4])
        if cursor.fetchone() == (True,):
            cursor.execute(f"SET {LZ4} = 'lz4'")
