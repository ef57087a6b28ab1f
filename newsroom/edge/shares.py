"""How the threads of a server process are shared out, so that no kind of request takes them all.

The shares together are one thread less than there are: so one always answers from the page cache,
or says that there is no room.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from newsroom.edge.rota import rota


class FullError(Exception):
    """There is no room now; nothing of the request has been done."""


class Share:
    """``places`` may be taken, waiting included; of them ``at_once`` are worked on.

    The others wait for their turn, ``patience`` seconds at most. Who finds no place is told so.
    """

    def __init__(self, name: str, *, places: int, at_once: int, patience: float) -> None:
        self.name = name
        self.places = places
        self._patience = patience
        self._free = threading.Semaphore(places)
        self._turns = threading.Semaphore(at_once)

    def enter(self) -> None:
        """Take a place, to be given back by ``leave``. Raises FullError."""
        if not self._free.acquire(blocking=False):
            raise FullError
        rota.go_to_work()

    def leave(self) -> None:
        rota.come_back()
        self._free.release()

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place for as long as the block runs. Raises FullError."""
        self.enter()
        try:
            yield
        finally:
            self.leave()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Work, with a place taken before. Raises FullError when the wait was too long."""
        if not self._turns.acquire(timeout=self._patience):
            raise FullError
        try:
            yield
        finally:
            self._turns.release()


# Few at once, for they share one interpreter with whoever is answered from the page cache.
_SIZES = {
    "pages": {"places": 30, "at_once": 2, "patience": 1.2},
    # Three uploads may be looked at, some seconds each. Thirty readers may sign in at the same
    # moment; each takes a quarter of a second.
    "desk": {"places": 30, "at_once": 3, "patience": 10.0},
    # A browser asks for all files of a page at once. Without its style a page is broken, and
    # pictures that nobody asked for before are made while somebody waits.
    "files": {"places": 18, "at_once": 3, "patience": 10.0},
    "pictures": {"places": 30, "at_once": 2, "patience": 20.0},
    "health": {"places": 2, "at_once": 1, "patience": 1.0},
}
NAMES = tuple(_SIZES)
CROWD = 128
"""How many may wait, for a moment, for a page that somebody else's request makes already."""
THREADS = sum(int(size["places"]) for size in _SIZES.values()) + CROWD + 1
"""Of one server process."""

_BY_PATH = {
    "/account/": "desk",
    "/admin/": "desk",
    "/billing/": "desk",
    "/preview/": "desk",
    "/media/": "pictures",
    "/static/": "files",
    "/healthz": "health",
    "/readyz": "health",
    "/metrics": "health",
}


class Shares:
    """The shares of one process."""

    def __init__(self) -> None:
        self._by_name = {
            name: Share(
                name,
                places=int(size["places"]),
                at_once=int(size["at_once"]),
                patience=size["patience"],
            )
            for name, size in _SIZES.items()
        }
        self._by_path = [(path, self._by_name[name]) for path, name in _BY_PATH.items()]
        self.pages = self._by_name["pages"]
        self.crowd = Share("crowd", places=CROWD, at_once=CROWD, patience=0)

    def of(self, path: str) -> Share:
        """The share that a request for ``path`` takes its place in."""
        return next((share for start, share in self._by_path if path.startswith(start)), self.pages)
