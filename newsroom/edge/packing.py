"""Packs pages that are asked for often by brotli, in one thread beside those that answer."""

import queue
import threading
import time

from newsroom.edge.asked import Key
from newsroom.edge.counters import Counters
from newsroom.edge.store import Page, Store

OFTEN = 5
"""How often readers who take brotli want a page before it is worth the time."""
_MOST_WAITING = 100


class Packer:
    """Gives the pages of a store their brotli bytes."""

    def __init__(self, store: Store, shared: Counters) -> None:
        self._store = store
        self._shared = shared
        self._waiting: queue.Queue[tuple[Key, Page]] = queue.Queue(_MOST_WAITING)
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None

    def was_wanted(self, key: Key, page: Page) -> None:
        """Count it; the time that makes it often asks for the bytes, and waits for nothing."""
        page.wanted += 1
        if page.wanted == OFTEN:
            self._ask(key, page)

    def _ask(self, key: Key, page: Page) -> None:
        try:
            self._waiting.put_nowait((key, page))
        except queue.Full:
            # So many are hot that processor time is short: gzip will do for a minute.
            return
        with self._start:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="brotli", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            self.pack(*self._waiting.get())

    def pack(self, key: Key, page: Page) -> None:
        """Pack a page, unless it has ended."""
        if self._store.get(key) is page and page.is_true(self._shared, time.time()):
            self._store.add_brotli(page, key, page.pack_by_brotli())
