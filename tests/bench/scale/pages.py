"""What readers' pages read of PostgreSQL, and how long they take."""

import re
from collections.abc import Iterator

from django.db import connection
from django.test import Client

from articles.models import (
    Author,
    AuthorListing,
    PublishedArticle,
    Section,
    SectionListing,
    Topic,
    TopicListing,
)
from tests.bench.scale.clock import Times, timed

ROUNDS = 20
RARER = 40
_READ = re.compile(r"(?:hit|read)=(\d+)")
_reader = Client()


def paths() -> dict[str, str]:
    """The pages by name: of what is written about most, and of what hardly ever."""
    return {
        "home": "/",
        "latest": "/latest/",
        "feed": "/feeds/rss/",
        "sitemaps": "/sitemap.xml",
        "sitemap of pages": "/sitemaps/pages.xml",
        **dict(_lists()),
        **dict(_stories()),
    }


def _lists() -> Iterator[tuple[str, str]]:
    things = (
        ("section", Section, SectionListing, "/{}/"),
        ("author", Author, AuthorListing, "/authors/{}/"),
        ("topic", Topic, TopicListing, "/topics/{}/"),
    )
    for name, model, listing, path in things:
        known = model._default_manager.filter(slug__startswith="corpus-").order_by("pk")
        slugs = list(known.values_list("slug", flat=True))
        yield name, path.format(slugs[0])
        # Rarer ones do not fill a page among ten thousand.
        yield f"{name}, rarer", path.format(slugs[:RARER][-1])
        first = known[0].pk
        rows = listing._default_manager.filter(**{f"{name}_id": first}).order_by("published_at")
        row = rows[50]
        at = row.published_at.strftime("%Y%m%dT%H%M%S%f")
        yield f"{name}, its oldest", f"{path.format(slugs[0])}?before={at}-{row.published_id}"


def _stories() -> Iterator[tuple[str, str]]:
    stories = PublishedArticle.objects.filter(withdrawn_at=None).order_by("published_at")
    yield "article", stories.reverse()[100].path
    yield "article, old", stories[100].path


def buffers() -> dict[str, int]:
    """How many blocks of the database the queries of each page touch; {} on SQLite."""
    if connection.vendor != "postgresql":
        return {}
    return {name: _buffers_of(path) for name, path in paths().items()}


def times() -> dict[str, Times]:
    return {name: timed(lambda p=path: _get(p), rounds=ROUNDS) for name, path in paths().items()}


def _buffers_of(path: str) -> int:
    _get(path)
    asked = []

    def listen(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        _get(path)
    return sum(_read_by(sql, params) for sql, params in asked if "SELECT" in sql[:8])


def _read_by(sql: str, params: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) {sql}", params)
        lines = [line for (line,) in cursor.fetchall()]
    touched = next((line for line in lines if "Buffers:" in line), "")
    return sum(map(int, _READ.findall(touched)))


def _get(path: str) -> None:
    answer = _reader.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
