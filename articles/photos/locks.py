"""One maker at a time for each picture, and few at once, across all processes of a host."""

import fcntl
import hashlib
import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO

from django.conf import settings

# Files stay behind, so there is a fixed number of them; two renditions may share one and wait.
_SLOTS = 128
# Makers at work at once; each may take hundreds of megabytes.
_PLACES = 2


@contextmanager
def sole_maker(name: str) -> Iterator[None]:
    """Hold ``name`` until the block ends, or the process does. Not to be nested."""
    folder = settings.NEWSROOM_DATA / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    slot = int.from_bytes(hashlib.sha256(name.encode()).digest()[:2]) % _SLOTS
    with (folder / f"rendition-{slot}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def maker_place() -> Iterator[None]:
    """Hold one of the few places of makers until the block ends; wait for one if all are taken."""
    folder = settings.NEWSROOM_DATA / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as opened:
        places = [
            opened.enter_context((folder / f"making-{number}").open("w"))
            for number in range(_PLACES)
        ]
        if not any(_takes(place) for place in places):
            fcntl.flock(random.choice(places), fcntl.LOCK_EX)  # noqa: S311  # no secret
        yield


def _takes(lock: IO[str]) -> bool:
    """Take a place if nobody has it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
