"""Reads are counted in memory and written down from time to time: each once, whatever happens."""

import datetime as dt
import subprocess
import sys
import time

import pytest
from django.db import connection
from django.utils import timezone

from articles.models import HourlyReads
from articles.readership import jobs, keeping, tally, writer
from tests import cast
from tests.accounts.doors import signed_in
from tests.articles.readership.reads import counted, start_anew
from tests.articles.site.public_acts import retract
from tests.conftest import DATA
from tests.live import ROOT, child_environment

READER = """
import sys
import django
django.setup()
from django.utils import timezone
from articles.readership import keeping, tally
for number in range(60):
    for article in map(int, sys.argv[1:]):
        tally.count(article)
    keeping.flush(timezone.now())
"""


@pytest.fixture(autouse=True)
def _nothing_was_read_yet(db):
    start_anew()


def rename(table: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {name}")


@pytest.fixture
def story(db):
    return cast.make_story(access="premium")


def test_a_page_that_django_answers_is_a_read_in_its_hour(client, story):
    for _ in range(3):
        client.get(story.path)
    assert counted(story) == 3
    client.get(story.path)
    assert counted(story) == 4
    [row] = HourlyReads.objects.all()
    assert row.hour_at == timezone.now().replace(minute=0, second=0, microsecond=0)


def test_a_page_that_the_browser_has_already_is_one_too(client, story):
    etag = client.get(story.path)["ETag"]
    assert client.get(story.path, headers={"If-None-Match": etag}).status_code == 304
    assert counted(story) == 2


def test_readers_count_and_staff_do_not(story):
    for user, reads in ((cast.sam(), 1), (cast.registered(), 2), (cast.ed(), 2)):
        browser = signed_in(user)
        start_anew()
        for _ in range(reads):
            browser.get(story.path)
        assert counted(story) == (0 if user.is_staff else reads), user


def test_what_shows_no_story_to_a_reader_is_no_read(client, story):
    gone, draft = cast.make_story(), cast.make_article()
    retract(gone)
    client.head(story.path)
    client.get(gone.path)
    client.get("/")
    client.post(story.path)
    desk = signed_in(cast.ed())
    desk.get(f"/admin/articles/article/{draft.pk}/preview/")
    desk.get(f"/admin/articles/article/{story.article_id}/preview/")
    keeping.flush(timezone.now())
    assert not HourlyReads.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_processes_that_write_at_once_lose_no_read_and_count_none_twice():
    stories = [cast.make_story(), cast.make_story()]
    numbers = [str(story.article_id) for story in stories]
    # One the other way round: neither may wait for what the other holds.
    orders = [numbers, numbers[::-1]]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", READER, *order], cwd=ROOT, env=child_environment(DATA)
        )
        for order in orders
    ]
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    assert [counted(story) for story in stories] == [120, 120]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_takes_nothing_keeps_no_reader_waiting_and_loses_no_read(client, caplog):
    story = cast.make_story()
    client.get(story.path)
    rename("articles_hourlyreads", "away")
    try:
        assert not writer.write()
        assert client.get(story.path).status_code == 200
        assert not writer.write()
    finally:
        rename("away", "articles_hourlyreads")
    assert "wait for the next time" in caplog.text
    assert writer.write()
    assert counted(story) == 2


@pytest.mark.django_db(transaction=True)
def test_a_server_writes_down_what_it_has_counted_by_itself(client):
    story = cast.make_story()
    thread = writer.Writer(every=0.1)
    thread.start()
    try:
        client.get(story.path)
        until = time.monotonic() + 30
        while not HourlyReads.objects.exists() and time.monotonic() < until:
            time.sleep(0.05)
        assert HourlyReads.objects.get().reads == 1
    finally:
        thread.stop()
        thread.join()


def test_what_waits_is_bounded(story):
    now, later = timezone.now(), timezone.now() + dt.timedelta(hours=1)
    waiting = keeping.Waiting(most=2)
    for reads, at in (({7: 1}, now), ({7: 2}, later), ({8: 1}, later), ({7: 5}, later)):
        waiting.put(reads, at=at)
    assert [row[1:] for row in waiting.rows()] == [(7, 1), (7, 7)]
    for _ in range(tally.MOST + 10):
        tally.count(story.article_id)
    assert tally.take().total() == tally.MOST


def test_a_read_of_a_story_that_was_deleted_meanwhile_stops_no_other(story):
    tally.count(story.article_id)
    tally.count(story.article_id + 1000)
    assert counted(story) == 1
    assert HourlyReads.objects.count() == 2
    jobs.renew_most_read()


def test_reads_are_forgotten_after_a_week(story):
    now = timezone.now()
    for days in (0, 6, 8):
        keeping.add({story.article_id: 1}, at=now - dt.timedelta(days=days))
    jobs.forget_old_reads()
    assert counted(story) == 2


def test_nothing_that_is_kept_says_who_read():
    fields = {field.name for field in HourlyReads._meta.get_fields()}
    assert fields == {"id", "hour_at", "article", "reads"}


def test_the_desk_sees_how_often_a_live_story_was_read(story):
    now = timezone.now()
    for reads, days in ((1200, 0), (34, 3), (5, 8)):
        keeping.add({story.article_id: reads}, at=now - dt.timedelta(days=days))
    desk = signed_in(cast.ed())
    form = desk.get(f"/admin/articles/article/{story.article_id}/change/").content.decode()
    assert "Read 1,200 times in 24 hours, 1,234 times in a week" in form
    draft = cast.make_article()
    form = desk.get(f"/admin/articles/article/{draft.pk}/change/").content.decode()
    assert "times in 24 hours" not in form
