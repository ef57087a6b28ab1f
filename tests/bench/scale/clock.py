"""How long an act takes: by the clock, and of the processor, this process and its database's."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.db import connection

from tests.bench.figures import Figure

ROUNDS = 40
Times = dict[str, float]


def timed(act: Callable[[], object], *, rounds: int = ROUNDS) -> Times:
    """Milliseconds of so many rounds after a first: middle, p95 and worst, and of the processor."""
    act()
    backend = _backend()
    both = [_once(act, backend) for _ in range(rounds)]
    clock, cpu = [wall for wall, _ in both], [spent for _, spent in both]
    return {
        "rounds": rounds,
        "median": Figure.of(clock).median,
        "p95": Figure.p95(clock).median,
        "maximum": max(clock),
        "cpu_median": Figure.of(cpu).median,
        "cpu_p95": Figure.p95(cpu).median,
    }


def _once(act: Callable[[], object], backend: int) -> tuple[float, float]:
    cpu, wall = time.process_time() + _spent(backend), time.perf_counter()
    act()
    took = time.perf_counter() - wall
    used = time.process_time() + _spent(backend) - cpu
    return round(took * 1000, 2), round(used * 1000, 2)


def _backend() -> int:
    """The process that works for our connection, if it runs on this machine; else 0."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _spent(process: int) -> float:
    """Seconds of the processor that a process has used; Linux tells to the nanosecond."""
    if process:
        with suppress(OSError):
            return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9
    return 0.0


def load() -> list[float]:
    return [round(each, 2) for each in os.getloadavg()]
