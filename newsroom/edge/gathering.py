"""Lets the server send several answers at a time, while all come from memory.

One thread of the server (granian's runtime, tokio) reads all requests and sends all answers. By the
system's usual rule it takes the processor as soon as there is anything for it: each answer from
memory, made in microseconds, is interrupted for the one before. As a thread of batch work
(SCHED_BATCH, sched(7)) it waits until the one that answers has nothing left, or its turn is over.
"""

import os
from contextlib import suppress
from pathlib import Path

_THREADS = Path("/proc/self/task")
_NAME = "tokio-rt-worker"


def sender() -> int | None:
    """The thread of this process that sends answers, by the system's number, if there is one."""
    found = []
    for thread in _THREADS.glob("*"):
        with suppress(OSError):  # It has ended meanwhile.
            if (thread / "comm").read_text().strip() == _NAME:
                found.append(int(thread.name))
    # It starts those that answer, when they are needed: they bear its name, too, but are younger.
    return min(found, default=None)


def let_gather(thread: int, *, is_on: bool) -> None:
    """Let ``thread`` (0: the calling one) wait for others that have work, or for nobody."""
    policy = os.SCHED_BATCH if is_on else os.SCHED_OTHER
    with suppress(OSError):  # Where the system does not let us, each answer goes out at once.
        os.sched_setscheduler(thread, policy, os.sched_param(0))
