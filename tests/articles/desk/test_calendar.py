"""The calendar: a week of what is due and of what happens by itself."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.desk import bin as desk_bin
from articles.desk import calendar_week
from articles.models import Article, PublishedArticle
from tests.cast import make_article, make_publication, make_story, registered, staff

pytestmark = pytest.mark.django_db

PAGE = "/admin/calendar/"
# A Wednesday far ahead, in New York's summer.
WEDNESDAY = dt.datetime(2030, 7, 17, 16, tzinfo=dt.UTC)
WEEK = f"{PAGE}?week=2030-W29"
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def editor(client):
    make_publication(zone="America/New_York")
    user = staff("Editor")
    client.force_login(user)
    return user


def due(name, at):
    return make_article(headline=name, due_at=at)


def public(name, **times):
    story = make_story(headline=name)
    PublishedArticle.objects.filter(pk=story.pk).update(**times)
    return story.article


def days(answer):
    """Day by day: what happens to which story."""
    return {
        day.date.day: [f"{item.what}: {item.title}" for item in day.items]
        for day in answer.context["week"].days
        if day.items
    }


def test_a_week_lists_everything_that_has_a_time_by_day(client):
    due("Budget", WEDNESDAY)
    public("Bonds", published_at=WEDNESDAY - HOUR)
    public("Harbour", next_at=WEDNESDAY + HOUR)
    public("Raffle", off_at=WEDNESDAY + 24 * HOUR)
    make_article(headline="Report", embargo_until=WEDNESDAY + 25 * HOUR)

    answer = client.get(WEEK)

    assert days(answer) == {
        17: ["Goes out: Bonds", "Due: Budget", "Update goes out: Harbour"],
        18: ["Leaves the site: Raffle", "Embargo ends: Report"],
    }
    page = answer.content.decode()
    assert "Wednesday, July 17" in page
    assert re.search(r'<time datetime="2030-07-17T12:00-0400"[^>]*>Due noon</time>', page)


def test_days_begin_and_end_at_midnight_in_the_newsroom(client):
    due("Sunday night before", dt.datetime(2030, 7, 15, 3, 59, tzinfo=dt.UTC))
    due("Monday", dt.datetime(2030, 7, 15, 4, tzinfo=dt.UTC))
    due("Sunday", dt.datetime(2030, 7, 22, 3, 59, tzinfo=dt.UTC))
    due("Monday after", dt.datetime(2030, 7, 22, 4, tzinfo=dt.UTC))

    assert days(client.get(WEEK)) == {15: ["Due: Monday"], 21: ["Due: Sunday"]}


def test_the_week_of_a_clock_change_has_all_its_hours(client):
    for hour in range(24 * 7 + 1):
        due(f"Hour {hour}", dt.datetime(2030, 10, 28, 4, tzinfo=dt.UTC) + hour * HOUR)

    week = client.get(f"{PAGE}?week=2030-W44").context["week"]

    assert [len(day.items) for day in week.days] == [24] * 6 + [25]


def test_what_is_out_off_the_site_or_in_the_bin_is_not_to_come(client, editor):
    public("Out", published_at=timezone.now() - HOUR)
    public("Withdrawn", published_at=WEDNESDAY, withdrawn_at=WEDNESDAY)
    desk_bin.put(due("Binned", WEDNESDAY), by=editor)

    assert days(client.get(WEEK)) == {}
    assert days(client.get(PAGE)) == {}


def test_without_a_week_it_is_this_one_and_today_is_marked(client):
    article = due("Soon", timezone.now() - dt.timedelta(minutes=1))

    answer = client.get(PAGE)

    page = answer.content.decode()
    assert page.count('aria-current="date"') == 1
    assert sum(day.is_today for day in answer.context["week"].days) == 1
    assert article.headline in page
    assert "Late: due" in page
    assert "This week</a>" not in page


def test_the_weeks_before_and_after_are_one_step_away(client):
    page = client.get(f"{PAGE}?week=2026-W53").content.decode()

    assert 'href="?week=2026-W52"' in page
    assert 'href="?week=2027-W01"' in page
    assert "This week</a>" in page


@pytest.mark.parametrize(
    "week", ["x", "2026-W54", "2027-W53", "2026-W00", "0001-W01", "9999-W52", "%00", "2026-W1"]
)
def test_what_is_no_week_is_not_found(client, week):
    assert client.get(f"{PAGE}?week={week}").status_code == 404


def test_it_is_read_only_and_for_those_who_see_stories(client):
    assert client.post(PAGE).status_code == 405
    assert PAGE in client.get("/admin/").content.decode()
    client.force_login(staff("Photo desk"))
    assert client.get(PAGE).status_code == 403
    assert PAGE not in client.get("/admin/").content.decode()
    client.force_login(registered())
    assert client.get(PAGE).status_code == 302


def test_the_number_of_queries_does_not_grow_with_the_week(client):
    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get(WEEK)
        return len(queries)

    def add():
        due("A", WEDNESDAY)
        public("B", published_at=WEDNESDAY, next_at=WEDNESDAY, off_at=WEDNESDAY + HOUR)

    add()
    client.get(WEEK)
    few = count()
    for _ in range(5):
        add()

    assert count() == few <= 15


def test_a_week_too_full_to_show_says_so(client):
    rows = [Article(headline=f"Story {n}", due_at=WEDNESDAY) for n in range(calendar_week.MOST)]
    Article.objects.bulk_create(rows)

    assert "more this week than is shown" in client.get(WEEK).content.decode()
