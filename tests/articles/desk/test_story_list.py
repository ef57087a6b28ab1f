"""The list of stories and the start page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import publishing
from articles.models import Article
from tests.articles.desk.people import tom
from tests.cast import ed, lisa, make_article, make_section, make_story, staff

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"


@pytest.fixture
def editor(client):
    user = staff("Editor")
    client.force_login(user)
    return user


@pytest.fixture
def four_states():
    """One story in each state, named after it."""
    make_article(headline="A draft")
    make_story(headline="A live one")
    changed = make_story(headline="A changed one").article
    Article.objects.filter(pk=changed.pk).update(head=changed.head + 5)
    gone = make_story(headline="A gone one").article
    publishing.unpublish(gone, editor=ed())


def shown(client, query=""):
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 200
    return {str(article) for article in answer.context["cl"].result_list}


def test_each_story_shows_its_state_section_authors_and_dates(client, editor, four_states):
    page = client.get(LIST).content.decode()

    for badge in (
        'data-state="draft">Draft',
        'data-state="live">Live<',
        'data-state="changed">Live, with changes',
        'data-state="unpublished">Unpublished',
    ):
        assert badge in page
    assert "World" in page
    assert "Lisa Berg" in page


@pytest.mark.parametrize(
    ("state", "story"),
    [
        ("none", "A draft"),
        ("live", "A live one"),
        ("live_with_changes", "A changed one"),
        ("unpublished", "A gone one"),
    ],
)
def test_stories_are_filtered_by_state(client, editor, four_states, state, story):
    assert shown(client, f"state={state}") == {story}


def test_stories_are_filtered_by_section_access_and_owner(client, editor):
    make_article(headline="World story")
    sport = make_section("Sport")
    make_article(headline="Sport story", section=sport, access="premium", created_by=editor)

    assert shown(client, f"section__id__exact={sport.pk}") == {"Sport story"}
    assert shown(client, "access__exact=premium") == {"Sport story"}
    assert shown(client, "whose=mine") == {"Sport story"}


def test_stories_are_found_by_headline_and_author(client, editor):
    make_article(headline="Ships", authors=[lisa(), tom()])
    make_article(headline="Trains", authors=[lisa()])

    assert shown(client, "q=trains") == {"Trains"}
    assert shown(client, "q=tom+ash") == {"Ships"}


@pytest.mark.parametrize("query", ["state=x", "q=%00", "p=-1", "section__id__exact=x", "o=99"])
def test_odd_queries_are_no_server_error(client, editor, query):
    make_article()

    assert client.get(f"{LIST}?{query}").status_code in (200, 302)


@pytest.mark.parametrize("url", [LIST, "/admin/"])
def test_the_number_of_queries_does_not_grow_with_the_stories(client, editor, url):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    make_story(authors=[lisa()])
    make_article(created_by=editor)
    client.get(url)
    few = count()
    for number in range(12):
        section = make_section(f"Section {number % 4}")
        make_story(authors=[lisa(), tom()], section=section)
        make_article(authors=[tom()], section=section, created_by=editor)

    assert count() == few
    assert few <= 20


def test_the_start_page_shows_mine_and_what_was_saved_last(client):
    reporter = staff("Reporter")
    make_article(headline="Mine", created_by=reporter)
    make_article(headline="Another's")
    client.force_login(reporter)

    answer = client.get(reverse("admin:index"))

    assert [entry.title for entry in answer.context["start"]["mine"]] == ["Mine"]
    assert {entry.title for entry in answer.context["start"]["latest"]} == {"Mine", "Another's"}
    assert "New story" in answer.content.decode()


@pytest.mark.parametrize("group", ["Photo desk", "Subscriptions desk"])
def test_those_without_stories_see_none_at_the_start(client, group):
    make_article(headline="Secret draft")
    client.force_login(staff(group))

    page = client.get(reverse("admin:index")).content.decode()

    assert "Secret draft" not in page
    assert "New story" not in page
