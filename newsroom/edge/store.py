"""The pages a process holds: as the bytes that go out, and no more than so many of them."""

import gzip
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import lru_cache

import brotli

from newsroom.edge import counters
from newsroom.edge.counters import Counters
from newsroom.edge.promise import Promise

Headers = list[tuple[str, str]]

_LEVEL = 6
# A tenth less than gzip for 0.2 ms. 10 saves another tenth for 5 ms; but a page lasts a minute at
# most, and ten seconds while the desk is busy: that took an eighth of the processor.
_BROTLI_QUALITY = 5
_OVERHEAD = 2048
"""Bytes of a page beside its text: headers, key, entry."""
MOMENT = 0.2
LAG_SECONDS = 10
"""How long the lists beside a story may lag behind."""

# Each answer has these of its own.
_OWN = frozenset({"content-length", "content-encoding", "etag", "vary", "x-request-id"})
_OF_PACKING = frozenset({"content-length", "content-encoding"})
# A 304 has no content, so it says nothing of one.
_OF_CONTENT = frozenset({"content-type", "content-language", "content-encoding", "content-length"})


@lru_cache(maxsize=512)
def _once(name: str, value: str) -> tuple[str, str]:
    """The header as one object for all pages that have it: policies are long, and the same."""
    return name, value


@dataclass(slots=True)
class Packed:
    """The bytes of a page in one encoding, with all their headers."""

    body: bytes
    headers: Headers

    @classmethod
    def build(cls, body: bytes, encoding: str, kept: Headers) -> "Packed":
        size = ("Content-Length", str(len(body)))
        return cls(body, [*kept, _once("Content-Encoding", encoding), size])


@dataclass(slots=True)
class Page:
    """One answer with status 200, ready to go out in any encoding. Times: Unix seconds."""

    etag: str
    zipped: Packed
    made_at: float
    until: float
    strict: tuple[tuple[int, int], ...]
    lists: int | None
    story: int | None = None
    """The article whose page it is: sending it is a read of that story."""
    true_at: float = 0.0
    """When it was last seen to be true."""
    wanted: int = 0
    brotli: Packed | None = None
    """Made when it is asked for often; see ``packing``."""

    @classmethod
    def build(
        cls,
        body: bytes,
        *,
        etag: str,
        headers: Headers,
        promise: Promise,
        at: float,
        former: "Page | None" = None,
    ) -> "Page":
        """``etag`` is strong and quoted; it goes out weak with packed bytes, for these differ.

        ``former``: what was held in its place; if its words are the same, they stay packed.
        """
        kept = [_once(name, value) for name, value in headers if name.lower() not in _OWN]
        weak = [*kept, _once("Vary", "Accept-Encoding"), ("ETag", f"W/{etag}")]
        if former is not None and former.etag != etag:
            former = None
        zipped = former.zipped.body if former else gzip.compress(body, _LEVEL, mtime=0)
        page = cls(
            etag=etag,
            zipped=Packed.build(zipped, "gzip", weak),
            made_at=at,
            until=promise.until,
            strict=promise.strict,
            lists=promise.lists,
            story=promise.story,
        )
        if former and former.brotli:
            page.brotli = page._by_brotli(former.brotli.body)
        return page

    @classmethod
    def apart(cls, promise: Promise, *, at: float) -> "Page":
        """Stands for a page that readers do not share, so that nobody asks for it in vain."""
        return cls.build(b"", etag="", headers=[], promise=promise, at=at)

    @property
    def is_apart(self) -> bool:
        return not self.etag

    @property
    def size(self) -> int:
        return len(self.zipped.body) + (len(self.brotli.body) if self.brotli else 0) + _OVERHEAD

    def unpacked(self) -> Packed:
        """For clients who take no encoding: there are few, so it is made for each."""
        body = gzip.decompress(self.zipped.body)
        own = [("ETag", self.etag), ("Content-Length", str(len(body)))]
        return Packed(body, [*self._kept(but=_OWN - {"vary"}), *own])

    def unchanged(self) -> Headers:
        """The headers of a 304."""
        return self._kept(but=_OF_CONTENT)

    def pack_by_brotli(self) -> Packed:
        """The bytes that ``brotli`` may hold; a long page takes some milliseconds."""
        body: bytes = brotli.compress(
            gzip.decompress(self.zipped.body), mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY
        )
        return self._by_brotli(body)

    def _by_brotli(self, body: bytes) -> Packed:
        return Packed.build(body, "br", self._kept(but=_OF_PACKING))

    def _kept(self, *, but: frozenset[str]) -> Headers:
        return [line for line in self.zipped.headers if line[0].lower() not in but]

    def is_true(self, shared: Counters, now: float) -> bool:
        """Whether it may go out: its time is not over, and nothing in it has changed."""
        # Made after now: the clock was set back, and its times say nothing.
        if not self.made_at <= now < self.until:
            return False
        # Not by all(): this is asked at every hit.
        for place, value in self.strict:  # noqa: SIM110
            if shared[place] != value:
                return False
        return True

    def was_true_lately(self, now: float) -> bool:
        """Whether all that has changed in it has done so within the last moment."""
        return 0 <= now - self.true_at <= MOMENT

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
        """Without the lock: a page that another thread lets go meanwhile was still held."""
        page = self._pages.get(key)
        if page is not None:
            try:  # noqa: SIM105  suppress() takes longer than all the rest
                self._pages.move_to_end(key)
            except KeyError:
                pass
        return page

    def put(self, key: Hashable, page: Page) -> None:
        """Hold a page in place of the one so far; one that is larger than all may be is let go."""
        if page.size > self.most_bytes:
            return
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self.bytes += page.size
            self._make_room()

    def add_brotli(self, page: Page, key: Hashable, packed: Packed) -> None:
        """Hold ``packed`` with a page, if it is still the one that is held."""
        with self._lock:
            if self._pages.get(key) is page and page.brotli is None:
                self.bytes -= page.size
                page.brotli = packed
                self.bytes += page.size
                self._make_room()

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self.bytes = 0

    def _make_room(self) -> None:
        while self.bytes > self.most_bytes:
            self._drop(next(iter(self._pages)))

    def _drop(self, key: Hashable) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self.bytes -= page.size
