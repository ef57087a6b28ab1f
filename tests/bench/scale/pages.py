"""What readers' pages read of PostgreSQL, and how long they take."""

import re
import statistics
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from django.db import connection
from django.test import Client
from django.utils import timezone

from articles.models import (
    Author,
    AuthorListing,
    PublishedArticle,
    Section,
    SectionListing,
    Topic,
    TopicListing,
)
from articles.models.published import PublishedQuerySet
from articles.site.nearby import newest_of_section, newest_of_topic
from tests.bench.scale.clock import Times, timed

ROUNDS, STORIES = 20, 20
RARER = 40
_READ = re.compile(r"(?:hit|read)=(\d+)")
_reader = Client()
Act = Callable[[], object]


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
    yield "article", _newest()[100].path
    yield "article, old", _newest().reverse()[100].path


def _newest() -> PublishedQuerySet:
    return PublishedArticle.objects.filter(withdrawn_at=None).newest_first()


def buffers() -> dict[str, int]:
    """How many blocks of the database the queries of each page touch; {} on SQLite.

    Stories differ by their topics: of them it is the mean of some. ``related`` is a part of it.
    """
    if connection.vendor != "postgresql":
        return {}
    found = {name: _buffers_of(partial(_get, path)) for name, path in paths().items()}
    new, old = (list(rows[100 : 100 + STORIES]) for rows in (_newest(), _newest().reverse()))
    return found | {
        "article": _mean(partial(_get, story.path) for story in new),
        "article, old": _mean(partial(_get, story.path) for story in old),
        "related": _mean(partial(_look_around, story) for story in new),
    }


def _mean(acts: Iterable[Act]) -> int:
    return round(statistics.mean(map(_buffers_of, acts)))


def _look_around(story: PublishedArticle) -> None:
    """As the page of a story does for what is related to it."""
    at = timezone.now()
    topics = Topic.objects.filter(listings__published=story)
    list(topics.values(stories=newest_of_topic(at)))
    list(Section.objects.filter(pk=story.section_id).values(stories=newest_of_section(at)))


def times() -> dict[str, Times]:
    return {name: timed(lambda p=path: _get(p), rounds=ROUNDS) for name, path in paths().items()}


def _buffers_of(act: Act) -> int:
    act()
    asked = []

    def listen(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        act()
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
