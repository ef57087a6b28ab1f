"""Two hosts on one PostgreSQL: each hears what the other commits, or holds nothing.

The first host is this process; the second has servers, a folder and counters of its own.
"""

import os
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

import httpx
import pytest
from django.db import connection

from accounts import subscriptions
from articles import publishing
from newsroom.edge import counters
from newsroom.edge.counters import Counters
from tests import cast
from tests.accounts import doors
from tests.articles.publishing.acts import edit
from tests.conftest import DATA
from tests.live import ROOT, LiveSite, child_environment
from tests.newsroom.edge.fire import WITHHELD, Hammer, acts_in, wrong
from tests.newsroom.edge.readers import Answer, Readers
from tests.newsroom.edge.wire import Wire
from tests.ports import free_port

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]

PUBLICATIONS = 10
CUTS = int(os.environ.get("FIRE_CUTS", "1"))
WHOLE_SECONDS = 2.0
STORIES = 4
BODY = f'{cast.PARAGRAPH * 2}<hr data-cut="">{cast.PARAGRAPH * 2}<p>{WITHHELD}</p>'
HEARS_WITHIN = 20.0
SHOWS_WITHIN = 10.0
"""Of a busy machine; unheard of, a page would stay for a minute."""
DEAF_AFTER = 3.0
"""Seconds after a commit from which no answer may be from before it, whatever is cut."""
_LISTENERS = "FROM pg_stat_activity WHERE application_name = 'newsroom listener'"


