"""The WSGI layer before Django: what all visitors share is answered here, all else passed on.

Safe by default: a request with anything unusual goes to Django as it came, and so does one for a
page whose view does not say ``shared``. Kept is only what the view shared while it answered.
"""

import itertools
import random
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.urls import Resolver404, resolve

from articles.readership import tally
from articles.site.caching import PRIVATE, PROMISE
from articles.site.reader import Level
from newsroom.edge import asked, promise, proxies
from newsroom.edge.admission import Admission
from newsroom.edge.asked import Environ, House, Key
from newsroom.edge.counters import Counters
from newsroom.edge.hosts import listen_if_needed
from newsroom.edge.packing import Packer
from newsroom.edge.passes import ANYBODY
from newsroom.edge.promise import Promise
from newsroom.edge.shares import FullError
from newsroom.edge.store import Headers, Packed, Page, Store
from newsroom.edge.watch import shared_counters

StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

LARGEST = 2_000_000
"""Bytes of a page, unpacked, that is still kept."""
_LOOK_AT_FILE = 1.0
_WAITS = 0.7
"""Seconds: between two looks whether the counters were replaced; and for another's render."""
_TURNS = 1024
_COUNTED = ("hit", "miss", "passed", "kept")
_GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_LEVEL_OF: dict[str, Level | None] = {ANYBODY: None} | {level.value: level for level in Level}
_STRONG = re.compile(r'"[^"]+"')


class NotSharedError(Exception):
    """Readers of a level do not share this page: Django answers each."""


