"""What a server process takes of the machine's memory, and how it stays little."""

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager

_M_ARENA_MAX = -8
"""The option's number in ``mallopt(3)``."""
_HEAPS = 2


def share_heaps() -> None:
    """Let all threads, of which there are many, share few heaps: each keeps gaps of its own.

    Where the C library knows no such option, nothing happens.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _HEAPS)


@contextmanager
def kept() -> Iterator[None]:
    """Load what stays as long as the process does.

    Hardly anything of it is garbage, so the collector does not look for it meanwhile; nor later,
    which would take time and, in memory that forked processes share, make copies.
    """
    gc.disable()
    try:
        yield
        gc.collect()
        gc.freeze()
    finally:
        gc.enable()
