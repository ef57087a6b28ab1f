"""The start page: what waits for whom, what is late, which pictures lack something."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.desk import bin as desk_bin
from articles.desk import revisions, start, workflow
from articles.models import Article, Author, PublishedArticle
from tests.articles.desk.people import another, tom
from tests.cast import (
    lisa,
    make_article,
    make_image,
    make_publication,
    make_section,
    make_story,
    staff,
)

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
NOON = dt.datetime(2026, 7, 1, 16, tzinfo=dt.UTC)


@pytest.fixture
def reporter():
    return staff("Reporter")


@pytest.fixture
def editor():
    return staff("Editor")


def sent(reporter, **fields):
    article = make_article(created_by=reporter, **fields)
    revisions.keep(article, editor=reporter)
    workflow.submit(article, by=reporter)
    return article


def due(article, at):
    Article.objects.filter(pk=article.pk).update(due_at=at)
    return article


def lists(user, *, now=None):
    page = start.page_for(user, now=now or timezone.now())
    shown = [*page.main, *page.aside, *filter(None, [page.pictures])]
    return {each.title: [row.title for row in each.rows] for each in shown}


def test_what_is_in_review_waits_for_editors_and_changes_for_their_writer(reporter, editor):
    sent(reporter, headline="Sent")
    asked = sent(reporter, headline="Asked")
    workflow.ask_for_changes(asked, by=editor, note="Put the turnout first.")
    approved = sent(reporter, headline="Approved")
    workflow.approve(approved, by=editor, revision=approved.head)
    make_article(headline="Draft", created_by=reporter)

    assert lists(editor)["Waiting for me"] == ["Sent", "Approved"]
    assert lists(reporter)["Waiting for me"] == ["Asked"]
    assert lists(another("Reporter", "Tom Ash"))["Waiting for me"] == []


def test_what_is_due_first_stands_first_then_what_waits_longest(reporter, editor):
    for name in ("Third", "Fourth"):
        sent(reporter, headline=name)
    due(sent(reporter, headline="Second"), timezone.now() + 3 * HOUR)
    due(sent(reporter, headline="First"), timezone.now() + HOUR)

    assert lists(editor)["Waiting for me"] == ["First", "Second", "Third", "Fourth"]


def test_mine_are_those_i_began_and_those_with_my_name(reporter):
    Author.objects.filter(pk=lisa().pk).update(user=reporter)
    make_article(headline="Begun", created_by=reporter, authors=[tom()])
    make_article(headline="With my name", authors=[lisa()])
    make_article(headline="Another's", authors=[tom()])

    assert set(lists(reporter)["Mine"]) == {"Begun", "With my name"}


def test_late_and_today_follow_the_newsrooms_clock(editor):
    make_publication(zone="America/New_York")
    with timezone.override("America/New_York"):
        due(make_article(headline="Late"), NOON - HOUR)
        due(make_article(headline="Tonight"), NOON + 11 * HOUR)
        due(make_article(headline="Tomorrow"), NOON + 12 * HOUR)
        scheduled = make_story(headline="Scheduled").article
        PublishedArticle.objects.filter(article=scheduled).update(published_at=NOON + 2 * HOUR)
        shown = lists(editor, now=NOON)

    assert shown["Overdue"] == ["Late"]
    assert shown["Due today"] == ["Tonight", "Scheduled"]


def test_the_list_behind_due_today_is_the_same(client, editor):
    tonight = timezone.now().replace(hour=23, minute=59, second=59, microsecond=999_999)
    scheduled = make_story(headline="Scheduled").article
    PublishedArticle.objects.filter(article=scheduled).update(published_at=tonight)
    due(make_article(headline="Due"), tonight)
    make_article(headline="At no time")
    client.force_login(editor)

    found = client.get("/admin/articles/article/?due=today").context["cl"].result_list

    assert {str(article) for article in found} == set(lists(editor)["Due today"])
    assert {str(article) for article in found} == {"Due", "Scheduled"}


def test_what_went_out_is_no_longer_late(client, editor):
    from tests.cast import publish

    article = due(make_article(headline="Late"), timezone.now() - HOUR)
    assert lists(editor)["Overdue"] == ["Late"]

    publish(article)

    assert lists(editor)["Overdue"] == []


def test_the_page_says_what_waits_in_words(client, reporter, editor):
    client.force_login(editor)
    assert "Nothing waits for you." in client.get("/admin/").content.decode()
    due(sent(reporter), timezone.now() - dt.timedelta(minutes=41))
    assert "One story waits for you. One is late." in client.get("/admin/").content.decode()
    for _ in range(2):
        sent(reporter)

    page = client.get("/admin/").content.decode()

    assert "Three stories wait for you. One is late." in page
    assert 'class="late">41\xa0minutes late' in page


def test_the_note_and_what_is_missing_stand_with_the_story(client, reporter, editor):
    picture = make_image(credit="", alt_text="")
    article = sent(reporter, headline="Sent", lead_image=picture, authors=[], section=None)
    workflow.ask_for_changes(article, by=editor, note="Put the <b>turnout</b> first.")
    client.force_login(reporter)

    page = client.get("/admin/").content.decode()

    assert "Editor asks: Put the &lt;b&gt;turnout&lt;/b&gt; first." in page
    assert "Missing: section, author, picture credit, picture alt text" in page


def test_pictures_to_see_to_are_those_that_lack_something(client, editor):
    make_image(caption="Whole")
    make_image(caption="Decorative", alt_text="", is_decorative=True)
    make_image(caption="Uncredited", credit="", licence="")
    client.force_login(editor)

    page = client.get("/admin/").content.decode()

    assert lists(editor)["Pictures to see to"] == ["Uncredited"]
    assert "No credit, no licence" in page
    assert "/media/r/" in page
    found = client.get("/admin/articles/image/?missing=any").context["cl"].result_list
    assert [str(image) for image in found] == ["Uncredited"]


def test_each_list_is_cut_and_leads_to_all_of_it(client, reporter, editor):
    for _ in range(start.MOST + 2):
        due(sent(reporter), timezone.now() - HOUR)
        make_image(credit="")
    client.force_login(editor)

    answer = client.get("/admin/")

    page = answer.context["start"]
    for shown in (page.main[0], page.aside[0], page.pictures):
        assert (len(shown.rows), shown.count, shown.more) == (start.MOST, start.MOST + 2, 2)
        assert f'<a href="{shown.url}">All {shown.count}' in answer.content.decode()
        whole = client.get(shown.url).context["cl"]
        assert whole.result_count == shown.count


def test_what_is_in_the_bin_is_not_here(reporter, editor):
    article = due(sent(reporter, headline="Binned"), timezone.now() - HOUR)
    desk_bin.put(article, by=editor)

    assert "Binned" not in str(lists(editor)) + str(lists(reporter))


@pytest.mark.parametrize("group", ["Photo desk", "Subscriptions desk"])
def test_those_without_stories_see_none_at_the_start(client, group):
    make_article(headline="Secret draft")
    make_image(caption="Uncredited", credit="")
    client.force_login(staff(group))

    page = client.get("/admin/").content.decode()

    assert "Secret draft" not in page
    assert "New story" not in page
    assert ("Uncredited" in page) is (group == "Photo desk")


def test_the_number_of_queries_is_the_same_at_five_and_at_two_hundred_stories(
    client, reporter, editor
):
    def add(count):
        """Stories of all kinds, mostly by bulk: only their number matters."""
        section, picture = make_section(), make_image(credit="")
        now = timezone.now()
        rows = Article.objects.bulk_create(
            Article(
                headline=f"Story {number}",
                created_by=editor,
                section=section,
                lead_image=picture,
                work="in_review",
                work_by=reporter,
                work_note="Look.",
                due_at=now + HOUR * (1 if number % 2 else -1),
            )
            for number in range(count)
        )
        for article in rows:
            article.bylines.create(author=tom())

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/admin/").status_code == 200
        return len(queries)

    client.force_login(editor)
    add(5)
    client.get("/admin/")
    few = count()
    add(195)

    assert count() == few
    assert few <= 30
