"""How many queries a page costs, whatever the number of stories and sections."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.site.search import index
from tests import cast
from tests.accounts.doors import signed_in
from tests.articles.site.crowd import gather

pytestmark = pytest.mark.django_db

SIZES = [(50, 3), (500, 12)]
LISTS = [
    "/latest/",
    "/section-1/",
    "/topics/shipping/",
    "/authors/lisa-berg/",
    "/search/?q=story",
    "/corrections/",
    "/corrections/feeds/rss/",
    "/feeds/rss/",
    "/section-1/feeds/rss/",
    "/topics/shipping/feeds/rss/",
    "/authors/lisa-berg/feeds/rss/",
]


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(path)
    assert answer.status_code == 200
    return len(caught)


@pytest.mark.parametrize(("stories", "sections"), SIZES)
def test_an_anonymous_article_costs_four_queries(client, stories, sections):
    crowd = gather(stories=stories, sections=sections)
    for story in crowd[:3]:
        assert queries_of(client, story.path) == 4, story.access


@pytest.mark.parametrize(("stories", "sections"), SIZES)
def test_a_subscribers_article_costs_at_most_nine_queries(stories, sections):
    crowd = gather(stories=stories, sections=sections)
    client = signed_in(cast.sam())
    for story in crowd[:3]:
        client.get(story.path)
        assert queries_of(client, story.path) <= 9, story.access


@pytest.mark.parametrize(("stories", "sections"), SIZES)
def test_the_front_page_costs_eight_queries(client, stories, sections):
    gather(stories=stories, sections=sections)
    assert queries_of(client, "/") == 8


@pytest.mark.parametrize(("stories", "sections"), SIZES)
def test_every_list_costs_at_most_eight_queries(client, stories, sections):
    gather(stories=stories, sections=sections)
    index.rebuild()
    for path in LISTS:
        assert queries_of(client, path) <= 8, path


@pytest.mark.parametrize("path", ["/", "/latest/", "/search/", "/about/nothing/", "/nothing/"])
def test_an_empty_newsroom_costs_little(client, path):
    with CaptureQueriesContext(connection) as caught:
        client.get(path)
    assert len(caught) <= 8
