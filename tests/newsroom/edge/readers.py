"""Readers of a running site, each on a connection of its own, so that all processes are met."""

import time
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from typing import Any

import httpx

from tests import cast

MANY = 14
"""Connections of which, with two processes, all land at one of them once in 8,000 times."""

WARM_WITHIN = 20.0


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def how(self) -> str:
        """``hit`` or ``miss`` of the page cache; empty if Django answered by itself."""
        return str(self.headers.get("X-Edge", ""))


class Readers:
    """Anonymous readers at ``port``, asking without following redirects."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, path: str, *, method: str = "GET", timeout: float = 30, **headers: str) -> Answer:
        connection = HTTPConnection("localhost", self.port, timeout=timeout)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers=named)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def ask_all(self, path: str, **headers: str) -> list[Answer]:
        """Many readers at once: every process answers some of them."""
        return [self.ask(path, **headers) for _ in range(MANY)]

    def warm(self, path: str) -> None:
        """Let every process hold the page; it must be one that is held. A host that does not hear
        the others for a moment, as on a machine that is too busy, holds it a little later."""
        end = time.monotonic() + WARM_WITHIN
        self.ask_all(path)
        while (found := {answer.how for answer in self.ask_all(path)}) != {"hit"}:
            assert time.monotonic() < end, found

    def all_see(self, path: str, words: str) -> bool:
        return all(a.status == 200 and words in a.text for a in self.ask_all(path))

    def none_sees(self, path: str, words: str) -> bool:
        return all(words not in answer.text for answer in self.ask_all(path))


def signed_in(readers: Readers, user: Any) -> httpx.Client:
    """A browser in which ``user`` has just signed in."""
    client = httpx.Client(base_url=f"http://localhost:{readers.port}", follow_redirects=True)
    token = client.get("/account/sign-in/").text.split('name="csrfmiddlewaretoken" value="')[1]
    form = {
        "login": user.email,
        "password": cast.PASSWORD,
        "csrfmiddlewaretoken": token.split('"')[0],
    }
    assert client.post("/account/sign-in/", data=form).status_code == 200
    return client
