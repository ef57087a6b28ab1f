"""The site as it is served: its pages by wrk, in turns with nginx and with plain Django.

The processor's time is that of the server's processes, from /proc, so that it holds on a machine
that is busy otherwise; and what is compared was measured within one round.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.bench.browsers import Browser, Opener, Subscriber
from tests.bench.figures import Figure
from tests.bench.hammer import CONNECTIONS, Round, hammer
from tests.bench.paper import Paper
from tests.bench.servers import (
    Server,
    newsroom,
    newsroom_behind_nginx,
    nginx_static,
    plain_django,
)
from tests.deploy import standing

ROUNDS = 5
CROWD = 64
"""Connections of a busy site; all other rows have few, so that servers often wait for requests."""
_OURS, _BEHIND = "a story", "a story, through our nginx by TLS"
_FILE, _BY_TLS = "nginx, a story's bytes", "nginx, a story's bytes by TLS"
_CROWDED = f", {CROWD} connections"
SAMPLES = 5
"""Answers looked at in each round of each row, whether they are what they should be."""


@dataclass(slots=True)
class Row:
    """One page on one server, and what was measured of it."""

    name: str
    server: Server
    path: str
    has: str = ""
    """Words that each answer must have."""
    lacks: str = "\0"
    """Words that no answer may have."""
    reader: Browser | None = None
    connections: int = CONNECTIONS
    rounds: list[Round] = field(default_factory=list)
    wrong: int = 0

    def measure(self) -> None:
        """One round, after a look at what is answered, and before another."""
        cookies = self.reader.cookies(self.server, self.path) if self.reader else {}
        self._look(cookies)
        server = self.server
        self.rounds.append(
            hammer(
                server.port,
                [self.path],
                processes=server.processes,
                scheme=server.scheme,
                connections=self.connections,
                **cookies,
            )
        )
        self._look(cookies)

    def _look(self, cookies: dict[str, str]) -> None:
        for _ in range(SAMPLES):
            # What our own nginx shows is signed by ourselves.
            answer = httpx.get(self.server.url(self.path), headers=cookies, verify=False)  # noqa: S501
            is_right = answer.status_code == 200 and self.has in answer.text
            self.wrong += not is_right or self.lacks in answer.text

    def figures(self) -> dict[str, Any]:
        each = {
            name: asdict(Figure.of(getattr(one, name) for one in self.rounds))
            for name in ("cpu_us", "a_second", "p50_ms", "p99_ms")
        }
        return each | {"not_ok": sum(one.not_ok for one in self.rounds), "wrong": self.wrong}


def measure(data: Path, paper: Paper) -> tuple[dict[str, Figure], dict[str, Any]]:
    """Out: the ratios by their keys, and the figures of each row by its name."""
    with ExitStack() as stack:
        rows = {row.name: row for row in _rows(stack, data, paper)}
        for _ in range(ROUNDS):
            for row in rows.values():
                row.measure()
    return _ratios(rows), {name: row.figures() for name, row in rows.items()}


def _rows(stack: ExitStack, data: Path, paper: Paper) -> Iterator[Row]:
    ours = stack.enter_context(newsroom(data, EDGE="1"))
    story, premium, metered = paper.free, paper.premium, paper.metered
    yield Row(_OURS, ours, story, has="</html>")
    yield Row("a premium story, without an account", ours, premium, lacks=paper.withheld)
    subscriber = Subscriber(paper.subscriber)
    yield Row("a premium story, subscriber", ours, premium, has=paper.withheld, reader=subscriber)
    opener = Opener(f"/account/open/{paper.metered_id}/")
    yield Row("a metered story, opened", ours, metered, has=paper.withheld, reader=opener)
    lists = {"the front page": "/", "a section": paper.section, "a feed": "/feeds/rss/"}
    for name, path in lists.items():
        yield Row(name, ours, path)
    yield Row("a search", ours, "/search/?q=ships")
    yield Row("a story, no page cache", stack.enter_context(newsroom(data, EDGE="0")), story)
    page = httpx.get(ours.url(story)).content
    plain = stack.enter_context(plain_django(page))
    yield Row("plain Django, its cache, a story's bytes", plain, story)
    if shutil.which("nginx"):
        pages = {path: httpx.get(ours.url(path)).content for path in (story, *lists.values())}
        files, with_tls = stack.enter_context(nginx_static(pages))
        yield Row(_FILE, files, story)
        if standing.HAS_NGINX:
            behind = stack.enter_context(newsroom_behind_nginx(data))
            yield Row(_BEHIND, behind, story, has="</html>")
            yield Row(_BY_TLS, with_tls, story)
            for name, server in ((_BEHIND, behind), (_BY_TLS, with_tls)):
                yield Row(name + _CROWDED, server, story, connections=CROWD)
        for name, server in ((_OURS, ours), (_FILE, files)):
            yield Row(name + _CROWDED, server, story, connections=CROWD)
        for name, path in lists.items():
            yield Row(f"nginx, the bytes of {name}", files, path)


def _ratios(rows: dict[str, Row]) -> dict[str, Figure]:
    """Above 1 is better than what it is compared with, but for the subscriber's: as it is said."""
    pairs = {
        "anonymous_vs_nginx_cpu": (_FILE, _OURS),
        "anonymous_vs_nginx_cpu_crowd": (_FILE + _CROWDED, _OURS + _CROWDED),
        "anonymous_through_nginx_vs_nginx_cpu": (_BY_TLS, _BEHIND),
        "anonymous_through_nginx_vs_nginx_cpu_crowd": (_BY_TLS + _CROWDED, _BEHIND + _CROWDED),
        "front_vs_nginx_cpu": ("nginx, the bytes of the front page", "the front page"),
        "section_vs_nginx_cpu": ("nginx, the bytes of a section", "a section"),
        "feed_vs_nginx_cpu": ("nginx, the bytes of a feed", "a feed"),
        "anonymous_vs_plain_django_cpu": ("plain Django, its cache, a story's bytes", _OURS),
        "warm_vs_cold_cpu": ("a story, no page cache", _OURS),
        "subscriber_vs_anonymous_cpu": ("a premium story, subscriber", _OURS),
    }
    return {
        name: _ratio(rows[dividend], rows[divisor])
        for name, (dividend, divisor) in pairs.items()
        if dividend in rows
    }


def _ratio(dividend: Row, divisor: Row) -> Figure:
    pairs = zip(dividend.rounds, divisor.rounds, strict=True)
    return Figure.of(above.cpu_us / below.cpu_us for above, below in pairs)
