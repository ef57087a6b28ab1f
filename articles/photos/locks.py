"""One maker at a time for each rendition, across all processes of a host."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

# Files stay behind, so there is a fixed number of them; two renditions may share one and wait.
_SLOTS = 128


@contextmanager
def sole_maker(name: str) -> Iterator[None]:
    """Hold ``name`` until the block ends, or the process does. Not to be nested."""
    folder = settings.NEWSROOM_DATA / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    slot = int.from_bytes(hashlib.sha256(name.encode()).digest()[:2]) % _SLOTS
    with (folder / f"rendition-{slot}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
