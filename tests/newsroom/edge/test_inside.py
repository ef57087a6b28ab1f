"""The parts of the page cache, and that no writer of what readers see goes past it."""

import os
import re
import subprocess
import sys
import threading

import psycopg
import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from articles import publishing
from articles.models import Author, Image, PublishedArticle, Revision
from newsroom.edge import asked, counters, hosts, promise, tables, watch
from newsroom.edge.application import Edge
from newsroom.edge.counters import Counters
from newsroom.edge.store import Page, Store
from newsroom.edge.tables import Touch, touched_by
from tests import cast
from tests.articles.site import whole_paper
from tests.live import ROOT
from tests.newsroom.edge.wsgi import ask


@pytest.fixture
def shared(tmp_path) -> Counters:
    return Counters(tmp_path / "edge.counters")


def page_of(shared: Counters, body: bytes = b"words") -> Page:
    given = promise.known_to(shared)
    given.until = 10_000.0
    return Page.build(body, etag='"e"', headers=[], promise=given, at=1_000.0)


# --- Which tables -------------------------------------------------------------------------------


def test_no_table_that_a_shared_page_is_read_from_is_listed_as_unseen(client, db):
    paper = whole_paper.print_it()
    paths = [*paper.values(), "/feeds/rss/", "/corrections/feeds/rss/", "/sitemap.xml"]
    with CaptureQueriesContext(connection) as queries:
        for path in paths:
            client.get(path)
    read: set[str] = set()
    for query in queries:
        read |= set(re.findall(r'(?:FROM|JOIN) "?(\w+)"?', query["sql"]))
    assert {"articles_publishedarticle", "articles_section", "articles_image"} <= read
    # Joined for its id alone, from an old address to the new one.
    assert read & (tables.DESK | tables.READERS) <= {"articles_article"}


def test_every_listed_table_is_there_and_all_others_change_the_whole_site(db):
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    listed = tables.STORIES | tables.LISTS | tables.DESK | tables.READERS
    assert listed - known == {"search_index"}
    assert known - listed == {
        "accounts_plan",
        "accounts_price",
        "articles_author",
        "articles_authorlink",
        "articles_image",
        "articles_plainpage",
        "articles_publication",
        "articles_section",
        "articles_topic",
    }


@pytest.mark.parametrize(
    ("sql", "touch"),
    [
        ('SELECT 1 FROM "articles_author" FOR UPDATE', Touch.NOTHING),
        ("(SELECT 1) UNION ALL (SELECT 2)", Touch.NOTHING),
        ('INSERT INTO "articles_revision" VALUES (1)', Touch.NOTHING),
        ('INSERT INTO "articles_image" VALUES (1)', Touch.NOTHING),
        ('UPDATE "articles_image" SET credit = %s', Touch.SITE),
        ('insert or ignore into "articles_topic" values (1)', Touch.SITE),
        ('DELETE FROM "articles_mostread"', Touch.LISTS),
        ('UPDATE "articles_publishedarticle" SET path = %s', Touch.STORIES),
        ("DELETE FROM search_index WHERE rowid = 1", Touch.STORIES),
        ("WITH a AS (SELECT 1) SELECT * FROM a FOR UPDATE SKIP LOCKED", Touch.NOTHING),
        ('WITH a AS (SELECT 1) UPDATE "articles_author" SET name = 1', Touch.SITE),
        ('WITH a AS (DELETE FROM "articles_redirect" RETURNING id) SELECT * FROM a', Touch.STORIES),
        ('TRUNCATE "django_session", "articles_author"', Touch.SITE),
        ("ALTER TABLE articles_author ADD COLUMN x int", Touch.SITE),
        ("/* a remark */ DELETE FROM articles_author", Touch.SITE),
    ],
)
def test_a_statement_says_what_it_changes_and_what_is_not_understood_changes_all(sql, touch):
    assert touched_by(sql) is touch


# --- Around the commit --------------------------------------------------------------------------


def moved(act, places=(counters.SITE, counters.LISTS)) -> list[bool]:
    shared = watch.shared_counters()
    before = [shared[place] for place in places]
    act()
    return [shared[place] != value for place, value in zip(places, before, strict=True)]


