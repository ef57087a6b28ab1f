"""What is still true: counters in one small mapped file that all processes of a host share.

A page remembers the counters of what it shows, read *before* its queries, and is served while they
stand. Whoever changes something bumps them twice: before the commit, when a ticket says that a
change is on its way, and after it. While a ticket runs no page is kept. A process that is killed in
between leaves a ticket which ends by itself, and pages that nothing is served from.

Where other hosts write to the same database, their bumps are made here by a listener, which also
notes up to when it has heard all of them (``listener.py``).
"""

import fcntl
import mmap
import os
import secrets
import struct
import threading
import time
from collections.abc import Collection
from pathlib import Path

ANY, SITE, LISTS, READERS = 0, 1, 2, 3
"""Any change of what pages show; all pages; all lists; what all readers may see."""
_FIRST_STORY, _STORIES = 8, 4096
_FIRST_READER, _READERS = _FIRST_STORY + _STORIES, 4096
_FIRST_TICKET, _TICKETS = _FIRST_READER + _READERS, 64
# Those of readers stand apart: while somebody signs out, pages are kept all the same.
_FIRST_OF_READERS = _FIRST_TICKET + _TICKETS
_HOST = _FIRST_OF_READERS + _TICKETS
_HEARD = _HOST + 1
_SIZE = (_HEARD + 1) * 8
EVERY = range(_FIRST_TICKET)
"""All counters there are."""
TICKET_SECONDS = 5
_TICKET_NS = TICKET_SECONDS * 1_000_000_000
DEAF_AFTER = 2.0
_DEAF_AFTER_NS = int(DEAF_AFTER * 1_000_000_000)
# Where there is a clock that goes on while the machine sleeps, it is the one.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def ticks() -> int:
    """Nanoseconds by a clock that all processes of the host share and nobody sets."""
    return time.clock_gettime_ns(_CLOCK)


def of_story(article_id: int) -> int:
    """The counter of a story. Some stories share one, which costs a render and nothing else."""
    return _FIRST_STORY + article_id % _STORIES


def of_reader(user_id: int) -> int:
    """The counter of a reader. Some readers share one, which costs a token and nothing else."""
    return _FIRST_READER + user_id % _READERS


def _is_of_pages(place: int) -> bool:
    return place != READERS and not _FIRST_READER <= place < _FIRST_READER + _READERS


class Snapshot:
    """The counters of one moment, and whether a change was on its way then.

    ``is_dirty``: of what pages show. ``is_in_doubt``: that, or of what readers may see.
    """

    __slots__ = ("_values", "is_dirty", "is_in_doubt")

    def __init__(self, values: bytes) -> None:
        self._values = values
        self.is_dirty = _is_dirty(values, _FIRST_TICKET)
        self.is_in_doubt = self.is_dirty or _is_dirty(values, _FIRST_OF_READERS)

    def __getitem__(self, place: int) -> int:
        value: int = struct.unpack_from("=Q", self._values, place * 8)[0]
        return value


class Counters:
    """The mapped file. Reading takes no lock: a counter is eight aligned bytes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._open()

    def __getitem__(self, place: int) -> int:
        return self._values[place]

    def snapshot(self) -> Snapshot:
        return Snapshot(self._map[:])

    @property
    def host(self) -> int:
        """The name of this host among others: as long as the file is the same."""
        return self._values[_HOST]

    def is_deaf(self) -> bool:
        """Whether this host may have missed what another one told, for ``DEAF_AFTER`` seconds."""
        return not 0 <= ticks() - self._values[_HEARD] < _DEAF_AFTER_NS

    def note_heard(self, sent: int) -> None:
        """All that was told before ``sent`` (as ``ticks`` has it) has been heard."""
        self._values[_HEARD] = sent

    def bump(self, places: Collection[int]) -> None:
        """Bump ``places`` for a change that is committed: read from now on, it is there."""
        with self._lock, Alone(self._file):
            self._bump(places)

    def dirty(self, places: Collection[int]) -> int:
        """Bump ``places`` and take a ticket: call it as the last act before the commit."""
        with self._lock, Alone(self._file):
            self._bump(places)
            now = time.monotonic_ns()
            ticket = now + _TICKET_NS
            first = _FIRST_TICKET if any(map(_is_of_pages, places)) else _FIRST_OF_READERS
            self._values[self._free_ticket(now, first)] = ticket
            return ticket

    def clean(self, places: Collection[int], ticket: int) -> None:
        """Bump ``places`` again and give the ticket back: call it once the commit is over."""
        with self._lock, Alone(self._file):
            self._bump(places)
            for place in range(_FIRST_TICKET, _HOST):
                if self._values[place] == ticket:
                    self._values[place] = 0
                    break

    def renew_if_replaced(self) -> bool:
        """Open the file anew if another lies at its path now; whether it did."""
        try:
            is_same = os.path.samestat(os.fstat(self._file), os.stat(self._path))
        except FileNotFoundError:
            is_same = False
        if is_same:
            return False
        with self._lock:
            # The old mapping may be in use by another thread; it goes when nobody holds it.
            os.close(self._file)
            self._open()
        return True

    def _open(self) -> None:
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o640)
        with Alone(self._file):
            if os.fstat(self._file).st_size < _SIZE:
                # Never a value that a page of a former file could hold.
                start = struct.pack("=Q", time.time_ns()) * _FIRST_TICKET
                host = struct.pack("=Q", secrets.randbits(63))
                tickets = bytes(2 * _TICKETS * 8)
                os.pwrite(self._file, start + tickets + host + bytes(8), 0)
        self._map = mmap.mmap(self._file, _SIZE)
        self._values = memoryview(self._map).cast("Q")

    def _bump(self, places: Collection[int]) -> None:
        for place in places:
            self._values[place] += 1
        if any(map(_is_of_pages, places)):
            self._values[ANY] += 1

    def _free_ticket(self, now: int, first: int) -> int:
        """A place for a ticket: one that nobody holds, else the one that ends first."""
        places = range(first, first + _TICKETS)
        free = (place for place in places if not _runs(self._values[place], now))
        return next(free, None) or min(places, key=self._values.__getitem__)


class Alone:
    """Holds the file alone among processes. A lock of a process that was killed is gone."""

    def __init__(self, file: int) -> None:
        self._file = file

    def __enter__(self) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_EX)

    def __exit__(self, *exc_info: object) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_UN)


def _is_dirty(values: bytes, first: int) -> bool:
    tickets = values[first * 8 : (first + _TICKETS) * 8]
    if not any(tickets):
        return False
    now = time.monotonic_ns()
    return any(_runs(ticket, now) for (ticket,) in struct.iter_unpack("=Q", tickets))


def _runs(ticket: int, now: int) -> bool:
    # Not beyond its time either: what a machine left before it was started anew says nothing.
    return now < ticket <= now + _TICKET_NS
