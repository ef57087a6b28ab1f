"""What a server process takes of the machine's memory with many pages in its page cache."""

import re
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from articles.models import PublishedArticle
from tests.bench.servers import Server, newsroom

PAGES = 2_000
_KEY = "only-for-the-bench"
_PATIENCE = 60


def measure(data: Path, *, pages: int = PAGES) -> dict[str, Any]:
    """One process, asked for the newest ``pages`` stories (there must be as many) and the front.

    Out: ``pss_mb`` with all of them held, ``pss_start_mb`` with the front page alone, ``pages`` and
    ``bytes`` held. Megabytes are of 1024 kB.
    """
    paths = list(PublishedArticle.objects.order_by("-published_at").values_list("path", flat=True))
    with newsroom(data, workers=1, EDGE="1", METRICS_KEY=_KEY) as server:
        _ask(server, ["/"])
        start = _pss(server)
        _ask(server, paths[:pages])
        held = {name: _held(server, name) for name in ("pages", "bytes")}
        return {"pss_mb": _pss(server), "pss_start_mb": start} | held


def _ask(server: Server, paths: list[str]) -> None:
    connection = HTTPConnection("localhost", server.port, timeout=_PATIENCE)
    for path in paths:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, (path, answer.status)
    connection.close()


def _held(server: Server, what: str) -> int:
    connection = HTTPConnection("localhost", server.port, timeout=_PATIENCE)
    connection.request("GET", "/metrics", headers={"Authorization": f"Bearer {_KEY}"})
    found = re.search(
        rf"^newsroom_edge_{what} (\d+)$", connection.getresponse().read().decode(), re.M
    )
    connection.close()
    assert found is not None
    return int(found[1])


def _pss(server: Server) -> float:
    """Of the largest process that answers: Python's tracker of resources is another child."""
    children = Path(f"/proc/{server.process}/task/{server.process}/children").read_text().split()
    sizes = [Path(f"/proc/{child}/smaps_rollup").read_text() for child in children]
    kilobytes = [int(re.search(r"^Pss:\s+(\d+) kB", size, re.M)[1]) for size in sizes]  # type: ignore[index]
    return round(max(kilobytes) / 1024, 1)
