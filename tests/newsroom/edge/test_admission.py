"""Only so many requests get into Django at a time; the others are told at once to come again."""

import itertools
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from articles.site.caching import PROMISE
from newsroom.edge.admission import Admission
from newsroom.edge.application import Edge
from newsroom.edge.counters import Counters
from newsroom.edge.shares import CROWD, THREADS, Shares
from tests import cast
from tests.live import LiveSite
from tests.newsroom.edge.readers import Answer, Readers
from tests.newsroom.edge.wsgi import ask

PAGE, SIGN_IN, FILE, HEALTH = "/world/", "/account/sign-in/", "/static/css/site.css", "/healthz"


class Slow:
    """A WSGI application whose answers take until they are let go."""

    def __init__(self) -> None:
        self.inside = 0
        self.most = 0
        self.go = threading.Event()
        self._lock = threading.Lock()

    def __call__(self, environ, start_response):
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.go.wait(30)
        with self._lock:
            self.inside -= 1
        start_response("200 OK", [])
        return [b"done"]


class Crowd:
    """Requests in threads of their own, as a server has them."""

    def __init__(self, gate: Admission) -> None:
        self._gate = gate
        self._threads: list[threading.Thread] = []
        self.statuses: list[str] = []

    def come(self, path: str, count: int) -> None:
        for _ in range(count):
            thread = threading.Thread(target=self._ask, args=(path,))
            thread.start()
            self._threads.append(thread)

    def leave(self) -> None:
        for thread in self._threads:
            thread.join()

    def _ask(self, path: str) -> None:
        self.statuses.append(ask(self._gate, path)[0])


@pytest.fixture
def slow() -> Iterator[Slow]:
    slow = Slow()
    yield slow
    slow.go.set()


def wait_until(is_so) -> None:
    until = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_thread_is_always_free_whoever_comes_in_crowds(slow):
    gate = Admission(slow)
    crowd = Crowd(gate)
    for path in (PAGE, SIGN_IN, FILE, HEALTH):
        crowd.come(path, THREADS)
    # Whoever found no place is told so while all the others are inside or wait.
    wait_until(lambda: len(crowd.statuses) >= 4 * THREADS - (THREADS - 1))
    assert set(crowd.statuses) == {"503 Service Unavailable"}
    slow.go.set()
    crowd.leave()
    assert slow.most < THREADS
    assert crowd.statuses.count("200 OK") > 0
    assert ask(gate, PAGE)[0] == "200 OK"


def test_readers_in_crowds_leave_room_for_sign_in_the_desk_files_and_the_health_check(slow):
    gate = Admission(slow)
    crowd = Crowd(gate)
    crowd.come(PAGE, THREADS)
    wait_until(lambda: "503 Service Unavailable" in crowd.statuses)
    before = slow.inside
    others = Crowd(gate)
    for path in (SIGN_IN, "/admin/", "/billing/webhook/", FILE, HEALTH):
        others.come(path, 1)
    wait_until(lambda: slow.inside == before + 5)
    slow.go.set()
    others.leave()
    assert set(others.statuses) == {"200 OK"}
    crowd.leave()


def test_who_is_let_in_and_waits_too_long_for_a_turn_is_told_so_and_gives_its_place_back(slow):
    gate = Admission(slow)
    crowd = Crowd(gate)
    crowd.come(PAGE, 8)
    wait_until(lambda: len(crowd.statuses) == 6)
    assert slow.inside == 2
    slow.go.set()
    crowd.leave()
    assert sorted(crowd.statuses) == ["200 OK"] * 2 + ["503 Service Unavailable"] * 6
    slow.go.clear()
    again = Crowd(gate)
    again.come(PAGE, 12)
    slow.go.set()
    again.leave()
    assert set(again.statuses) == {"200 OK"}


def test_a_crowd_waits_for_a_page_that_is_being_made_as_far_as_there_is_room(
    slow, tmp_path, monkeypatch
):
    monkeypatch.setattr("newsroom.edge.application._WAITS", 30)
    # As Django would answer, with what may be kept.
    told = [("Cache-Control", "public, max-age=0"), ("ETag", '"e"')]

    def shares(environ, start_response):
        environ[PROMISE].is_shared = True
        body = slow(environ, lambda _status, _headers: None)
        start_response("200 OK", told)
        return body

    edge = Edge(shares, shared=Counters(tmp_path / "counters"), most_bytes=10_000)
    crowd = Crowd(edge)
    crowd.come("/latest/", 1)
    wait_until(lambda: slow.inside == 1)
    crowd.come("/latest/", CROWD + 5)
    wait_until(lambda: len(crowd.statuses) == 5)
    assert set(crowd.statuses) == {"503 Service Unavailable"}
    slow.go.set()
    crowd.leave()
    assert crowd.statuses.count("200 OK") == CROWD + 1
    assert slow.most == 1


