"""Readers who hammer and write down what they saw, and the judge who compares it with the truth."""

import json
import re
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from pathlib import Path

WITHHELD = "The nine grey lighters are for subscribers."
GRACE = 0.25
"""Seconds after a commit in which the state before it may still be shown."""
READS_A_CONNECTION = 40
_HEADLINE = re.compile(r"Story (\d+) number (\d+)")
_STATUS_OF = {404: "off", 410: "retracted"}


@dataclass(frozen=True, slots=True)
class Sight:
    """What one answer said of one story; ``act`` as the publisher calls it, ``number`` if live.

    ``reader``: the account that asked, 0 for none. The whole text looks like a free story to all.
    """

    article: int
    act: str
    number: int
    sent: float
    received: float
    reader: int = 0


@dataclass(slots=True)
class Visitor:
    """Who reads: an account and the cookies of its browser, or nobody known."""

    reader: int = 0
    cookies: dict[str, str] = field(default_factory=dict)

    def keep(self, lines: Iterable[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value

    @property
    def headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookies} if cookies else {}


@dataclass(slots=True)
class Act:
    """One act of a publisher. ``done``: None if it was killed meanwhile, so nobody knows."""

    act: str
    number: int
    began: float
    done: float | None = None

    def looks_like(self, sight: Sight, *, to_subscriber: bool) -> bool:
        shown = "free" if self.act == "premium" and to_subscriber else self.act
        same = sight.act in (shown, "live" if self.act in ("free", "premium") else "")
        return same and sight.number in (0, self.number)


@dataclass(slots=True)
class Hammer:
    """Reads the pages of stories, and the newest list, until it is stopped."""

    port: int
    paths: dict[int, str]
    visitors: list[Visitor] = field(default_factory=lambda: [Visitor()])
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
        visitor = self.visitors[turn // len(articles) % len(self.visitors)]
        is_list = turn % 10 == 9
        path = "/latest/" if is_list else self.paths[article]
        sent = time.monotonic()
        connection.request("GET", path, headers=visitor.headers)
        response = connection.getresponse()
        text = response.read().decode()
        moments = (sent, time.monotonic())
        is_refused = response.status == 503
        how = "refused" if is_refused else response.headers.get("X-Edge", "none")
        self.answers[how] = self.answers.get(how, 0) + 1
        if is_refused:
            # A busy machine has no room: it says nothing of a story, and ends nobody's reading.
            return
        if response.status not in (200, 404, 410):
            raise AssertionError(f"{path}: {response.status}")
        visitor.keep(response.headers.get_all("Set-Cookie", ()))
        if is_list:
            self._note_list(text, *moments)
        else:
            act, number = _seen_on(text, response.status)
            self.sights.append(Sight(article, act, number, *moments, visitor.reader))

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


def acts_in(log: Path, of: str = "article") -> dict[int, list[Act]]:
    """What the publishers did, by story, in order, or the desk ``of`` each "reader". A line cut
    short by a kill is left out."""
    acts: dict[int, dict[int, Act]] = {}
    for line in log.read_text().splitlines():
        try:
            fact = json.loads(line)
        except ValueError:
            continue
        if of not in fact:
            continue
        own = acts.setdefault(fact[of], {})
        number = fact["number"]
        if "began" in fact:
            own[number] = Act(fact["act"], number, fact["began"])
        elif "done" in fact:
            own[number].done = fact["done"]
        else:
            del own[number]
    return {article: list(own.values()) for article, own in acts.items()}


ANONYMOUS = [Act("none", 0, 0.0, 0.0)]


def wrong(
    sights: Iterable[Sight],
    acts: dict[int, list[Act]],
    rights: dict[int, list[Act]] | None = None,
    *,
    grace: float = GRACE,
) -> list[tuple[Sight, list[Act]]]:
    """The answers that show a state which was over more than ``grace`` before they were asked for,
    or was not yet begun when they came; each with the states that were allowed.

    ``rights``: what each reader might do in turn, "subscriber" or anything else.
    """
    found = []
    for sight in sights:
        allowed = _allowed(sight, acts[sight.article], grace)
        held = _allowed(sight, (rights or {}).get(sight.reader, ANONYMOUS), grace)
        may = {right.act == "subscriber" for right in held}
        if not any(_agrees(sight, act, to_subscriber=each) for act in allowed for each in may):
            found.append((sight, allowed + held))
    return found


def _agrees(sight: Sight, act: Act, *, to_subscriber: bool) -> bool:
    if sight.act == "absent":
        return act.act in ("off", "retracted")
    return act.looks_like(sight, to_subscriber=to_subscriber)


def _allowed(sight: Sight, acts: list[Act], grace: float) -> list[Act]:
    over = [i for i, act in enumerate(acts) if act.done and act.done < sight.sent - grace]
    return [act for act in acts[over[-1] if over else 0 :] if act.began <= sight.received]
