"""What the page cache is worth: one server with it and one without, asked in turns by ``wrk``.

The processor's time is that of the server's processes, from /proc, so that it holds on a machine
that is busy otherwise. nginx serves the same bytes from a file beside them, where it is installed.
"""

import gzip
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.cast import make_article, publish
from tests.live import ROOT, child_environment
from tests.ports import free_port

ROUNDS, SECONDS, CONNECTIONS = 5, 3, 8
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Served:
    """The middle of all rounds, with the least and the most."""

    a_second: float
    cpu_us: float
    cpu_range: tuple[float, float]


def is_possible() -> bool:
    return shutil.which("wrk") is not None


def measure(data: Path) -> dict[str, Served]:
    """One story's page, anonymous, over each of the servers."""
    for number in range(30):
        path = publish(make_article(headline=f"A long day, part {number}")).get_absolute_url()
    rounds: dict[str, list[tuple[float, float]]] = {}
    with ExitStack() as stack:
        servers = {
            "with the page cache": stack.enter_context(newsroom(data, EDGE="1")),
            "without it": stack.enter_context(newsroom(data, EDGE="0")),
        }
        if shutil.which("nginx"):
            page = httpx.get(f"http://localhost:{servers['with the page cache'][0]}{path}").content
            servers["nginx, the same bytes"] = stack.enter_context(_nginx(page, path))
        for _ in range(ROUNDS):
            for name, (port, process) in servers.items():
                rounds.setdefault(name, []).append(_round(port, process, path))
    return {name: _middle(results) for name, results in rounds.items()}


def _middle(results: list[tuple[float, float]]) -> Served:
    a_second, cpu = zip(*results, strict=True)
    return Served(statistics.median(a_second), statistics.median(cpu), (min(cpu), max(cpu)))


def _round(port: int, process: int, path: str) -> tuple[float, float]:
    """Requests a second, and microseconds of processor a request."""
    before = _cpu(process)
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", "Accept-Encoding: gzip"]
    url = f"http://localhost:{port}{path}"
    said = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    found = re.search(r"(\d+) requests in", said)
    assert found is not None, said
    count = int(found[1])
    return count / SECONDS, (_cpu(process) - before) / count * 1_000_000


def _cpu(process: int) -> float:
    """Seconds of processor that a process and its children have had."""
    own = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return (int(own[11]) + int(own[12])) / _TICKS + sum(_cpu(int(each)) for each in children)


@contextmanager
def newsroom(data: Path, **environment: str) -> Iterator[tuple[int, int]]:
    port = free_port()
    whole = child_environment(data, PORT=str(port), **environment)
    command = [sys.executable, "-m", "newsroom.tasks.web", f"--port={port}", "--workers=2"]
    with subprocess.Popen(command, cwd=ROOT, env=whole) as process:
        try:
            _wait(f"http://localhost:{port}/healthz")
            yield port, process.pid
        finally:
            process.terminate()


@contextmanager
def _nginx(page: bytes, path: str) -> Iterator[tuple[int, int]]:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="newsroom-nginx-") as folder:
        file = Path(folder, "html", path.strip("/"), "index.html")
        file.parent.mkdir(parents=True)
        file.write_bytes(page)
        file.with_name("index.html.gz").write_bytes(gzip.compress(page, 6))
        Path(folder, "nginx.conf").write_text(
            f"worker_processes 2; daemon off; pid {folder}/pid; error_log {folder}/error.log;"
            "events {} http { access_log off; gzip_static on; keepalive_requests 1000000;"
            "default_type text/html; server { listen 127.0.0.1:%d; root %s/html; } }"
            % (port, folder)
        )
        Path(folder).chmod(0o755)
        command = ["nginx", "-p", folder, "-c", f"{folder}/nginx.conf"]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            try:
                _wait(f"http://localhost:{port}{path}")
                yield port, process.pid
            finally:
                process.terminate()


def _wait(url: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")