@pytest.mark.django_db(transaction=True)
def test_each_commit_moves_what_it_changed_and_no_more():
    article = cast.make_article()
    own = counters.of_story(article.pk)
    places = (counters.SITE, counters.LISTS, own, own + 1)
    assert moved(lambda: cast.publish(article), places) == [False, True, True, False]
    assert moved(lambda: Revision.objects.update(note="x"), places) == [False] * 4
    assert moved(lambda: Author.objects.update(name="x"), places) == [True, True, False, False]
    unpublish = lambda: publishing.unpublish(article, editor=cast.ed())  # noqa: E731
    assert moved(unpublish, places)[:2] == [True, True]
    past_the_door = lambda: PublishedArticle.objects.update(headline="x")  # noqa: E731
    assert moved(past_the_door, places)[:2] == [True, True]


@pytest.mark.django_db(transaction=True)
def test_the_first_bump_comes_before_what_is_done_and_the_second_after_it():
    shared, seen = watch.shared_counters(), []
    before = shared[counters.SITE]

    def commit() -> None:
        seen.append((shared.snapshot().is_dirty, shared[counters.SITE] - before))

    watching = watch.Watch(connection)
    with transaction.atomic():
        watching.execute(lambda *_: None, "UPDATE articles_author SET name = 1", None)
    watching.around(commit)
    assert seen == [(True, 1)]
    assert (shared.snapshot().is_dirty, shared[counters.SITE] - before) == (False, 2)


def _change_and_fail() -> None:
    with transaction.atomic():
        Author.objects.update(name="x")
        raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_moves_nothing_then_or_later():
    cast.lisa()

    def change_and_fail() -> None:
        with pytest.raises(ZeroDivisionError):
            _change_and_fail()

    assert moved(change_and_fail) == [False, False]
    assert moved(lambda: Revision.objects.update(note="x")) == [False, False]


@pytest.mark.django_db(transaction=True)
def test_the_desks_work_on_a_draft_with_a_new_picture_ends_no_page():
    cast.make_section()
    cast.lisa()
    assert moved(lambda: cast.make_article(lead_image=None)) == [False, False]
    assert moved(cast.make_image) == [False, False]
    assert moved(lambda: Image.objects.update(credit="x")) == [True, True]


# --- Counters -----------------------------------------------------------------------------------


def test_two_processes_see_one_anothers_bumps(shared, tmp_path):
    other = Counters(tmp_path / "edge.counters")
    page = page_of(shared)
    assert page.is_true(shared, 1_001.0)
    ticket = other.dirty([counters.SITE])
    assert not page.is_true(shared, 1_001.0)
    assert shared.snapshot().is_dirty
    other.clean([counters.SITE], ticket)
    assert not shared.snapshot().is_dirty
    assert not page.is_true(shared, 1_001.0)


def test_publishers_may_overlap(shared):
    first, second = shared.dirty([counters.SITE]), shared.dirty([counters.SITE])
    shared.clean([counters.SITE], first)
    assert shared.snapshot().is_dirty
    shared.clean([counters.SITE], second)
    assert not shared.snapshot().is_dirty


def test_more_tickets_than_there_is_room_for_lose_no_bump(shared):
    before = shared[counters.SITE]
    tickets = [shared.dirty([counters.SITE]) for _ in range(200)]
    assert shared.snapshot().is_dirty
    for ticket in tickets:
        shared.clean([counters.SITE], ticket)
    assert shared[counters.SITE] == before + 400
    assert not shared.snapshot().is_dirty