def test_an_answer_in_pieces_keeps_its_place_until_it_is_closed_and_an_error_keeps_none():
    class Pieces(list):
        streaming = True

        def close(self) -> None:
            pass

    def application(environ, start_response):
        if environ["PATH_INFO"] == "/error/":
            raise ZeroDivisionError
        start_response("200 OK", [])
        return Pieces([b"a", b"b"])

    gate = Admission(application)

    def start() -> object:
        return gate({"PATH_INFO": "/media/x", "REQUEST_METHOD": "GET"}, lambda *_answer: None)

    places = Shares().of("/media/x").places
    held = [start() for _ in range(places)]
    assert ask(gate, "/media/x")[0] == "503 Service Unavailable"
    assert [b"".join(answer) for answer in held] == [b"ab"] * places
    for answer in held:
        answer.close()
        answer.close()
    for _ in range(20):
        assert ask(gate, "/media/x")[2] == b"ab"
        with pytest.raises(ZeroDivisionError):
            ask(gate, "/error/")


def test_the_refusal_is_a_page_of_ours_with_all_its_headers_and_never_stored(slow, settings):
    settings.SECURE_HSTS_SECONDS, settings.IS_HTTPS = 300, True
    gate = Admission(slow)
    (_, headers, body), head = (
        ask(partial(gate.refuse, gate.pages), "/", REQUEST_METHOD=method)
        for method in ("GET", "HEAD")
    )
    assert b"One moment, please" in body
    assert int(headers["Retry-After"]) > 0
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Content-Length"] == str(len(body))
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Strict-Transport-Security"].startswith("max-age=300")
    assert {"Permissions-Policy", "Referrer-Policy", "X-Content-Type-Options"} <= set(headers)
    assert "Set-Cookie" not in headers
    assert b"<style" not in body
    assert head[2] == b""
    assert head[1].keys() == headers.keys()
    assert head[1]["X-Request-ID"] != headers["X-Request-ID"]


# --- A real server ------------------------------------------------------------------------------


class Flood:
    """Readers of pages that are not held, each on its own connection, who never stop asking."""

    def __init__(self, port: int) -> None:
        self.answers: list[Answer] = []
        self._words = itertools.count()
        self._readers = Readers(port)
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(THREADS)]

    def __enter__(self) -> "Flood":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    @property
    def refused(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.status == 503]

    def _ask(self) -> None:
        while not self._is_over.is_set():
            self.answers.append(self._readers.ask(f"/search/?q=word{next(self._words)}"))


def test_the_first_browsers_get_every_file_of_a_page_though_its_pictures_have_yet_to_be_made(
    transactional_db, live_site: LiveSite
):
    pictures = [cast.make_image() for _ in range(6)]
    files = [
        f"/media/r/{each.rendition_name}/{size}.webp" for each in pictures for size in (320, 640)
    ]
    live_site.restart(processes=1, EDGE="1")
    readers = Readers(live_site.port)
    try:
        with ThreadPoolExecutor(30) as browsers:
            answers = list(browsers.map(readers.ask, [*files, *[FILE] * 18]))
        assert {answer.status for answer in answers} == {200}
    finally:
        live_site.stop()


@pytest.mark.parametrize("edge", ["1", "0"])
def test_in_a_flood_pages_that_are_held_sign_in_files_and_health_are_served(
    transactional_db, live_site: LiveSite, edge
):
    path = cast.make_story().path
    live_site.restart(processes=1, EDGE=edge)
    readers = Readers(live_site.port)
    try:
        assert readers.ask(path).status == 200
        with Flood(live_site.port) as flood:
            wait_until(lambda: len(flood.refused) > 20)
            for other in (HEALTH, SIGN_IN, FILE):
                assert readers.ask(other).status == 200
            if edge == "1":
                assert {readers.ask(path).how for _ in range(20)} == {"hit"}
        assert {answer.status for answer in flood.answers} == {200, 503}
        assert {answer.headers["Retry-After"] for answer in flood.refused} == {"3"}
        assert "One moment, please" in flood.refused[0].text
        assert readers.ask("/search/?q=anything").status == 200
    finally:
        live_site.stop()
