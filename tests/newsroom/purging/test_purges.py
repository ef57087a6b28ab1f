"""What caches in front are told: written with the change, sent at once, and until it is taken."""

import datetime as dt
import threading
from collections.abc import Iterator

import pytest
from django.core.checks import run_checks
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from django.utils import timezone

from articles import publishing
from articles.models import Section
from newsroom.edge import watch
from newsroom.edge.application import Edge
from newsroom.models import Purge
from newsroom.purging import sending
from tests import cast
from tests.articles.publishing.acts import edit
from tests.newsroom.edge.test_inside import ask
from tests.newsroom.purging.front import Front

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def front() -> Iterator[Front]:
    cache = Front()
    yield cache
    until_sent()
    cache.close()


def until_sent() -> None:
    """Wait for what is sent beside us."""
    for thread in threading.enumerate():
        if thread.name == "purges":
            thread.join(20)


def later(seconds: float) -> dt.datetime:
    return timezone.now() + dt.timedelta(seconds=seconds)


def written() -> set[str]:
    return set(Purge.objects.values_list("what", flat=True))


def test_without_a_cache_in_front_nothing_is_written():
    cast.make_story()
    assert written() == set()


def test_a_cache_is_told_the_keys_of_what_changed_at_once_and_once_more(front, settings):
    story = cast.make_story()
    settings.PURGE_URLS = [f"ban+{front.url}"]
    publishing.publish(edit(story.article, headline="Ships sail"), editor=cast.ed())
    key = f"story-{story.article_id}"
    assert written() == {"lists", key}
    until_sent()
    assert front.told == [("BAN", "/", f"lists {key}")]
    assert sending.send_due() == 0
    assert sending.send_due(later(3)) == 2
    assert front.told == [("BAN", "/", f"lists {key}")] * 2
    assert written() == set()


def test_what_any_page_shows_ends_all_pages_also_by_one_statement(front, settings):
    cast.make_section()
    settings.PURGE_URLS = [f"ban+{front.url}"]
    Section.objects.update(name="Another")
    assert written() == {"site"}
    until_sent()
    assert front.told == [("BAN", "/", "site")]


def test_a_row_that_comes_without_a_transaction_is_kept_and_told(front, settings):
    settings.PURGE_URLS = [f"ban+{front.url}"]
    section = Section.objects.create(name="New", slug="new")
    assert Section.objects.filter(pk=section.pk).exists()
    assert written() == {"site"}


def test_what_is_rolled_back_or_read_by_nobody_is_told_to_nobody(front, settings):
    cast.make_section()
    settings.PURGE_URLS = [f"ban+{front.url}"]
    with transaction.atomic():
        Section.objects.update(name="Another")
        transaction.set_rollback(True)
    cast.make_image()
    assert written() == set()


def test_a_cache_that_knows_paths_alone_is_told_those_of_story_and_fronts(front, settings):
    story = cast.make_story()
    settings.PURGE_URLS = [f"purge+{front.url}"]
    publishing.retract(story.article, editor=cast.ed(), text="It was not so.")
    until_sent()
    assert {method for method, _, _ in front.told} == {"PURGE"}
    section = story.article.section.slug
    assert {path for _, path, _ in front.told} >= {story.path, "/", "/latest/", f"/{section}/"}


def test_a_cache_that_does_not_take_it_is_told_again_and_the_operator_hears(front, settings):
    story = cast.make_story()
    front.answer = 503
    settings.PURGE_URLS = [f"ban+{front.url}"]
    for number in range(2):
        cast.publish(edit(story.article, headline=f"Ships {number}"))
        until_sent()
    for seconds in (300, 600, 900):
        sending.send_due(later(seconds))

    assert Purge.objects.count() == 2, "each key once, however often it was over"
    found = run_checks(tags=["newsroom"], databases=["default"])
    warning = next(each for each in found if each.id == "newsroom.W003")
    assert "503" in warning.msg

    front.answer = 200
    assert sending.send_due() == 0, "not before its time"
    sending.send_due(later(1200))
    sending.send_due(later(1500))
    assert written() == set()


def test_what_nobody_took_for_an_hour_and_caches_that_are_no_more_are_let_go(front, settings):
    cast.make_section()
    front.answer = 503
    settings.PURGE_URLS = [f"ban+{front.url}", "ban+http://127.0.0.1:9"]
    Section.objects.update(name="Another")
    until_sent()
    assert Purge.objects.count() == 2
    settings.PURGE_URLS = [f"ban+{front.url}"]
    sending.send_due()
    assert Purge.objects.count() == 1
    sending.send_due(later(3700))
    assert Purge.objects.count() == 0


def test_an_address_that_cannot_be_told_is_refused_at_the_start(settings):
    settings.PURGE_URLS = ["http://127.0.0.1:6081"]
    assert "newsroom.E018" in {message.id for message in run_checks(tags=["newsroom"])}


# --- How long a cache in front may keep a page --------------------------------------------------


def headers_of(path: str) -> dict[str, str]:
    edge = Edge(get_wsgi_application(), shared=watch.shared_counters(), most_bytes=5_000_000)
    status, headers, _ = ask(edge, path)
    assert status == "200 OK"
    return headers


def test_pages_name_their_keys_and_must_be_asked_for_each_time_where_nothing_is_purged():
    story = cast.make_story()
    of_story, of_list = headers_of(story.path), headers_of("/latest/")
    assert of_story["Surrogate-Key"] == f"site story-{story.article_id}"
    assert of_list["Surrogate-Key"] == "site lists"
    for headers in (of_story, of_list):
        assert "s-maxage=0" in headers["Cache-Control"]
        assert "X-Accel-Expires" not in headers


def test_purged_pages_stay_a_while_but_not_when_something_comes_by_its_time(front, settings):
    story = cast.make_story()
    settings.PURGE_URLS = [f"ban+{front.url}"]
    kept = headers_of("/latest/")
    assert kept["Cache-Control"] == "public, max-age=0, s-maxage=60, must-revalidate"
    assert kept["X-Accel-Expires"] == "1"
    assert "s-maxage=10" in headers_of(story.path)["Cache-Control"]

    coming = cast.make_article(section=story.article.section, authors=[cast.lisa()])
    publishing.schedule(coming, editor=cast.ed(), at=later(100))
    until_sent()
    for path in ("/latest/", story.path):
        headers = headers_of(path)
        assert "s-maxage=0" in headers["Cache-Control"]
        assert "X-Accel-Expires" not in headers
