"""What PostgreSQL reads for a page does not grow with the number of stories."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from articles.models import MostRead, PublishedArticle
from articles.readership import keeping, rolling_up
from tests.articles.site.crowd import gather

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.postgres,
    pytest.mark.usefixtures("crowd_without_trace"),
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


def buffers_of(act: Callable[[], object]) -> int:
    """How many pages of the database the queries of an act touch."""
    asked = []

    def listen(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        act()
    return sum(read_by(sql, params) for sql, params in asked if "SELECT" in sql[:8])


def get(client, path: str) -> None:
    assert client.get(path).status_code == 200, path


def read_by(sql: str, params) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) {sql}", params)
        lines = [line for (line,) in cursor.fetchall()]
    touched = next((line for line in lines if "Buffers:" in line), "")
    return sum(map(int, _READ.findall(touched)))


def measured(client) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {path: buffers_of(lambda path=path: get(client, path)) for path in PAGES}


def test_every_page_reads_as_much_among_six_times_the_stories(client):
    # Enough for an index of two levels: one of a single page would be read twice as fast.
    crowd = gather(stories=600, sections=6)
    MostRead.objects.bulk_create(
        MostRead(rank=rank, published=story) for rank, story in enumerate(crowd[::30], start=1)
    )
    few = measured(client)
    gather(stories=3000, sections=6)
    many = measured(client)

    ratios = {path: round(many[path] / few[path], 2) for path in PAGES}
    assert {path: ratio for path, ratio in ratios.items() if ratio > MOST} == {}, ratios


def test_the_list_of_the_most_read_is_made_of_its_day_alone_among_ten_times_the_stories():
    def roll_up() -> int:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        return buffers_of(lambda: rolling_up.roll_up(timezone.now()))

    now = timezone.now()
    crowd = gather(stories=400, sections=6)
    keeping.add({story.article_id: 3 for story in crowd[:200]}, at=now)
    keeping.add({story.article_id: 3 for story in crowd}, at=now - dt.timedelta(days=2))
    few = roll_up()
    gather(stories=3600, sections=6)
    stories = PublishedArticle.objects.live(now).values_list("article", flat=True)
    for days in (3, 4, 5):
        keeping.add(dict.fromkeys(stories, 3), at=now - dt.timedelta(days=days))
    assert roll_up() <= few * MOST
