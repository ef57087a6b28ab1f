"""Readers who hammer and write down what they saw, and the judge who compares it with the truth."""

import json
import re
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

WITHHELD = "The nine grey lighters are for subscribers."
GRACE = 0.25
"""Seconds after a commit in which the state before it may still be shown."""
READS_A_CONNECTION = 40
_HEADLINE = re.compile(r"Story (\d+) number (\d+)")
_STATUS_OF = {404: "off", 410: "retracted"}


@dataclass(frozen=True, slots=True)
class Sight:
    """What one answer said of one story; ``act`` as the publisher calls it, ``number`` if live."""

    article: int
    act: str
    number: int
    sent: float
    received: float


@dataclass(slots=True)
class Act:
    """One act of a publisher. ``done``: None if it was killed meanwhile, so nobody knows."""

    act: str
    number: int
    began: float
    done: float | None = None

    def looks_like(self, sight: Sight) -> bool:
        same = sight.act in (self.act, "live" if self.act in ("free", "premium") else "")
        return same and sight.number in (0, self.number)


@dataclass(slots=True)
class Hammer:
    """Reads the pages of stories, and the newest list, until it is stopped."""

    port: int
    paths: dict[int, str]
    sights: list[Sight] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    failures: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self._stop.is_set():
            connection = HTTPConnection("localhost", self.port, timeout=30)
            try:
                for _ in range(READS_A_CONNECTION):
                    self._read(connection)
            except (OSError, HTTPException):
                self.failures += 1
            finally:
                connection.close()

    def stop(self) -> None:
        self._stop.set()

    def _read(self, connection: HTTPConnection) -> None:
        turn = sum(self.answers.values())
        articles = list(self.paths)
        article = articles[turn % len(articles)]
        is_list = turn % 10 == 9
        path = "/latest/" if is_list else self.paths[article]
        sent = time.monotonic()
        connection.request("GET", path)
        response = connection.getresponse()
        text = response.read().decode()
        moments = (sent, time.monotonic())
        how = response.headers.get("X-Edge", "none")
        self.answers[how] = self.answers.get(how, 0) + 1
        if response.status not in (200, 404, 410):
            raise AssertionError(f"{path}: {response.status}")
        if is_list:
            self._note_list(text, *moments)
        else:
            act, number = _seen_on(text, response.status)
            self.sights.append(Sight(article, act, number, *moments))

    def _note_list(self, text: str, sent: float, received: float) -> None:
        river = text.split("<main", 1)[1]
        there = {int(pk): int(number) for pk, number in _HEADLINE.findall(river)}
        for article in self.paths:
            act = "live" if article in there else "absent"
            number = there.get(article, 0)
            self.sights.append(Sight(article, act, number, sent, received))


def _seen_on(text: str, status: int) -> tuple[str, int]:
    if status != 200:
        return _STATUS_OF[status], 0
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
    assert heading is not None
    found = _HEADLINE.search(heading[1])
    assert found is not None
    return ("free" if WITHHELD in text else "premium"), int(found[2])


def acts_in(log: Path) -> dict[int, list[Act]]:
    """What the publishers did, by story, in order. A line cut short by a kill is left out."""
    acts: dict[int, dict[int, Act]] = {}
    for line in log.read_text().splitlines():
        try:
            fact = json.loads(line)
        except ValueError:
            continue
        own = acts.setdefault(fact["article"], {})
        number = fact["number"]
        if "began" in fact:
            own[number] = Act(fact["act"], number, fact["began"])
        elif "done" in fact:
            own[number].done = fact["done"]
        else:
            del own[number]
    return {article: list(own.values()) for article, own in acts.items()}


def wrong(
    sights: Iterable[Sight], acts: dict[int, list[Act]], *, grace: float = GRACE
) -> list[tuple[Sight, list[Act]]]:
    """The answers that show a state which was over more than ``grace`` before they were asked for,
    or was not yet begun when they came; each with the states that were allowed."""
    found = []
    for sight in sights:
        allowed = _allowed(sight, acts[sight.article], grace)
        if not any(_agrees(sight, act) for act in allowed):
            found.append((sight, allowed))
    return found


def _agrees(sight: Sight, act: Act) -> bool:
    if sight.act == "absent":
        return act.act in ("off", "retracted")
    return act.looks_like(sight)


def _allowed(sight: Sight, acts: list[Act], grace: float) -> list[Act]:
    over = [i for i, act in enumerate(acts) if act.done and act.done < sight.sent - grace]
    return [act for act in acts[over[-1] :] if act.began <= sight.received]
