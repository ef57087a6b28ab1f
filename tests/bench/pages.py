"""What each page costs: queries, and time of processor and clock, for an uncached request."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.bench.figures import Figure
from tests.cast import make_article, publish

ROUNDS = 60
STORY = "an article, anonymous"

# One for all: a new one would load the middleware anew with its first request.
_reader = Client()


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one request. Queries count all databases, the shared cache's file, too."""

    queries: int
    cpu_ms: Figure
    wall_ms: Figure


def measure() -> Iterator[tuple[str, Cost]]:
    """Publish some stories, then measure the pages an anonymous reader asks for most."""
    for number in range(30):
        article = make_article(headline=f"Ships wait for the wind, day {number + 1}")
        published = publish(article)
    yield STORY, cost_of(published.get_absolute_url())
    yield "the front page, anonymous", cost_of("/")
    yield "the latest stories, anonymous", cost_of("/latest/")
    yield "liveness", cost_of("/healthz")


def cost_of(path: str) -> Cost:
    """Ask for a page often enough. It sets no cookie, so each time a new reader seems to come."""
    return cost_of_act(lambda: _get(path))


def cost_of_act(act: Callable[[], object]) -> Cost:
    """Do the same often enough, and take the middle."""
    for _ in range(5):
        act()
    queries = _queries(act)
    cpu, wall = zip(*(_timed(act) for _ in range(ROUNDS)), strict=True)
    return Cost(
        queries=queries,
        cpu_ms=Figure.of(each * 1000 for each in cpu),
        wall_ms=Figure.of(each * 1000 for each in wall),
    )


def _queries(act: Callable[[], object]) -> int:
    with ExitStack() as stack:
        counts = [
            stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in connections
        ]
        act()
        return sum(map(len, counts))


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    act()
    return time.process_time() - cpu, time.perf_counter() - wall


def _get(path: str) -> None:
    answer = _reader.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    assert not _reader.cookies, f"{path} sets a cookie"