class Edge:
    """Answers before ``django``, with pages of up to ``most_bytes`` in this process. With fellows,
    which are other hosts that write, only while it hears of them."""

    def __init__(
        self, django: Application, *, shared: Counters, most_bytes: int, has_fellows: bool = False
    ) -> None:
        self._gate = Admission(django)
        self._shared = shared
        self._has_fellows = has_fellows
        self._house = House.of_settings()
        self._store = Store(most_bytes=most_bytes)
        self._packer = Packer(self._store, shared)
        # By hash: who waits for another page's turn waits a little, and for nothing wrong.
        self._turns = [threading.Lock() for _ in range(_TURNS)]
        self._looked_at = 0.0
        self._numbers = itertools.count(random.getrandbits(63))
        self._figures = self._gate.figures
        self._before = {name: self._figures[name] for name in _COUNTED}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        now = time.time()
        if abs(now - self._looked_at) > _LOOK_AT_FILE:
            self._look_at_file(now)
        key = asked.key_of(environ, self._house, self._shared, now)
        if key is None or (self._has_fellows and self._shared.is_deaf()):
            return self._pass(environ, start_response)
        try:
            return self._give(key, now, environ, start_response)
        except NotSharedError:
            return self._pass(environ, start_response)

    def _give(
        self, key: Key, now: float, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        page = self._held(key, now)
        if page is not None and not (page.lags(self._shared, now) and self._is_my_turn(key)):
            if page.brotli is None and "br" in _taken(environ):
                self._packer.was_wanted(key, page)
            return self._send(page, environ, start_response, how="hit")
        if page is not None:
            return self._renew(page, key, environ, start_response)
        if not _is_shared_view(key[2]):
            return self._pass(environ, start_response)
        return self._wait_or_make(key, environ, start_response)

    def figures(self) -> dict[str, int]:
        """What was answered how since the start, and what is held now."""
        counted = {name: self._figures[name] - before for name, before in self._before.items()}
        return counted | {"pages": len(self._store), "bytes": self._store.bytes}

    def _pass(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        self._figures.add("passed")
        return self._gate(environ, start_response)

    def _held(self, key: Key, now: float) -> Page | None:
        page = self._store.get(key)
        if page is None or not page.is_true(self._shared, now):
            return None
        if page.is_apart:
            raise NotSharedError
        page.true_at = now
        return page

    def _renew(
        self, page: Page, key: Key, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Make a page anew that lags behind, in this request's turn; it may go out meanwhile."""
        try:
            with self._gate.pages.place():
                return self._make(key, environ, start_response)
        except FullError:
            return self._send(page, environ, start_response, how="hit")
        finally:
            self._turn(key).release()

    def _wait_or_make(
        self, key: Key, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """One render for a page at a time: whoever comes meanwhile takes what it made."""
        try:
            with self._in_turn(key):
                page = self._held(key, time.time())
                if page is not None:
                    return self._send(page, environ, start_response, how="hit")
                with self._gate.pages.place():
                    return self._make(key, environ, start_response)
        except FullError:
            page = self._store.get(key)
            # A crowd at one page that has just changed takes the last one, rather than nothing.
            if page is not None and page.was_true_lately(time.time()):
                return self._send(page, environ, start_response, how="hit")
            return self._gate.refuse(self._gate.pages, environ, start_response)

    @contextmanager
    def _in_turn(self, key: Key) -> Iterator[None]:
        """After the others, but for one that takes too long. Raises FullError."""
        turn = self._turn(key)
        is_mine = turn.acquire(blocking=False)
        if not is_mine:
            with self._gate.crowd.place():
                is_mine = turn.acquire(timeout=_WAITS)
        try:
            yield
        finally:
            if is_mine:
                turn.release()

    def _make(self, key: Key, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Let Django answer as it would to anybody, or to any reader of the level that was proven,
        and keep the page if its view shares it."""
        with self._gate.turn(self._gate.pages):
            given = promise.known_to(self._shared, _LEVEL_OF[key[-1]])
            asking = asked.stripped(environ) | {PROMISE: given}
            status, headers, body = _ask(self._gate.django, asking)
        etag = _etag_of_shared(status, headers, given)
        if (etag is None or len(body) > LARGEST) and given.level is None:
            is_get = environ["REQUEST_METHOD"] == "GET"
            if given.story is not None and is_get and status.startswith("200 "):
                tally.count(given.story)
            return _as_it_is(status, headers, body, environ, start_response)
        if etag is None or len(body) > LARGEST:
            # Made for nobody in particular: whoever asks gets their own.
            if given.is_apart and not given.before.is_dirty:
                self._store.put(key, Page.apart(given, at=time.time()))
            raise NotSharedError
        now = time.time()
        if given.level is None:
            headers = proxies.told(headers, given, now=now)
        former = self._store.get(key)
        page = Page.build(body, etag=etag, headers=headers, promise=given, at=now, former=former)
        if not given.before.is_dirty:
            self._keep(key, page)
        return self._send(page, environ, start_response, how="miss")

    def _keep(self, key: Key, page: Page) -> None:
        self._store.put(key, page)
        self._figures.add("kept")
        self._figures.put("pages", len(self._store))
        self._figures.put("bytes", self._store.bytes)

    def _send(
        self, page: Page, environ: Environ, start_response: StartResponse, *, how: str
    ) -> Iterable[bytes]:
        self._figures.add(how)
        if page.story is not None and environ["REQUEST_METHOD"] == "GET":
            tally.count(page.story)
        own = [("X-Request-ID", self._request_id(environ))]
        if self._house.tells_how:
            own.append(("X-Edge", how))
        if not asked.wants(environ, page.etag):
            start_response("304 Not Modified", page.unchanged() + own)
            return []
        packed = _packed_for(environ, page)
        start_response("200 OK", packed.headers + own)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [packed.body]

    def _request_id(self, environ: Environ) -> str:
        if self._house.trusts_proxies:
            given: str = environ.get("HTTP_X_REQUEST_ID", "")
            if _GIVEN_ID.fullmatch(given):
                return given
        # Known in the logs of proxies alone, and nobody's secret: the quick kind will do.
        return f"{next(self._numbers):016x}"

    def _turn(self, key: Key) -> threading.Lock:
        return self._turns[hash(key) % _TURNS]

    def _is_my_turn(self, key: Key) -> bool:
        """Whether this request makes the page anew; the others take the one so far meanwhile."""
        return self._turn(key).acquire(blocking=False)

    def _look_at_file(self, now: float) -> None:
        self._looked_at = now
        if self._shared.renew_if_replaced():
            self._store.clear()


def before(django: Application) -> Application:
    """``django`` as far as there is room; the page cache before it, where the settings say so."""
    if not settings.EDGE:
        return Admission(django)
    shared, megabyte = shared_counters(), 1024 * 1024
    return Edge(
        django,
        shared=shared,
        most_bytes=settings.EDGE_MEGABYTES * megabyte,
        has_fellows=listen_if_needed(shared),
    )


def _packed_for(environ: Environ, page: Page) -> Packed:
    taken = _taken(environ)
    if page.brotli is not None and "br" in taken:
        return page.brotli
    return page.zipped if "gzip" in taken else page.unpacked()


def _taken(environ: Environ) -> frozenset[str]:
    return asked.encodings(environ.get("HTTP_ACCEPT_ENCODING", ""))


def _is_shared_view(path: str) -> bool:
    try:
        return getattr(resolve(path).func, "is_shared", False)
    except Resolver404:
        return False


def _ask(django: Application, environ: Environ) -> tuple[str, Headers, bytes]:
    """The whole answer of Django."""
    begun: list[Any] = []
    answer = django(environ, lambda status, headers, _error=None: begun.extend((status, headers)))
    try:
        body = b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    status, headers = begun[:2]
    return status, headers, body


def _etag_of_shared(status: str, headers: Headers, given: Promise) -> str | None:
    """The ETag of a page that may be kept, or None: its view and its headers must agree.

    What is for a level is private in all its headers: no cache but ours may keep it.
    """
    named = {name.lower(): value for name, value in headers}
    caching = named.get("cache-control", "")
    is_for_all = (
        given.is_shared
        and status.startswith("200 ")
        and "set-cookie" not in named
        and "content-encoding" not in named
        and (caching.startswith("public,") if given.level is None else caching == PRIVATE)
        and named.get("vary", "").lower() in ("", "accept-encoding")
    )
    etag = named.get("etag", "")
    return etag if is_for_all and _STRONG.fullmatch(etag) else None


def _as_it_is(
    status: str, headers: Headers, body: bytes, environ: Environ, start_response: StartResponse
) -> Iterable[bytes]:
    start_response(status, headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
