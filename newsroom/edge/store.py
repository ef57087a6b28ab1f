"""The pages a process holds: as the bytes that go out, and no more than so many of them."""

import gzip
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field

from newsroom.edge import counters
from newsroom.edge.counters import Counters
from newsroom.edge.promise import Promise

Headers = list[tuple[str, str]]

_LEVEL = 6
_OVERHEAD = 4096
"""Bytes of a page beside its text: headers thrice, key, entry."""
LAG_SECONDS = 10
"""How long the lists beside a story may lag behind."""

# Each answer has these of its own.
_OWN = frozenset({"content-length", "content-encoding", "etag", "vary", "x-request-id"})
# A 304 has no content, so it says nothing of one.
_OF_CONTENT = frozenset({"content-type", "content-language"})


@dataclass(frozen=True, slots=True)
class Page:
    """One answer with status 200, ready to go out in either encoding. Times: Unix seconds."""

    etag: str
    body: bytes
    """By gzip."""
    zipped: Headers
    plain: Headers
    unchanged: Headers
    made_at: float
    until: float
    strict: tuple[tuple[int, int], ...]
    lists: int | None

    @classmethod
    def build(
        cls, body: bytes, *, etag: str, headers: Headers, promise: Promise, at: float
    ) -> "Page":
        """``etag`` is strong and quoted; it goes out weak with gzip, for the bytes differ."""
        packed = gzip.compress(body, _LEVEL, mtime=0)
        kept = [(name, value) for name, value in headers if name.lower() not in _OWN]
        kept.append(("Vary", "Accept-Encoding"))
        weak = [*kept, ("ETag", f"W/{etag}")]
        return cls(
            etag=etag,
            body=packed,
            zipped=[*weak, ("Content-Encoding", "gzip"), ("Content-Length", str(len(packed)))],
            plain=[*kept, ("ETag", etag), ("Content-Length", str(len(body)))],
            unchanged=[line for line in weak if line[0].lower() not in _OF_CONTENT],
            made_at=at,
            until=promise.until,
            strict=promise.strict,
            lists=promise.lists,
        )

    @classmethod
    def apart(cls, promise: Promise, *, at: float) -> "Page":
        """Stands for a page that readers do not share, so that nobody asks for it in vain."""
        return cls.build(b"", etag="", headers=[], promise=promise, at=at)

    @property
    def is_apart(self) -> bool:
        return not self.etag

    @property
    def size(self) -> int:
        return len(self.body) + _OVERHEAD

    def is_true(self, shared: Counters, now: float) -> bool:
        """Whether it may go out: its time is not over, and nothing in it has changed."""
        # Made after now: the clock was set back, and its times say nothing.
        if not self.made_at <= now < self.until:
            return False
        return all(shared[place] == value for place, value in self.strict)

    def lags(self, shared: Counters, now: float) -> bool:
        """Whether the lists beside the story have changed, long enough ago to make it anew."""
        if self.lists is None or now < self.made_at + LAG_SECONDS:
            return False
        return shared[counters.LISTS] != self.lists


@dataclass(slots=True)
class Store:
    """Pages by key, of so many bytes at most."""

    most_bytes: int
    bytes: int = 0
    _pages: OrderedDict[Hashable, Page] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: Hashable) -> Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: Hashable, page: Page) -> None:
        """Hold a page in place of the one so far; one that is larger than all may be is let go."""
        if page.size > self.most_bytes:
            return
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self.bytes += page.size
            while self.bytes > self.most_bytes:
                self._drop(next(iter(self._pages)))

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self.bytes = 0

    def _drop(self, key: Hashable) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self.bytes -= page.size
