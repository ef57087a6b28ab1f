"""A page cache around Django in this process, and browsers that keep the cookies it gives."""

import gzip
import io
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse

from newsroom.edge import watch
from newsroom.edge.application import Edge
from tests.accounts import doors


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    set_cookies: list[str]
    text: str

    @property
    def how(self) -> str:
        """``hit`` or ``miss`` of the page cache; empty if Django answered by itself."""
        return self.headers.get("X-Edge", "")


def make_edge() -> Edge:
    """Call it with ``settings.EDGE``, or Django gives no tokens."""
    return Edge(get_wsgi_application(), shared=watch.shared_counters(), most_bytes=5_000_000)


@dataclass(slots=True)
class Browser:
    """Asks an edge, with the cookies of its own."""

    edge: Edge
    cookies: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, edge: Edge, user) -> "Browser":
        """One that ``user`` has just signed in with."""
        client = doors.signed_in(user)
        return cls(edge, {name: morsel.value for name, morsel in client.cookies.items()})

    def open(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """``headers`` as in WSGI: ``HTTP_RANGE``."""
        begun: list = []
        body = b"".join(
            self.edge(self._environ(path, method) | headers, lambda *answer: begun.extend(answer))
        )
        lines: list[tuple[str, str]] = begun[1]
        given = [value for name, value in lines if name == "Set-Cookie"]
        self._keep(given)
        named = dict(lines)
        if named.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        return Answer(int(begun[0].split()[0]), named, given, body.decode("utf-8", "replace"))

    def warm(self, path: str) -> Answer:
        """Open a page that is held for this browser's reader from then on."""
        self.open(path)
        self.open(path)
        answer = self.open(path)
        assert answer.how == "hit", (path, answer.status, answer.headers)
        return answer

    def get(self, path: str) -> HttpResponse:
        """As Django's test client does."""
        return self._as_django("GET", path)

    def head(self, path: str) -> HttpResponse:
        return self._as_django("HEAD", path)

    def _as_django(self, method: str, path: str) -> HttpResponse:
        answer = self.open(path, method)
        return HttpResponse(answer.text, status=answer.status, headers=answer.headers)

    def _keep(self, given: list[str]) -> None:
        for line in given:
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == 0 or not morsel.value:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value

    def _environ(self, path: str, method: str) -> dict[str, object]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {
            "REQUEST_METHOD": method,
            "PATH_INFO": path.partition("?")[0],
            "SCRIPT_NAME": "",
            "QUERY_STRING": path.partition("?")[2],
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": cookies,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
        }
