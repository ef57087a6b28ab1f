"""The thread of a server process that writes its reads down, beside those that answer."""

import datetime as dt
import logging
import random
import threading
import time

from django.db import connection

from articles.readership import keeping

logger = logging.getLogger(__name__)

EVERY = 30.0
"""Seconds between two writes: what a process that is killed takes with it."""
_GATHER_EVERY = 5.0


class Writer(threading.Thread):
    """Runs until its process ends, or it is told to stop. A database that is down delays it, and
    nobody else. ``every``: seconds between two writes."""

    def __init__(self, *, every: float = EVERY) -> None:
        super().__init__(name="reads", daemon=True)
        self._every = every
        self._stopping = threading.Event()

    def run(self) -> None:
        # Processes that began together need not write together.
        due = time.monotonic() + self._every * random.random()  # noqa: S311
        while not self._stopping.wait(min(_GATHER_EVERY, self._every)):
            keeping.gather(_now())
            if time.monotonic() >= due:
                write()
                due = time.monotonic() + self._every

    def stop(self) -> None:
        """End soon, writing nothing more."""
        self._stopping.set()


def write() -> bool:
    """Write down what was counted, if the database takes it, and let go of the connection."""
    try:
        keeping.flush(_now())
    except Exception as problem:
        # Whatever it is: the reads wait, and the next time may succeed.
        logger.warning("Reads could not be written down and wait for the next time: %s", problem)
        return False
    finally:
        connection.close()
    return True


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
