"""Ends a process when the one that started it is gone, however that one ended.

A killed process cannot take its children along, and a process group outlives its leader. So each
child looks whether its parent is still the one it knows. This needs no help from the kernel, works
on every Unix, and also reaches the server's own workers, whose start we do not control.
"""

import os
import signal
import threading
import time

LOOK_EVERY = 0.5
GRACE = 3.0
"""Seconds between two looks, and from the request to end to the end without asking."""


def end_with(parent: int, *, grace: float = GRACE) -> None:
    """Let this process end soon after ``parent`` (a process id): asked first, then made to."""
    threading.Thread(target=_watch, args=(parent, grace), name="lifeline", daemon=True).start()


def _watch(parent: int, grace: float) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(grace)
    os._exit(1)
