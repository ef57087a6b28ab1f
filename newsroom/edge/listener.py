"""The one listener of a host: hears what other hosts committed, and bumps this host's counters.

Each server process has a thread that tries for a lock; the one that holds it listens, and when it
dies another takes over. Twice a second the listener sends itself an echo and notes in the counters
when the last one that came was sent: all that was told before it has been heard. From an echo that
is older than two seconds, every process of the host sees that it may be told in vain.
"""

import fcntl
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from newsroom.edge import counters, hosts
from newsroom.edge.counters import Counters

logger = logging.getLogger(__name__)

ECHO_EVERY = 0.5
TRY_EVERY = 0.25
"""Seconds: between two echoes, and between two tries to become the listener."""
_ECHO = "echo"
# A server that does not answer shall not hold us for minutes.
_PATIENCE: dict[str, Any] = {
    "connect_timeout": 2,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "tcp_user_timeout": 3000,
    "application_name": "newsroom listener",
}


class Listener:
    """Listens for the host of these counters, whenever no other process does."""

    def __init__(self, shared: Counters) -> None:
        self._shared = shared
        self._lock = settings.NEWSROOM_DATA / "edge.listener"
        self._is_lost = False

    def start(self) -> None:
        """Go on in a thread until the process ends."""
        threading.Thread(target=self._run, name="listener", daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                with _alone(self._lock) as is_alone:
                    if is_alone:
                        self._listen()
            except Exception as problem:
                # Whatever it is: nothing is held meanwhile, and the next try may succeed.
                self._complain(problem)
            time.sleep(TRY_EVERY)

    def _listen(self) -> None:
        """Hear until the connection is lost, which raises ``psycopg.Error``."""
        with _connected() as connection:
            connection.execute(f"LISTEN {hosts.CHANNEL}")
            # What was told before is lost to us: all that is held may be over.
            self._shared.bump(counters.EVERY)
            while True:
                self._echo(connection)
                for heard in connection.notifies(timeout=ECHO_EVERY):
                    self._take(heard.payload)

    def _echo(self, connection: psycopg.Connection[Any]) -> None:
        self._shared.renew_if_replaced()
        words = f"{self._shared.host} {_ECHO} {counters.ticks()}"
        connection.execute("SELECT pg_notify(%s, %s)", (hosts.CHANNEL, words))

    def _take(self, words: str) -> None:
        sender, _, rest = words.partition(" ")
        kind, _, sent_at = rest.partition(" ")
        if kind != _ECHO:
            self._shared.bump(hosts.places_in(words, own=self._shared))
        elif sender == str(self._shared.host):
            self._shared.note_heard(int(sent_at))
            self._rejoice()

    def _complain(self, problem: Exception) -> None:
        if not self._is_lost:
            logger.warning("No word from other hosts, so no page is held: %s", problem)
        self._is_lost = True

    def _rejoice(self) -> None:
        if self._is_lost:
            logger.warning("Other hosts are heard again")
        self._is_lost = False


def _connected() -> psycopg.Connection[Any]:
    if settings.EDGE_LISTEN_URL:
        return psycopg.connect(settings.EDGE_LISTEN_URL, autocommit=True, **_PATIENCE)
    known: dict[str, Any] = connections[DEFAULT_DB_ALIAS].get_connection_params()
    return psycopg.connect(**(_PATIENCE | known | {"autocommit": True}))


@contextmanager
def _alone(path: Path) -> Iterator[bool]:
    """Whether this process has the lock at ``path`` now, and so long as the block runs. The lock of
    a process that was killed is free."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
    try:
        yield _locks(file)
    finally:
        os.close(file)


def _locks(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