class Elsewhere:
    """The second host, as its readers see it."""

    def __init__(self, site: LiveSite, data: Path, wire: Wire) -> None:
        self.site, self.data, self.wire = site, data, wire
        self.readers = Readers(site.port)

    def ask(self, path: str) -> Answer:
        return self.readers.ask(path)

    def until(self, path: str, is_so: Callable[[Answer], bool], *, within: float) -> Answer:
        """The first answer that is so. Who asks a process that stands still asks again."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            with suppress(OSError, HTTPException):
                answer = self.readers.ask(path, timeout=1)
                if is_so(answer):
                    return answer
            time.sleep(0.002)
        pytest.fail(f"{path} was not so within {within:.0f} s")

    def until_held(self, path: str) -> None:
        self.until(path, lambda answer: answer.how == "hit", within=HEARS_WITHIN)

    def listener(self) -> int:
        """The process that listens for this host."""
        inode = (self.data / "edge.listener").stat().st_ino
        for line in Path("/proc/locks").read_text().splitlines():
            words = line.split()
            if words[1] == "FLOCK" and words[5].endswith(f":{inode}"):
                return int(words[4])
        pytest.fail("Nobody listens")


@pytest.fixture(scope="module")
def _second(django_db_setup, tmp_path_factory) -> Iterator[Elsewhere]:
    data = tmp_path_factory.mktemp("second")
    (data / "static").mkdir()
    shutil.copy(DATA / "cache.sqlite3", data)
    database = connection.settings_dict
    wire = Wire((database["HOST"], int(database["PORT"])))
    url = child_environment(data)["DATABASE_URL"]
    site = LiveSite(data=data, port=free_port(), mail_port=free_port())
    listen = url.replace(f":{database['PORT']}/", f":{wire.port}/")
    site.restart(processes=2, EDGE="1", PORT=str(site.port), EDGE_LISTEN_URL=listen)
    yield Elsewhere(site, data, wire)
    site.stop()
    wire.close()


@pytest.fixture
def second(transactional_db, _second) -> Elsewhere:
    return _second


def publish_anew(article, headline: str) -> float:
    """Publish on the first host; when it was committed."""
    publishing.publish(edit(article, headline=headline), editor=cast.ed())
    return time.monotonic()


def test_a_subscription_that_ends_on_one_host_opens_nothing_on_the_other(second):
    whole = "Only subscribers read of the nine grey lighters."
    body = f'{cast.PARAGRAPH * 2}<hr data-cut="">{cast.PARAGRAPH * 2}<p>{whole}</p>'
    story, sam = cast.make_story(access="premium", body=body), cast.sam()
    session = doors.signed_in(sam).cookies["session"].value
    browser = httpx.Client(base_url=second.site.url, cookies={"session": session}, timeout=30)

    def read(*, until: Callable[[str, str], bool]) -> None:
        end = time.monotonic() + SHOWS_WITHIN
        while True:
            page = browser.get(story.path)
            if until(page.headers.get("X-Edge", ""), page.text):
                return
            assert time.monotonic() < end
            time.sleep(0.002)

    read(until=lambda how, text: how == "hit" and whole in text)
    subscriptions.end(sam.subscriptions.get(), reason="Asked for", by=cast.ed())
    read(until=lambda _how, text: whole not in text)
    assert all(whole not in browser.get(story.path).text for _ in range(5))
    browser.close()


def test_what_one_host_publishes_the_other_shows_at_once(second):
    story = cast.make_story(headline="Ships wait")
    took, heard = [], []
    shared = Counters(second.data / "edge.counters")
    for number in range(PUBLICATIONS):
        second.until_held(story.path)
        before = shared[counters.LISTS]
        committed = publish_anew(story.article, f"Number {number} sails")
        while shared[counters.LISTS] == before and time.monotonic() < committed + SHOWS_WITHIN:
            time.sleep(0.0005)
        heard.append(time.monotonic() - committed)
        second.until(
            story.path, lambda a, n=number: f"Number {n} sails" in a.text, within=SHOWS_WITHIN
        )
        took.append(time.monotonic() - committed)
    for what, times in (("heard", heard), ("visible", took)):
        slowest = statistics.quantiles(times, n=20)[-1]
        print(f"{what} on another host: p95 {slowest * 1000:.0f} ms")  # noqa: T201


def test_what_is_taken_down_or_changed_at_one_statement_is_gone_from_the_other_host(second):
    story = cast.make_story(headline="A letter nobody wrote")
    second.until_held(story.path)
    second.until_held("/latest/")
    publishing.retract(story.article, editor=cast.ed(), text="It was not so.")
    second.until(story.path, lambda answer: answer.status == 410, within=SHOWS_WITHIN)
    second.until(
        "/latest/", lambda answer: "A letter nobody wrote" not in answer.text, within=SHOWS_WITHIN
    )
    other = cast.make_story(authors=[cast.lisa()])
    second.until_held(other.path)
    # One statement outside of any transaction.
    type(cast.lisa()).objects.update(name="Another Name")
    second.until(other.path, lambda answer: "Another Name" in answer.text, within=SHOWS_WITHIN)


def test_a_listener_that_stands_still_or_is_killed_lets_nothing_old_out(second):
    story = cast.make_story(headline="Ships wait")
    second.until_held(story.path)
    listener = second.listener()
    os.kill(listener, signal.SIGSTOP)
    try:
        committed = publish_anew(story.article, "Ships sail")
        time.sleep(max(0, committed + DEAF_AFTER - time.monotonic()))
        answer = second.until(story.path, lambda answer: True, within=HEARS_WITHIN)
        assert ("Ships sail" in answer.text, answer.how) == (True, "")
    finally:
        os.kill(listener, signal.SIGKILL)
    # Another process of the host takes over.
    second.until_held(story.path)
    assert second.listener() != listener
    publish_anew(story.article, "Ships are there")
    second.until(story.path, lambda answer: "Ships are there" in answer.text, within=SHOWS_WITHIN)


def test_a_host_that_is_cut_off_holds_nothing_after_two_seconds_and_comes_back(second):
    story = cast.make_story(headline="Ships wait")
    second.until_held(story.path)
    second.wire.cut()
    committed = publish_anew(story.article, "Ships sail")
    time.sleep(max(0, committed + DEAF_AFTER - time.monotonic()))
    for _ in range(10):
        answer = second.ask(story.path)
        assert ("Ships sail" in answer.text, answer.how) == (True, "")
    second.wire.mend()
    second.until_held(story.path)
    assert second.readers.all_see(story.path, "Ships sail")


def test_what_is_told_while_the_connection_is_lost_is_not_missed(second):
    story = cast.make_story(headline="Ships wait")
    second.until_held(story.path)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid) {_LISTENERS}")
    committed = publish_anew(story.article, "Ships sail")
    time.sleep(max(0, committed + DEAF_AFTER - time.monotonic()))
    assert second.readers.all_see(story.path, "Ships sail")
    second.until_held(story.path)


def test_no_answer_of_a_host_whose_wire_is_cut_again_and_again_is_older_than_three_seconds(
    second, tmp_path
):
    log, stories = tmp_path / "log", [cast.make_story(body=BODY) for _ in range(STORIES)]
    paths = {story.article_id: story.path for story in stories}
    command = [sys.executable, "-m", "tests.newsroom.edge.publisher", str(log), *map(str, paths)]
    publisher = subprocess.Popen(command, cwd=ROOT, env=child_environment(DATA))
    try:
        known_at = wait_until_known(log, paths)
        hammers = [Hammer(second.site.port, paths) for _ in range(2)]
        threads = [threading.Thread(target=hammer.run) for hammer in hammers]
        for thread in threads:
            thread.start()
        for _ in range(CUTS):
            time.sleep(WHOLE_SECONDS)
            second.wire.cut()
            time.sleep(DEAF_AFTER)
            second.wire.mend()
        time.sleep(WHOLE_SECONDS)
        for hammer, thread in zip(hammers, threads, strict=True):
            hammer.stop()
            thread.join()
    finally:
        publisher.kill()
        publisher.wait()
    judged = (sight for hammer in hammers for sight in hammer.sights)
    sights = [sight for sight in judged if sight.sent > known_at + DEAF_AFTER]
    answers = [hammer.answers for hammer in hammers]
    print(f"{answers}, {len(sights)} sights, {CUTS} cuts")  # noqa: T201
    assert wrong(sights, acts_in(log), grace=DEAF_AFTER) == []
    assert all(answer.get("hit", 0) > 0 < answer.get("none", 0) for answer in answers)


def wait_until_known(log: Path, articles: Iterable[int]) -> float:
    """Wait until every story has had an act; when that was."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        acts = acts_in(log) if log.exists() else {}
        if all(any(act.done for act in acts.get(pk, ())) for pk in articles):
            return time.monotonic()
        time.sleep(0.1)
    pytest.fail("The publisher did not get through all stories")