def test_threads_lose_no_bump(shared):
    def bump() -> None:
        for _ in range(200):
            shared.clean([counters.LISTS], shared.dirty([counters.LISTS]))

    before = shared[counters.LISTS]
    threads = [threading.Thread(target=bump) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shared[counters.LISTS] == before + 1600


def test_a_file_that_was_replaced_is_opened_anew_and_no_page_of_the_old_one_is_true(
    shared, tmp_path
):
    page = page_of(shared)
    assert not shared.renew_if_replaced()
    (tmp_path / "edge.counters").unlink()
    assert shared.renew_if_replaced()
    assert not page.is_true(shared, 1_001.0)


# --- Pages held ---------------------------------------------------------------------------------


def test_no_more_bytes_are_held_than_allowed_and_the_oldest_use_goes_first(shared):
    page = page_of(shared)
    store = Store(most_bytes=page.size * 3)
    for key in "abc":
        store.put(key, page)
    store.get("a")
    store.put("d", page)
    store.put("d", page)
    assert [key for key in "abcd" if store.get(key)] == ["a", "c", "d"]
    assert store.bytes == page.size * 3
    store.put("huge", page_of(shared, bytes(range(256)) * 2000))
    assert len(store) == 3 or store.bytes <= page.size * 3


def test_a_page_ends_with_its_time_and_when_the_clock_is_set_back(shared):
    page = page_of(shared)
    assert page.is_true(shared, 9_999.9)
    assert not page.is_true(shared, 10_000.0)
    assert not page.is_true(shared, 999.0)


# --- The answers of an edge around Django, in this process -------------------------------------


@pytest.fixture
def edge(transactional_db) -> Edge:
    return Edge(get_wsgi_application(), shared=watch.shared_counters(), most_bytes=5_000_000)


def test_a_page_made_while_a_change_is_on_its_way_is_not_kept(edge):
    path = cast.make_story().path
    ticket = watch.shared_counters().dirty([counters.SITE])
    assert ask(edge, path)[1]["X-Edge"] == "miss"
    assert edge.figures()["pages"] == 0
    watch.shared_counters().clean([counters.SITE], ticket)
    assert [ask(edge, path)[1]["X-Edge"] for _ in range(2)] == ["miss", "hit"]
    assert edge.figures()["pages"] == 1


def test_beside_a_story_a_new_one_may_come_some_seconds_late_but_on_lists_at_once(
    edge, monkeypatch
):
    path = cast.make_story().path
    for address in (path, "/latest/"):
        ask(edge, address)
    cast.make_story(headline="Just in", section=cast.make_section(), authors=[cast.lisa()])
    assert b"Just in" in ask(edge, "/latest/")[2]
    assert b"Just in" not in ask(edge, path)[2]
    monkeypatch.setattr("newsroom.edge.store.LAG_SECONDS", 0)
    assert b"Just in" in ask(edge, path)[2]


def test_a_crowd_lets_a_page_be_made_once(edge, monkeypatch):
    monkeypatch.setattr("newsroom.edge.application._WAITS", 30)
    path = cast.make_story().path
    answers: list[str] = []

    def read() -> None:
        try:
            answers.append(ask(edge, path)[1]["X-Edge"])
        finally:
            connections.close_all()

    crowd = [threading.Thread(target=read) for _ in range(100)]
    for reader in crowd:
        reader.start()
    for reader in crowd:
        reader.join()
    assert sorted(answers) == ["hit"] * 99 + ["miss"]


def test_a_hit_asks_the_database_nothing(edge):
    path = cast.make_story().path
    ask(edge, path)
    with CaptureQueriesContext(connection) as queries:
        assert ask(edge, path)[1]["X-Edge"] == "hit"
    assert len(queries) == 0


def test_behind_a_proxy_each_scheme_has_its_own_answer(transactional_db, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    edge = Edge(get_wsgi_application(), shared=watch.shared_counters(), most_bytes=5_000_000)
    path = cast.make_story().path
    for _ in range(2):
        assert ask(edge, path, HTTP_X_FORWARDED_PROTO="https")[0] == "200 OK"
    assert edge.figures()["hit"] == 1
    assert ask(edge, path, HTTP_X_FORWARDED_PROTO="http")[1]["X-Edge"] == "miss"
    assert "X-Edge" not in ask(edge, path, HTTP_X_FORWARDED_PROTO="ftp")[1]


# --- The set-up ---------------------------------------------------------------------------------


def test_an_operator_is_told_of_a_page_cache_that_could_hold_or_hear_nothing(settings):
    def found() -> set[str]:
        return {message.id for message in run_checks(tags=["newsroom"])}

    assert not found() & {"newsroom.E016", "newsroom.E017"}
    settings.EDGE, settings.EDGE_MEGABYTES, settings.EDGE_LISTEN_URL = True, 0, "redis://here"
    assert found() >= {"newsroom.E016", "newsroom.E017"}


@pytest.mark.parametrize(
    "database", ["sqlite:////tmp/x.sqlite3", "postgres://u:p@db.example:5432/n"]
)
def test_it_is_on_unless_switched_off(tmp_path, database):
    def is_on(**more: str) -> bool:
        own = {"NEWSROOM_MODE": "demo", "NEWSROOM_DATA": str(tmp_path), "DATABASE_URL": database}
        told = subprocess.run(
            [sys.executable, "-c", "from newsroom import settings; print(settings.EDGE)"],
            cwd=ROOT,
            env=os.environ | own | more,
            capture_output=True,
            text=True,
            check=True,
        )
        return told.stdout.strip() == "True"

    assert is_on()
    assert not is_on(EDGE="no")


# --- Several hosts ------------------------------------------------------------------------------


def test_a_message_bumps_on_other_hosts_what_it_names_and_nothing_on_its_own(shared, tmp_path):
    other = Counters(tmp_path / "other.counters")
    words = hosts.message((counters.LISTS, 9), of=other)
    assert list(hosts.places_in(words, own=shared)) == [counters.LISTS, 9]
    assert list(hosts.places_in(words, own=other)) == []
    assert hosts.places_in(hosts.message(range(2000), of=other), own=shared) == counters.EVERY


@pytest.mark.parametrize("words", ["", "7", "7 9", "7 9 1", "7 {size} 1,x", "7 {size} 1,999999"])
def test_a_message_that_is_not_understood_ends_all(shared, words):
    words = words.format(size=len(counters.EVERY))
    assert hosts.places_in(words, own=shared) == counters.EVERY


def test_a_host_is_deaf_until_it_hears_and_when_it_has_not_heard_for_a_while(shared):
    assert shared.is_deaf()
    shared.note_heard(counters.ticks())
    assert not shared.is_deaf()
    for seconds in (-3, 60):
        shared.note_heard(counters.ticks() + seconds * 1_000_000_000)
        assert shared.is_deaf()


def test_what_is_bumped_for_another_host_is_over_here_and_nothing_stays_dirty(shared):
    page = page_of(shared)
    shared.bump(counters.EVERY)
    assert not page.is_true(shared, 1_001.0)
    assert not shared.snapshot().is_dirty


def test_a_deaf_host_lets_django_answer_and_holds_nothing(transactional_db, tmp_path):
    shared = Counters(tmp_path / "edge.counters")
    edge = Edge(get_wsgi_application(), shared=shared, most_bytes=5_000_000, has_fellows=True)
    path = cast.make_story().path
    assert "X-Edge" not in ask(edge, path)[1]
    shared.note_heard(counters.ticks())
    assert [ask(edge, path)[1]["X-Edge"] for _ in range(2)] == ["miss", "hit"]
    shared.note_heard(0)
    assert "X-Edge" not in ask(edge, path)[1]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_only_what_is_committed_is_told_to_other_hosts():
    cast.lisa()
    parameters = connection.get_connection_params() | {"autocommit": True}
    with psycopg.connect(**parameters) as other:
        other.execute(f"LISTEN {hosts.CHANNEL}")
        with pytest.raises(ZeroDivisionError):
            _change_and_fail()
        assert list(other.notifies(timeout=0.1)) == []
        Author.objects.update(name="y")
        (heard,) = other.notifies(timeout=5, stop_after=1)
    own = watch.shared_counters()
    assert heard.payload == hosts.message((counters.SITE, counters.LISTS), of=own)


def test_an_act_is_heard_of_though_its_rows_came_by_copy(db):
    watching = watch.Watch(connection)
    article = cast.make_article()
    watching.declare(article, "published")
    before = watch.shared_counters().snapshot()

    watching.around(lambda: None)
    after = watch.shared_counters().snapshot()
    for place in (counters.LISTS, counters.of_story(article.pk)):
        assert after[place] > before[place]


def test_a_path_that_is_far_too_long_is_not_remembered(edge):
    before = asked._is_plain.cache_info().currsize
    ask(edge, f"/{'x' * 5000}/")
    assert asked._is_plain.cache_info().currsize == before
    ask(edge, f"/{'x' * 200}/")
    assert asked._is_plain.cache_info().currsize == before + 1
