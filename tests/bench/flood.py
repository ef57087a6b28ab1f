"""More readers than the server can do: what happens to pages that are held, and to the others.

An open loop: requests are sent at fixed times, whether the ones before were answered or not, and
timed from the moment they were due. Misses are searches for words that nobody asked for before.
``python -m tests.bench.flood --port 8000 --hit /latest/`` asks a server that runs.
"""

import argparse
import asyncio
import itertools
import json
import multiprocessing
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any

HITS_A_SECOND, TIMES = 200, 4
CAPACITY_SECONDS, QUIET_SECONDS, LOAD_SECONDS, AFTER_SECONDS = 4, 3, 12, 8
WARM_UP = 10
CONNECTIONS = 14
"""Of which all land at one of two processes once in 8,000 times."""
_GIVE_UP = 10.0
_HEAD = re.compile(rb"HTTP/1\.1 (\d+).*?\r\n(.*)", re.DOTALL)
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. Seconds; ``due`` from the first of its kind, ``took`` from when it was due."""

    due: float
    took: float
    status: int
    """0 if there was no answer."""


def figures(hits: list[Asked], misses: list[Asked], *, capacity: float) -> dict[str, Any]:
    """What is looked at: shares from 0 to 1, milliseconds and seconds by their names."""
    begin, end = QUIET_SECONDS, QUIET_SECONDS + LOAD_SECONDS
    during = [asked for asked in hits if begin <= asked.due < end]
    quiet = [asked.took for asked in hits if asked.due < begin]
    return {
        "capacity_a_second": round(capacity, 1),
        "misses_a_second": round(len(misses) / LOAD_SECONDS, 1),
        "hits_ok_share": round(sum(asked.status == 200 for asked in during) / len(during), 5),
        "hit_statuses": dict(Counter(str(asked.status) for asked in during)),
        "hits_p50_ms": round(_share_of([asked.took for asked in during], 0.5) * 1000, 2),
        "hits_p99_ms": round(_share_of([asked.took for asked in during], 0.99) * 1000, 2),
        "quiet_p99_ms": round(_share_of(quiet, 0.99) * 1000, 2),
        "worst_miss_seconds": round(max(asked.took for asked in misses), 3),
        "miss_statuses": dict(Counter(str(asked.status) for asked in misses)),
        "answered_misses_a_second": round(
            sum(asked.status == 200 for asked in misses) / LOAD_SECONDS, 1
        ),
        "recovery_seconds": _recovery([asked for asked in hits if asked.due >= end], end),
    }


def _recovery(after: list[Asked], end: float) -> float:
    """Seconds after the load from which on p99 of each second is at most 50 ms."""
    slow = [
        second
        for second in range(AFTER_SECONDS)
        if _share_of([a.took for a in after if second <= a.due - end < second + 1], 0.99) > 0.05
    ]
    return float(slow[-1] + 1) if slow else 0.0


def _share_of(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0


@dataclass(slots=True)
class Client:
    """Connections to one server, kept; as many as are needed."""

    port: int
    free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(default_factory=list)

    async def ask(self, path: str) -> int:
        """The status; 0 if there was no answer in time."""
        try:
            return await asyncio.wait_for(self._ask(path), _GIVE_UP)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            return 0

    async def _ask(self, path: str) -> int:
        if self.free:
            reader, writer = self.free.pop()
        else:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = (
            f"GET {path} HTTP/1.1\r\nHost: localhost:{self.port}\r\nAccept-Encoding: gzip\r\n\r\n"
        )
        writer.write(head.encode())
        found = _HEAD.match(await reader.readuntil(b"\r\n\r\n"))
        assert found is not None
        length = _LENGTH.search(found[2])
        assert length is not None, found[2]
        await reader.readexactly(int(length[1]))
        self.free.append((reader, writer))
        return int(found[1])


async def _capacity(client: Client, path: Callable[[], str]) -> float:
    """Misses a second that get their page when so few ask in turn that nobody has to wait long."""
    until = time.monotonic() + CAPACITY_SECONDS
    answered = 0

    async def reader() -> None:
        nonlocal answered
        while time.monotonic() < until:
            # In two steps: ``+=`` would add to the number from before the wait.
            status = await client.ask(path())
            answered += status == 200

    await asyncio.gather(*(reader() for _ in range(CONNECTIONS)))
    return answered / CAPACITY_SECONDS


async def _send(
    client: Client, path: Callable[[], str], *, rate: float, begin: float, seconds: float
) -> list[Asked]:
    """``rate`` requests a second from ``begin`` (by the loop's clock) on, in an open loop."""
    loop = asyncio.get_running_loop()

    async def one(due: float) -> Asked:
        status = await client.ask(path())
        return Asked(due - begin, loop.time() - due, status)

    tasks = []
    for number in range(int(rate * seconds)):
        due = begin + number / rate
        await asyncio.sleep(max(0.0, due - loop.time()))
        tasks.append(asyncio.create_task(one(due)))
    return list(await asyncio.gather(*tasks))


def _words() -> Iterator[str]:
    return (f"/search/?q=word{number}" for number in itertools.count(time.time_ns()))


def _misses(port: int, rate: float, begin: float) -> list[Asked]:
    """All of them, in a process of their own: who sends so many is late with whatever else."""
    words = _words()
    sending = _send(Client(port), lambda: next(words), rate=rate, begin=begin, seconds=LOAD_SECONDS)
    return asyncio.run(sending)


async def _run(port: int, hit: str, capacity: float | None) -> dict[str, Any]:
    words, client = _words(), Client(port)
    for _ in range(WARM_UP):
        for path in (hit, next(words)):
            # At a time, for every process must hold what is then called a hit.
            await asyncio.gather(*(client.ask(path) for _ in range(CONNECTIONS)))
    capacity = capacity or await _capacity(client, lambda: next(words))
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as aside:
        # Up and loaded before the clock runs, which all processes of the machine share.
        await loop.run_in_executor(aside, time.monotonic)
        begin = loop.time() + 0.5
        misses = loop.run_in_executor(aside, _misses, port, capacity * TIMES, begin + QUIET_SECONDS)
        whole = QUIET_SECONDS + LOAD_SECONDS + AFTER_SECONDS
        hits = await _send(client, lambda: hit, rate=HITS_A_SECOND, begin=begin, seconds=whole)
        return figures(hits, await misses, capacity=capacity)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--hit", default="/")
    parser.add_argument("--capacity", type=float, help="misses a second, if they are known")
    options = parser.parse_args()
    json.dump(asyncio.run(_run(options.port, options.hit, options.capacity)), sys.stdout, indent=2)


if __name__ == "__main__":
    main()
