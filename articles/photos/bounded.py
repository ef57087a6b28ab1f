"""The child's side of ``children``: bounds itself, reads, lets one module of ours answer.

``python -m articles.photos.bounded PARENT CPU_SECONDS SECONDS MEMORY MODULE ARGUMENT…``

The bounds stand before the first byte is read. Imports little: each upload waits for its start.
"""

import importlib
import os
import resource
import signal
import sys
import threading
import time

DONE, OUT_OF_MEMORY = b"+", b"m"
"""What the last byte says of those before it; another one, or none, is that of a crash."""

_LOOK_EVERY = 0.2
# Gives way to readers, and still ends in time on a machine that is busy.
_NICE = 5


def main(*words: str) -> None:
    parent, cpu_seconds, seconds, memory = map(int, words[:4])
    module, *arguments = words[4:]
    signal.alarm(seconds)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    # Before the bounds, for it opens files and, the first time, writes compiled ones.
    answer = importlib.import_module(module).answer
    _bound(cpu_seconds, memory)
    try:
        data = sys.stdin.buffer.read()
        sys.stdin.close()
        told = answer(data, *arguments) + DONE
    except MemoryError:
        told = OUT_OF_MEMORY
    sys.stdout.buffer.write(told)
    sys.stdout.buffer.flush()
    # Nothing is left to tidy up, and hundreds of megabytes take time to tidy.
    os._exit(0)


def _bound(cpu_seconds: int, memory: int) -> None:
    os.nice(_NICE)
    # A second apart: the first is the signal that tells why.
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
        # Pipes are no files. The processes of one user are counted together: with none allowed,
        # this one starts no other, and nobody else is hindered. (It does not bind root.)
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _end_with(parent: int) -> None:
    """A parent that was killed could not end its child."""
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
