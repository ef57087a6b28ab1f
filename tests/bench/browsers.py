"""Readers whose browsers hold cookies, and what ``wrk`` has to send to pass for them."""

from abc import ABC, abstractmethod

import httpx

from tests.bench.servers import Server
from tests.cast import PASSWORD


class Browser(ABC):
    """One browser for each server, which does what makes its reader known before it reads."""

    def __init__(self) -> None:
        self._clients: dict[int, httpx.Client] = {}

    def cookies(self, server: Server, path: str) -> dict[str, str]:
        """The header of a request for ``path``: as after it was opened once more by a person."""
        if server.port not in self._clients:
            client = httpx.Client(base_url=server.url(""), follow_redirects=True, timeout=30)
            client.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"
            self._begin(client)
            self._clients[server.port] = client
        client = self._clients[server.port]
        client.get(path).raise_for_status()
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items())}

    @abstractmethod
    def _begin(self, client: httpx.Client) -> None: ...


class Subscriber(Browser):
    """Signed in with the cast's password."""

    def __init__(self, email: str) -> None:
        super().__init__()
        self._email = email

    def _begin(self, client: httpx.Client) -> None:
        _post_form(client, "/account/sign-in/", login=self._email, password=PASSWORD)


class Opener(Browser):
    """Without an account; opened a metered story by the page at ``path``."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path

    def _begin(self, client: httpx.Client) -> None:
        _post_form(client, self._path)


def _post_form(client: httpx.Client, path: str, **fields: str) -> None:
    form = client.get(path).text
    token = form.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    client.post(path, data=fields | {"csrfmiddlewaretoken": token}).raise_for_status()
