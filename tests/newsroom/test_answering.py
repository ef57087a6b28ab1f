"""How the server asks the application: what a request's environment holds, and what goes back."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from newsroom.tasks.answering import SWITCH_EVERY, answering

ASKED = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_HOST": "news.example"}


class Protocol:
    """The server's side of one request."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.said: tuple[Any, ...] = (status, headers, body)

    def response_iter(self, status: int, headers: list[tuple[str, str]], body: Any) -> None:
        pieces = []
        try:
            while True:
                pieces.append(body.__next__())
        except StopIteration:
            body.close()
        self.said = (status, headers, pieces)


class Pieces:
    is_closed = False

    def __iter__(self):
        yield b"one "
        yield b"two"

    def close(self):
        self.is_closed = True


@pytest.fixture
def protocol():
    return Protocol()


@pytest.fixture(autouse=True)
def _this_process_as_it_was() -> Iterator[None]:
    interval = sys.getswitchinterval()
    yield
    sys.setswitchinterval(interval)


def test_nothing_of_the_processs_environment_passes_for_a_header_or_a_fact(protocol, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example")
    monkeypatch.setenv("SECRET_KEY", "hidden")
    seen: dict[str, Any] = {}

    def application(environ, start_response):
        seen.update(environ)
        start_response("204 No Content", [])
        return []

    answering(application)(protocol, dict(ASKED))
    assert seen.items() >= ASKED.items()
    assert seen.keys().isdisjoint({"HTTP_PROXY", "SECRET_KEY", "PATH"})
    assert (seen["SCRIPT_NAME"], seen["wsgi.version"]) == ("", (1, 0))


def test_status_headers_and_the_whole_body_are_told(protocol):
    def application(_environ, start_response):
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"no ", b"such page"]

    assert answering(application)(protocol, dict(ASKED)) == 404
    assert protocol.said == (404, [("Content-Type", "text/plain")], b"no such page")


def test_a_thread_that_computes_lets_others_on_within_a_millisecond():
    answering(lambda *_: [])
    assert sys.getswitchinterval() == pytest.approx(SWITCH_EVERY) == pytest.approx(0.001)


def test_what_goes_out_in_pieces_is_closed_after_the_last(protocol):
    pieces = Pieces()

    def application(_environ, start_response):
        start_response("200 OK", [])
        return pieces

    answering(application)(protocol, dict(ASKED))
    assert protocol.said[2] == [b"one ", b"two"]
    assert pieces.is_closed


def test_an_error_of_the_application_is_the_servers_to_answer(protocol):
    def application(_environ, _start_response):
        raise LookupError

    with pytest.raises(LookupError):
        answering(application)(protocol, dict(ASKED))
    assert not hasattr(protocol, "said")
