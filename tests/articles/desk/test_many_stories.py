"""The desk's lists among very many stories: nothing counts or reads them all."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import publishing
from articles.desk import capped_pages, story_search
from articles.models import Article
from tests import cast
from tests.cast import make_article, make_story, staff

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"


@pytest.fixture
def editor(client):
    user = staff("Editor")
    client.force_login(user)
    return user


def shown(client, query=""):
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 200
    return {str(article) for article in answer.context["cl"].result_list}


@pytest.fixture
def few(monkeypatch):
    """Three stories are many here."""
    monkeypatch.setattr(capped_pages.CappedPages, "most", 3)
    monkeypatch.setattr(story_search, "NEWEST", 3)


def test_a_long_list_says_more_than_it_counted(client, editor, few):
    for _ in range(5):
        make_article()
    page = client.get(LIST)

    assert "More than 3 stories" in page.content.decode()
    assert page.context["cl"].result_count == 3


def test_a_short_list_says_how_many_there_are(client, editor, few):
    for _ in range(3):
        make_article()

    assert "3 stories" in (said := client.get(LIST).content.decode())
    assert "More than" not in said


def test_parts_of_words_are_found_in_the_stories_saved_last(client, editor, few):
    for name in ("Breakwater", "Lighthouse", "Harbour wall"):
        make_article(headline=name)

    assert shown(client, "q=akwat") == {"Breakwater"}
    assert shown(client, "q=harb+all") == {"Harbour wall"}
    assert shown(client, "q=lisa") == {"Breakwater", "Lighthouse", "Harbour wall"}


def test_older_stories_are_found_by_whole_words_by_author_and_by_address(client, editor, few):
    old = make_story(headline="Breakwater opened", slug="the-old-one")
    make_story(headline="Gone again", body="<p>Its breakwater stands in the body alone.</p>")
    for n in range(4):
        make_article(headline=f"Newer {n}", authors=[])

    assert shown(client, "q=breakwater") == {"Breakwater opened"}
    assert shown(client, "q=the-old-one") == {"Breakwater opened"}
    assert shown(client, "q=lisa") == {"Breakwater opened", "Gone again"}
    assert shown(client, "q=nowhere") == set()
    assert shown(client, "q=breakwater&state=unpublished") == set()
    publishing.unpublish(old.article, editor=cast.ed())
    assert shown(client, "q=the-old-one&state=unpublished") == {"Breakwater opened"}


def queries_of(client, path):
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        (LIST, 12),
        (f"{LIST}?q=ships", 17),
        (f"{LIST}?whose=mine", 12),
        (f"{LIST}?due=today", 12),
        ("/admin/", 19),
    ],
)
def test_a_list_costs_as_many_queries_for_one_story_as_for_many(client, editor, few, path, most):
    for _ in range(4):
        make_story(headline="Ships wait")
    first = queries_of(client, path)
    for _ in range(8):
        make_story(headline="Ships wait")

    assert Article.objects.count() == 12
    assert queries_of(client, path) <= first <= most
