"""A new version takes over while readers read, and the whole newsroom ends and begins again."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import httpx

from tests.live import ROOT
from tests.ports import free_port

READS, RESTARTS, READERS = 50_000, 20, 4
PATH = "/latest/"
BETWEEN = 10.0
"""Seconds between two versions."""


def measure(data: Path, *, reads: int = READS, restarts: int = RESTARTS) -> dict[str, Any]:
    """Out: requests, those that failed by how, reloads meanwhile, and processes that were left
    after each of ``restarts`` ends."""
    port = free_port()
    with _serving(data, port) as newsroom:
        readers = [_Reader(port, keeps=bool(turn % 2)) for turn in range(READERS)]
        reloads = 0
        while sum(reader.answered for reader in readers) < reads:
            newsroom.process.send_signal(signal.SIGUSR1)
            reloads += 1
            time.sleep(BETWEEN)
        for reader in readers:
            reader.stop()
        left = newsroom.end()
    for _ in range(restarts):
        with _serving(data, port) as newsroom:
            left += newsroom.end()
    failed: Counter[str] = sum((reader.failed for reader in readers), Counter())
    answered = sum(reader.answered for reader in readers)
    return {"answered": answered, "failed": dict(failed), "reloads": reloads, "left": left}


class _serving:  # noqa: N801  a context
    """`manage.py serve` with a newsroom of its own, told from all other processes by its data."""

    def __init__(self, data: Path, port: int) -> None:
        self._data, self._port = data, port
        own = {"NEWSROOM_DATA": str(data), "PORT": str(port), "EDGE": "1"}
        own["DATABASE_URL"] = f"sqlite:///{data}/newsroom.sqlite3"
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", f"--port={port}"],
            cwd=ROOT,
            env=os.environ | own,
            stdout=subprocess.DEVNULL,
        )

    def __enter__(self) -> "_serving":
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                if httpx.get(f"http://localhost:{self._port}{PATH}").status_code == 200:
                    return self
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError("The newsroom did not come up")

    def end(self) -> int:
        """Ask for the end. Out: how many processes are left ten seconds later."""
        self.process.terminate()
        self.process.wait(15)
        until = time.monotonic() + 10
        while (left := self._left()) and time.monotonic() < until:
            time.sleep(0.1)
        return left

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def _left(self) -> int:
        marker, found = f"NEWSROOM_DATA={self._data}\0".encode(), 0
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                found += marker in (folder / "environ").read_bytes()
            except OSError:
                continue  # it ended meanwhile
        return found


class _Reader:
    """Reads one page without end; ``keeps`` its connection, or takes a new one each time."""

    def __init__(self, port: int, *, keeps: bool) -> None:
        self.answered, self.failed = 0, Counter[str]()
        self._port, self._keeps, self._is_over = port, keeps, threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self) -> None:
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        connection = self._connect()
        while not self._is_over.is_set():
            try:
                if self._read(connection):
                    continue
            except (OSError, HTTPException) as error:
                self.failed[type(error).__name__] += 1
            connection.close()
            connection = self._connect()

    def _read(self, connection: HTTPConnection) -> bool:
        """One request. Out: whether the connection may be used again."""
        connection.request("GET", PATH)
        answer = connection.getresponse()
        answer.read()
        self.answered += 1
        if answer.status != 200:
            self.failed[str(answer.status)] += 1
        return self._keeps and not answer.will_close

    def _connect(self) -> HTTPConnection:
        return HTTPConnection("localhost", self._port, timeout=30)
