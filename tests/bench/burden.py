"""What an act takes: seconds by the clock and of the processor, and memory, its children's too."""

import os
import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LOOK_EVERY = 0.02
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(slots=True)
class Burden:
    """``memory``: the most bytes at once above those before; 0 where the system does not tell."""

    seconds: float = 0
    cpu_seconds: float = 0
    memory: int = 0

    def __add__(self, other: "Burden") -> "Burden":
        return Burden(
            self.seconds + other.seconds,
            self.cpu_seconds + other.cpu_seconds,
            max(self.memory, other.memory),
        )


@contextmanager
def weighed() -> Iterator[Burden]:
    """Fill in a ``Burden`` by the end of the block."""
    burden, is_over = Burden(), threading.Event()
    before = _resident()
    most = [before]

    def look() -> None:
        while not is_over.wait(LOOK_EVERY):
            most.append(max(most.pop(), _resident()))

    watch = threading.Thread(target=look, daemon=True)
    watch.start()
    cpu, wall = _cpu(), time.perf_counter()
    yield burden
    burden.seconds, burden.cpu_seconds = time.perf_counter() - wall, _cpu() - cpu
    is_over.set()
    watch.join()
    burden.memory = most[0] - before


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _resident() -> int:
    """Bytes of this process and its children; what they share is counted for each."""
    children: list[str] = []
    for thread in Path("/proc/self/task").glob("*/children"):
        try:
            children += thread.read_text().split()
        except OSError:
            continue
    return sum(map(_of, ("self", *children)))


def _of(process: str) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0
