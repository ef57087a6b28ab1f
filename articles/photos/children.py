"""Bytes that nobody trusts are handled in a process of their own, with bounds on what it may use.

``run`` starts ``articles.photos.bounded``, which bounds itself and calls the function
``answer(data, *arguments) -> bytes`` of one module of ours. Such a module knows nothing of Django.
"""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from articles.photos.bounded import DONE, OUT_OF_MEMORY

_ROOT = Path(__file__).resolve().parent.parent.parent
_PART = 64 * 1024
# The end of a traceback, for the log.
_COMPLAINT = 1000
# No secrets go along. glibc would set 64 MB of addresses apart for each thread.
_ENVIRONMENT = {"MALLOC_ARENA_MAX": "1"}
_INHERITED = ("PATH", "PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "TZ")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one child may use: seconds, and bytes."""

    cpu_seconds: int = 8
    seconds: int = 10
    """By the clock, from the start of the process."""
    memory: int = 512 * 1024 * 1024
    """Of address space, of which less is ever resident."""
    answer: int = 16 * 1024 * 1024


class ChildFailed(Exception):
    """There is no answer: the child crashed, or said more than it may."""


class TookTooLong(ChildFailed):
    """It was ended after its seconds, by the clock or of the processor."""


class NeededTooMuch(ChildFailed):
    """Its memory did not suffice."""


def run(
    module: str, data: bytes, *, arguments: tuple[str, ...] = (), bounds: Bounds | None = None
) -> bytes:
    """Return what ``module.answer(data, *arguments)`` says in a child. Raises ``ChildFailed``.

    Whatever happens, the child and all it may have started are gone afterwards.
    """
    bounds = bounds or Bounds()
    until = time.monotonic() + bounds.seconds
    with _started(module, arguments, bounds) as child:
        told, complaint = _exchanged(child, data, until=until, most=bounds.answer + 1)
        # Its last words are written, so nothing is lost by not waiting for the rest of it.
        how = _ended(child)
    if told.endswith(DONE):
        return told[: -len(DONE)]
    if told.endswith(OUT_OF_MEMORY):
        raise NeededTooMuch(module)
    if how in {-signal.SIGALRM, -signal.SIGXCPU}:
        raise TookTooLong(module)
    raise ChildFailed(
        f"{module} ended with {how}: {complaint[-_COMPLAINT:].decode(errors='replace')}"
    )


def command(module: str, *arguments: str, bounds: Bounds) -> list[str]:
    """What starts such a child, as one of this process."""
    limits = map(str, (os.getpid(), bounds.cpu_seconds, bounds.seconds, bounds.memory))
    return [sys.executable, "-m", "articles.photos.bounded", *limits, module, *arguments]


@contextmanager
def _started(
    module: str, arguments: tuple[str, ...], bounds: Bounds
) -> Iterator[subprocess.Popen[bytes]]:
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    with subprocess.Popen(  # noqa: S603  # our own module
        command(module, *arguments, bounds=bounds),
        cwd=_ROOT,
        env=inherited | _ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        start_new_session=True,
    ) as child:
        try:
            yield child
        finally:
            _ended(child)


def _ended(child: subprocess.Popen[bytes]) -> int:
    """End the child and its whole session; a negative number tells the signal that ended it."""
    if child.returncode is None:
        # Until it is waited for, its number belongs to nobody else.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    return child.wait()


def _exchanged(
    child: subprocess.Popen[bytes], data: bytes, *, until: float, most: int
) -> tuple[bytes, bytes]:
    """Hand ``data`` over and read both outputs until the child closes them."""
    assert child.stdin is not None  # noqa: S101
    os.set_blocking(child.stdin.fileno(), False)
    left = memoryview(data)
    heard = {child.stdout: bytearray(), child.stderr: bytearray()}
    with selectors.DefaultSelector() as ready:
        ready.register(child.stdin, selectors.EVENT_WRITE)
        for pipe in heard:
            ready.register(cast(IO[bytes], pipe), selectors.EVENT_READ)
        while ready.get_map():
            for pipe in _next(ready, until):
                if pipe is child.stdin:
                    left = _with_part_written(pipe, left)
                    is_over = not left
                else:
                    part = os.read(pipe.fileno(), _PART)
                    heard[pipe] += part
                    is_over = not part
                if is_over:
                    ready.unregister(pipe)
                    pipe.close()
            if sum(map(len, heard.values())) > most:
                raise ChildFailed("it says more than it may")
    return bytes(heard[child.stdout]), bytes(heard[child.stderr])


def _next(ready: selectors.BaseSelector, until: float) -> list[Any]:
    """The pipes that can be used now."""
    remaining = until - time.monotonic()
    if remaining <= 0 or not (events := ready.select(remaining)):
        raise TookTooLong("no answer within its seconds by the clock")
    return [key.fileobj for key, _ in events]


def _with_part_written(pipe: IO[bytes], left: memoryview) -> memoryview:
    """Write some of ``left``; what still is to be written comes back."""
    try:
        return left[os.write(pipe.fileno(), left[:_PART]) :]
    except BrokenPipeError:
        # It reads no more. What it says, or how it ended, tells why.
        return left[:0]
