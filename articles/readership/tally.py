"""Reads that this server process has answered and nobody has written down yet."""

import threading
from collections import Counter, deque

MOST = 200_000
"""So many reads wait at most; the oldest are forgotten first."""

# Appending is one step of the interpreter: no lock, and no read of another thread is lost.
_reads: deque[int] = deque(maxlen=MOST)
_taking = threading.Lock()


count = _reads.append
"""Count one read of a story, by its article's id. It costs no query and can not fail. Every hit of
the page cache takes this step, so it is the bare one."""


def take() -> Counter[int]:
    """The reads so far by article id; they are counted no more."""
    with _taking:
        return Counter(_reads.popleft() for _ in range(len(_reads)))
