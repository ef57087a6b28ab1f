"""Pages that all the world reads, while the desk works: how many are served, and how soon new."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure
from tests.bench.flood import CONNECTIONS
from tests.bench.hammer import hammer
from tests.bench.paper import Paper
from tests.bench.servers import Server, newsroom
from tests.live import ROOT, child_environment

ROUNDS, SECONDS, A_SECOND = 7, 10, 10
WARM_UP = 2
"""Seconds in which the pages that the publishing before left behind are made anew."""
CHANGES = 60
# What browsers say: a page that is new is packed anew, too.
BROWSERS = {"Accept-Encoding": "gzip, deflate, br"}
PATIENCE = 5.0
"""Seconds after which a change counts as never seen."""


class Desk:
    """The process that publishes."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def order(self, *words: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(" ".join(map(str, words)) + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def measure(data: Path, paper: Paper) -> tuple[dict[str, Figure], dict[str, Any]]:
    """Out: the ratios by their keys, and how many stories a second were really published."""
    with newsroom(data, EDGE="1") as server, _desk(data) as desk:
        published, costs, ratios = [], [], []
        # Every process makes every page once.
        hammer(server.port, list(paper.hot.values()), processes=server.processes, seconds=SECONDS)
        for _ in range(ROUNDS):
            desk.order("write", A_SECOND * SECONDS)
            desk.answer()
            _served(server, paper, seconds=WARM_UP)
            quiet = _served(server, paper)
            desk.order("publish", A_SECOND)
            began = time.monotonic()
            busy = _served(server, paper)
            done = desk.answer()
            published.append(done["published"] / (time.monotonic() - began))
            costs.append(done["cpu"] / done["published"] * 1000)
            ratios.append((busy[0] / quiet[0], quiet[1] / busy[1]))
        delays = list(_delays(server, paper, desk))
    of_count, of_cpu = zip(*ratios, strict=True)
    return {
        "publishing_vs_quiet": Figure.of(of_count),
        "publishing_vs_quiet_cpu": Figure.of(of_cpu),
        "publish_cpu_ms": Figure.of(costs),
        "visible_p95_ms": Figure.p95(delays),
    }, {"published_a_second": Figure.of(published).median}


def _served(server: Server, paper: Paper, *, seconds: int = SECONDS) -> tuple[float, float]:
    """Requests a second over all hot pages, and microseconds of processor for one."""
    paths = list(paper.hot.values())
    done = hammer(server.port, paths, processes=server.processes, seconds=seconds, **BROWSERS)
    assert done.not_ok == 0, done
    return done.a_second, done.cpu_us


def _delays(server: Server, paper: Paper, desk: Desk) -> Iterator[float]:
    """Milliseconds from each commit until every connection got the new words, under load."""
    stop = threading.Event()
    load = threading.Thread(target=_load, args=(server, paper, stop))
    load.start()
    connections = [HTTPConnection("localhost", server.port) for _ in range(CONNECTIONS)]
    articles = list(paper.hot.items())
    try:
        for turn in range(CHANGES):
            pk, path = articles[turn % len(articles)]
            desk.order("change", pk)
            said = desk.answer()
            for connection in connections:
                _read_until(connection, path, f"Changed {said['number']} ", said["done"])
            yield (time.monotonic() - said["done"]) * 1000
    finally:
        stop.set()
        load.join()


def _load(server: Server, paper: Paper, stop: threading.Event) -> None:
    while not stop.is_set():
        paths = list(paper.hot.values())
        hammer(server.port, paths, processes=server.processes, seconds=1, connections=4)


def _read_until(connection: HTTPConnection, path: str, words: str, since: float) -> None:
    while time.monotonic() < since + PATIENCE:
        connection.request("GET", path)
        if words in connection.getresponse().read().decode():
            return
    raise AssertionError(f"{path} does not show what was published {PATIENCE:g} s ago")


@contextmanager
def _desk(data: Path) -> Iterator[Desk]:
    command = [sys.executable, "-m", "tests.bench.newsdesk"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    environment = child_environment(data)
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes) as process:  # type: ignore[call-overload]
        yield Desk(process)
        process.stdin.close()
