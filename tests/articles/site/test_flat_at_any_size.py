"""What PostgreSQL reads for a page does not grow with the number of stories."""

import re

import pytest
from django.db import connection

from tests.articles.site.crowd import gather

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.postgres,
]

MOST = 1.5
PAGES = [
    "/",
    "/latest/",
    "/section-1/",
    "/topics/shipping/",
    "/authors/lisa-berg/",
    "/2025/01/01/story-7/",
    "/feeds/rss/",
    "/section-1/feeds/rss/",
    "/topics/shipping/feeds/rss/",
    "/authors/lisa-berg/feeds/rss/",
    "/sitemap.xml",
    "/sitemaps/pages.xml",
]
_READ = re.compile(r"(?:hit|read)=(\d+)")


def buffers_of(client, path: str) -> int:
    """How many pages of the database the queries of a page touch."""
    asked = []

    def listen(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        assert client.get(path).status_code == 200, path
    return sum(read_by(sql, params) for sql, params in asked if "SELECT" in sql[:8])


def read_by(sql: str, params) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) {sql}", params)
        lines = [line for (line,) in cursor.fetchall()]
    touched = next((line for line in lines if "Buffers:" in line), "")
    return sum(map(int, _READ.findall(touched)))


def measured(client) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {path: buffers_of(client, path) for path in PAGES}


def test_every_page_reads_as_much_among_six_times_the_stories(client):
    # Enough for an index of two levels: one of a single page would be read twice as fast.
    gather(stories=600, sections=6)
    few = measured(client)
    gather(stories=3000, sections=6)
    many = measured(client)

    ratios = {path: round(many[path] / few[path], 2) for path in PAGES}
    assert {path: ratio for path, ratio in ratios.items() if ratio > MOST} == {}, ratios
