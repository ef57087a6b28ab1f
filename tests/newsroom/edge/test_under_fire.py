"""Readers hammer while stories and their own rights change, and while publishers, the subscriptions
desk, workers and servers are killed.

``FIRE_READS=100000`` for the full size; the small one takes some twenty seconds.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests import cast
from tests.live import ROOT, LiveSite
from tests.newsroom.edge.fire import WITHHELD, Act, Hammer, Sight, Visitor, acts_in, wrong
from tests.newsroom.edge.readers import Readers, signed_in

# By default as many as a busy machine gets through in this time.
READS = int(os.environ.get("FIRE_READS", "0"))
REPORT = os.environ.get("FIRE_REPORT", "")
"""The file that ``make bench`` wants the figures in."""
LEAST_SECONDS = 16
HAMMERS = 4
STORIES = 12
SUBSCRIBERS = 6
KILL_EVERY = 4.0
BODY = f'{cast.PARAGRAPH * 2}<hr data-cut="">{cast.PARAGRAPH * 2}<p>{WITHHELD}</p>'


def test_no_answer_contradicts_what_was_committed_before_it(readers, live_site, tmp_path):
    log = tmp_path / "log"
    cast.make_publication()
    stories = [cast.make_story(body=BODY) for _ in range(STORIES)]
    paths = {story.article_id: story.path for story in stories}
    known = [_subscriber(readers) for _ in range(SUBSCRIBERS)]
    publishers = [_Publisher(live_site, log, part) for part in _halves(list(paths))]
    for publisher in publishers:
        publisher.until_all_are_known()
    desk = _Publisher(live_site, log, [visitor.reader for visitor in known], module="desk")
    publishers.insert(0, desk)
    hammers = [Hammer(readers.port, paths) for _ in range(HAMMERS)]
    hammers += [Hammer(readers.port, paths, [*half, Visitor()]) for half in _halves(known)]
    threads = [threading.Thread(target=hammer.run) for hammer in hammers]
    for thread in threads:
        thread.start()
    kills = _kill_until_enough(live_site, publishers, hammers)
    for hammer in hammers:
        hammer.stop()
    for thread in threads:
        thread.join()
    for publisher in publishers:
        publisher.kill()
    sights = [sight for hammer in hammers for sight in hammer.sights]
    answers = {
        how: sum(hammer.answers.get(how, 0) for hammer in hammers)
        for how in ("hit", "miss", "none", "refused")
    }
    acts, at_first = acts_in(log), Act("subscriber", 0, 0.0, 0.0)
    rights = {reader: [at_first, *then] for reader, then in acts_in(log, "reader").items()}
    rights |= {visitor.reader: [at_first] for visitor in known if visitor.reader not in rights}
    count = sum(map(len, acts.values())), sum(map(len, rights.values()))
    by_readers = sum(1 for sight in sights if sight.reader)
    print(  # noqa: T201
        f"{answers}, {len(sights)} sights, {by_readers} by readers, {count} acts, {kills} kills"
    )
    found = wrong(sights, acts, rights)
    if REPORT:
        seen = {"sights": len(sights), "by_readers": by_readers, "kills": kills, "answers": answers}
        Path(REPORT).write_text(json.dumps(seen | {"acts": sum(count), "wrong": len(found)}))
    assert found == []
    assert answers["hit"] > 20
    assert answers["miss"] > 20
    assert by_readers > 10
    assert kills >= 3


def test_the_judge_knows_a_stale_answer():
    acts = {1: [Act("free", 10, 1.0, 2.0), Act("premium", 11, 3.0, 4.0), Act("off", 12, 5.0)]}

    def at(sent: float, act: str, number: int) -> int:
        return len(wrong([Sight(1, act, number, sent, sent + 0.01)], acts))

    assert at(2.5, "free", 10) == 0
    assert at(4.2, "free", 10) == 0, "it was changed just now"
    assert at(4.3, "free", 10) == 1
    assert at(4.3, "free", 11) == 1, "premium text in the open"
    assert at(4.3, "premium", 11) == 0
    assert at(4.3, "off", 0) == 1, "not yet begun"
    assert at(9.0, "off", 0) == at(9.0, "premium", 11) == 0, "killed, so nobody knows"
    assert at(4.3, "absent", 0) == 1


def test_the_judge_knows_a_leak_and_a_teaser_for_a_subscriber():
    acts = {1: [Act("premium", 10, 1.0, 1.1)]}
    rights = {
        5: [Act("subscriber", 0, 0.0, 0.0), Act("none", 1, 3.0, 3.1), Act("subscriber", 2, 6.0)]
    }

    def at(sent: float, act: str, reader: int = 5) -> int:
        return len(wrong([Sight(1, act, 10, sent, sent + 0.01, reader)], acts, rights))

    assert at(2.0, "free") == 0
    assert at(2.0, "premium") == 1, "a teaser for a subscriber"
    assert at(2.0, "free", reader=0) == 1, "the whole text for nobody known"
    assert at(3.05, "free") == at(3.05, "premium") == 0, "on its way"
    assert at(3.4, "free") == 1, "it was ended"
    assert at(3.4, "premium") == 0
    assert at(9.0, "free") == at(9.0, "premium") == 0, "killed, so nobody knows"


class _Publisher:
    """A publisher's process, started anew whenever it was killed."""

    def __init__(
        self, site: LiveSite, log: Path, articles: list[int], *, module: str = "publisher"
    ) -> None:
        self._site, self._log, self._articles = site, log, articles
        self._module = f"tests.newsroom.edge.{module}"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", self._module, str(self._log)]
        command += map(str, self._articles)
        self._process = subprocess.Popen(command, cwd=ROOT, env=self._site.environment)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def until_all_are_known(self) -> None:
        """Wait until every story has had an act: from then on the log says what is true."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            known = acts_in(self._log) if self._log.exists() else {}
            if all(any(act.done for act in known.get(pk, ())) for pk in self._articles):
                return
            time.sleep(0.2)
        pytest.fail("The publisher did not get through all stories")


def _halves(every: list[Any]) -> tuple[list[Any], list[Any]]:
    return every[::2], every[1::2]


def _subscriber(readers: Readers) -> Visitor:
    user = cast.make_user()
    cast.make_subscription(user)
    with closing(signed_in(readers, user)) as client:
        return Visitor(user.pk, dict(client.cookies))


def _kill_until_enough(site: LiveSite, publishers: list[_Publisher], hammers: list[Hammer]) -> int:
    kills, worker, since = 0, site.start_worker(), time.monotonic()
    while (
        sum(len(hammer.sights) for hammer in hammers) < READS
        or time.monotonic() < since + LEAST_SECONDS
    ):
        time.sleep(KILL_EVERY)
        if kills % 3 == 0:
            publisher = publishers[kills // 3 % len(publishers)]
            publisher.kill()
            publisher.start()
        elif kills % 3 == 1:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
            worker = site.start_worker()
        else:
            os.kill(site.processes()[0], signal.SIGKILL)
        kills += 1
    return kills
