"""The list of stories: states, filters, publishing some at once."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing
from articles.desk import bin as desk_bin
from articles.desk import revisions, workflow
from articles.models import Article, PublishedArticle
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


def test_the_filters_know_what_left_by_its_time_and_what_stands_in_the_archive(client, editor):
    gone = make_story(headline="Gone by its time").article
    an_hour_ago = timezone.now() - dt.timedelta(hours=1)
    PublishedArticle.objects.filter(article=gone).update(
        published_at=an_hour_ago - dt.timedelta(hours=1), off_at=an_hour_ago
    )
    publishing.archive(make_story(headline="From the archive").article, editor=ed())
    publishing.retract(make_story(headline="Taken back").article, editor=ed(), text="Wrong.")

    assert shown(client, "state=unpublished") == {"Gone by its time"}
    assert shown(client, "state=archived") == {"From the archive"}
    assert shown(client, "state=retracted") == {"Taken back"}
    assert shown(client, "state=none") == set()


def test_a_story_is_live_with_changes_from_its_first_save_to_its_next_publication(client, editor):
    article = make_story(headline="A story").article
    assert shown(client, "state=live_with_changes") == set()

    article.refresh_from_db()
    article.headline = "The same story"
    article.save(update_fields=["headline"])
    revisions.keep(article, editor=ed())
    assert shown(client, "state=live_with_changes") == {"The same story"}

    publishing.publish(article, editor=ed())
    assert shown(client, "state=live_with_changes") == set()


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


def test_the_number_of_queries_does_not_grow_with_the_stories(client, editor):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(LIST).status_code == 200
        return len(queries)

    make_story(authors=[lisa()])
    make_article(created_by=editor)
    client.get(LIST)
    few = count()
    for number in range(12):
        section = make_section(f"Section {number % 4}")
        make_story(authors=[lisa(), tom()], section=section)
        make_article(authors=[tom()], section=section, created_by=editor)

    assert count() == few
    assert few <= 20


# --- The desk's own states ----------------------------------------------------------------------


def test_stories_are_filtered_by_their_state_at_the_desk(client, editor):
    reporter = staff("Reporter")
    sent, asked = (make_article(headline=name, created_by=reporter) for name in ("Sent", "Asked"))
    make_article(headline="Draft")
    for article in (sent, asked):
        revisions.keep(article, editor=reporter)
        workflow.submit(article, by=reporter)
    workflow.ask_for_changes(asked, by=editor, note="Again.")

    assert shown(client, "work=in_review") == {"Sent"}
    assert shown(client, "work=changes_requested") == {"Asked"}
    assert shown(client, "whose=waiting") == {"Sent"}
    assert shown(client, "work=nonsense") == set()


def test_stories_are_filtered_by_when_they_are_due(client, editor):
    now = timezone.now()
    late = make_article(headline="Late")
    workflow.set_due(late, at=now - dt.timedelta(hours=1), by=editor)
    next_year = make_article(headline="Next year")
    workflow.set_due(next_year, at=now + dt.timedelta(days=365), by=editor)
    make_article(headline="At no time")

    assert shown(client, "due=overdue") == {"Late"}
    assert shown(client, "due=any") == {"Late", "Next year"}
    assert 'class="late">Late: ' in client.get(LIST).content.decode()


def test_the_list_leaves_out_what_is_in_the_bin_until_asked(client, editor):
    article = make_article(headline="Binned")
    make_article(headline="Kept")
    desk_bin.put(article, by=editor)

    assert shown(client) == {"Kept"}
    assert shown(client, "bin=yes") == {"Binned"}
    assert 'data-state="bin">In the bin' in client.get(f"{LIST}?bin=yes").content.decode()


# --- Publishing some at once --------------------------------------------------------------------


def publish_chosen(client, *articles):
    data = {"action": "publish_chosen", "_selected_action": [article.pk for article in articles]}
    answer = client.post(LIST, data, follow=True)
    return " ".join(str(message) for message in answer.context.get("messages", ()))


def test_some_stories_are_published_at_once_and_the_refused_ones_named(client, editor):
    good, other = make_article(headline="Good"), make_article(headline="Other")
    bad = make_article(headline="Bad", slug="", authors=[])
    live = make_story(headline="Live").article

    said = publish_chosen(client, good, bad, other, live)

    assert "Published 2 stories." in said
    assert 'change/">Bad</a>: Name at least one author. The address is missing.' in said
    assert "Live</a>: It is on the site as it stands." in said
    names = PublishedArticle.objects.live(timezone.now()).values_list("headline", flat=True)
    assert set(names) == {"Good", "Other", "Live"}
    assert set(PublishedArticle.objects.values_list("version", flat=True)) == {1}


def test_the_rules_of_the_work_axis_hold_there_too(client, editor):
    politics = make_section("Politics", needs_four_eyes=True)
    unseen = make_article(headline="Unseen", section=politics)
    binned = make_article(headline="Binned")
    desk_bin.put(binned, by=editor)

    said = publish_chosen(client, unseen)
    assert "Politics wants four eyes" in said
    data = {"action": "publish_chosen", "_selected_action": [binned.pk]}
    client.post(f"{LIST}?bin=yes", data, follow=True)

    assert not PublishedArticle.objects.exists()


def test_more_than_fifty_at_once_are_refused(client, editor):
    articles = [make_article() for _ in range(51)]

    said = publish_chosen(client, *articles)

    assert "at most 50" in said
    assert not PublishedArticle.objects.exists()


@pytest.mark.parametrize("group", ["Reporter", "Photo desk"])
def test_those_who_do_not_publish_have_no_such_action(client, group):
    article = make_article()
    client.force_login(staff(group))

    publish_chosen(client, article)

    assert not PublishedArticle.objects.exists()
    assert "publish_chosen" not in client.get(LIST).content.decode()


def test_very_long_words_find_nothing_and_break_nothing(client):
    client.force_login(ed())

    answer = client.get("/admin/articles/article/", {"q": "x" * 70_000})

    assert answer.status_code == 200
