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
_CONNECTIONS = 20


def measure(data: Path, *, pages: int = PAGES) -> dict[str, Any]:
    """Two processes, as are started by default, each asked for the newest ``pages`` stories (there
    must be as many) and the front.

    Out: ``pss_mb`` of the larger one with all of them held, ``pss_start_mb`` with hardly a page,
    ``pages`` and ``bytes`` held by both. Megabytes are of 1024 kB. Of memory that processes share,
    as of what is loaded and of SQLite's file, PSS is each one's part.
    """
    paths = list(PublishedArticle.objects.order_by("-published_at").values_list("path", flat=True))
    with newsroom(data, workers=2, EDGE="1", METRICS_KEY=_KEY) as server:
        _ask(server, ["/"])
        start = _pss(server)
        # A connection stays with one process: some of each sort, until both hold all.
        for _ in range(_CONNECTIONS):
            _ask(server, paths[:pages])
            if _held(server, "pages") >= 2 * pages:
                break
        held = {name: _held(server, name) for name in ("pages", "bytes")}
        assert held["pages"] >= 2 * pages, held
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
