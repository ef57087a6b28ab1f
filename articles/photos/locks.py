"""One maker at a time for each picture, and few at once, across all processes of a host."""

import fcntl
import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import IO

from django.conf import settings

# Files stay behind, so there is a fixed number of them; two renditions may share one and wait.
_SLOTS = 128
# Makers at work at once; each may take hundreds of megabytes.
_PLACES = 2


_LOOK_EVERY = 0.05
"""Seconds."""


@contextmanager
def sole_maker(name: str, *, patience: float | None = None) -> Iterator[None]:
    """Hold ``name`` until the block ends, or the process does. Not to be nested.

    Raises ``TimeoutError`` where it cannot be had within ``patience`` seconds (None: waits).
    """
    folder = settings.NEWSROOM_DATA / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    slot = int.from_bytes(hashlib.sha256(name.encode()).digest()[:2]) % _SLOTS
    with (folder / f"rendition-{slot}").open("w") as lock:
        _take_one([lock], patience)
        yield


@contextmanager
def maker_place(*, patience: float | None = None) -> Iterator[None]:
    """Hold one of the few places of makers until the block ends; wait for one if all are taken.

    Raises ``TimeoutError`` where none becomes free within ``patience`` seconds (None: waits).
    """
    folder = settings.NEWSROOM_DATA / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as opened:
        places = [
            opened.enter_context((folder / f"making-{number}").open("w"))
            for number in range(_PLACES)
        ]
        _take_one(places, patience)
        yield


def _take_one(locks: Sequence[IO[str]], patience: float | None) -> None:
    ends = None if patience is None else time.monotonic() + patience
    while not any(_takes(lock) for lock in locks):
        if ends is not None and time.monotonic() > ends:
            raise TimeoutError("others are at work")
        time.sleep(_LOOK_EVERY)


def _takes(lock: IO[str]) -> bool:
    """Take a place if nobody has it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
