"""A newsroom that takes over a new version under load, and one that ends: what gets lost or stays.

``NEWSROOM_DATA=… python -m tests.bench.reload [requests] [ends]`` needs a prepared data folder.
"""

# ruff: noqa: T201  printing is what this is for

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.bench.hammer import asked
from tests.live import ROOT
from tests.ports import free_port

REQUESTS = 50_000
ENDS = 20
ROUND_S = 10.0
GONE_WITHIN = 10.0
UP_WITHIN = 120.0
WEB, WORKER = "newsroom.tasks.web", "manage.py worker"
OURS = (WEB, "manage.py", "multiprocessing")
PATHS = ("/", "/latest/", "/feeds/rss/")


def measure(data: Path, *, requests: int = REQUESTS, ends: int = ENDS) -> dict[str, int]:
    """Read without a pause while versions are taken over; then start and end ``ends`` times.

    Out: ``requests`` sent at least as many as asked for, ``failed`` of them (without an answer, or
    with another than 2xx or 3xx), ``reloads`` that came to their end meanwhile, and of ``ends``
    the processes that stayed behind, ``leftovers``.
    """
    counted = {"requests": 0, "failed": 0, "reloads": 0, "ends": 0, "leftovers": 0}
    with _serving(data) as (process, port), ThreadPoolExecutor(1) as aside:
        while counted["requests"] < requests or not counted["reloads"]:
            reload = aside.submit(_reload, data, process)
            while not reload.done():
                result = asked(port, PATHS, seconds=ROUND_S)
                counted["requests"] += result["requests"]
                counted["failed"] += result["lost"] + result["not_ok"]
            counted["reloads"] += reload.result()
    for _ in range(ends):
        with _serving(data):
            pass
        counted["ends"] += 1
        counted["leftovers"] += len(_left(data))
    return counted


@contextmanager
def _serving(data: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    port = free_port()
    command = [sys.executable, "manage.py", "serve", f"--port={port}"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"NEWSROOM_DATA": str(data), "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            _wait(port, data)
            yield process, port
        finally:
            process.send_signal(signal.SIGTERM)


def _wait(port: int, data: Path) -> None:
    until = time.monotonic() + UP_WITHIN
    while time.monotonic() < until:
        try:
            answer = httpx.get(f"http://localhost:{port}/healthz")
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code == 200 and _of(data, WORKER):
            return
        time.sleep(0.1)
    raise AssertionError("The newsroom did not come up")


def _reload(data: Path, process: subprocess.Popen[bytes]) -> int:
    """Ask for it, and wait until nobody of before answers. Out: 1, or 0 if that did not come."""
    main = min(_of(data, WEB), key=_began)
    before = _of(data, WEB, WORKER) - {main}
    process.send_signal(signal.SIGUSR1)
    until = time.monotonic() + UP_WITHIN
    while time.monotonic() < until:
        if not before & _of(data, WEB, WORKER):
            return 1
        time.sleep(0.1)
    return 0


def _left(data: Path) -> set[int]:
    until = time.monotonic() + GONE_WITHIN
    while (left := _of(data, *OURS)) and time.monotonic() < until:
        time.sleep(0.1)
    return left


def _of(data: Path, *words: str) -> set[int]:
    """The living processes on this data whose command has one of the words."""
    marker = f"NEWSROOM_DATA={data}\0".encode()
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        pid = int(folder.name)
        command = _command(pid)
        try:
            is_named = any(word in command for word in words)
            if is_named and marker in (folder / "environ").read_bytes():
                found.add(pid)
        except OSError:
            continue  # it ended meanwhile, or is somebody else's
    return found


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def _began(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19])


if __name__ == "__main__":
    given = dict(zip(("requests", "ends"), map(int, sys.argv[1:]), strict=False))
    print(json.dumps(measure(Path(os.environ["NEWSROOM_DATA"]), **given), indent=2))
