"""Lets only so many requests at a time into Django, and tells the others at once to come again.

It stands there with the page cache and without it.
"""

import io
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware
from django.template.loader import get_template

from articles.site.caching import PRIVATE
from newsroom.edge.figures import figures
from newsroom.edge.shares import FullError, Share, Shares
from newsroom.middleware import PERMISSIONS

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

COME_AGAIN_IN = 3
"""Seconds after which whoever found no room should ask again."""


class Admission:
    """``django``, as far as there is room."""

    def __init__(self, django: Application) -> None:
        self.django = django
        self.figures = figures()
        self._shares = Shares()
        self.pages, self.crowd = self._shares.pages, self._shares.crowd
        self._headers, self._body = _page_of_refusal()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        share = self._shares.of(environ["PATH_INFO"])
        try:
            share.enter()
        except FullError:
            return self.refuse(share, environ, start_response)
        answer: Iterable[bytes] = ()
        try:
            with self.turn(share):
                answer = self.django(environ, start_response)
                if not getattr(answer, "streaming", False):
                    return _whole(answer)
        except FullError:
            return self.refuse(share, environ, start_response)
        finally:
            if not getattr(answer, "streaming", False):
                share.leave()
        return _Streamed(answer, share)

    @contextmanager
    def turn(self, share: Share) -> Iterator[None]:
        """Work in Django, with a place of ``share`` taken before. Raises FullError."""
        with share.turn():
            began = time.perf_counter_ns()
            try:
                yield
            finally:
                self.figures.add(f"answered_{share.name}")
                took = (time.perf_counter_ns() - began) // 1000
                self.figures.add(f"microseconds_{share.name}", took)

    def refuse(self, share: Share, environ: Environ, start_response: StartResponse) -> list[bytes]:
        """503, from memory: what is never stored, and asks to come again soon."""
        self.figures.add(f"refused_{share.name}")
        request_id = ("X-Request-ID", secrets.token_hex(8))
        start_response("503 Service Unavailable", [*self._headers, request_id])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self._body]


class _Streamed:
    """An answer that goes out in pieces, as slowly as its reader takes them: its place is kept."""

    def __init__(self, answer: Any, share: Share) -> None:
        self._answer = answer
        self._share: Share | None = share

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer)

    def close(self) -> None:
        try:
            self._answer.close()
        finally:
            share, self._share = self._share, None
            if share is not None:
                share.leave()


def _whole(answer: Iterable[bytes]) -> list[bytes]:
    try:
        return [b"".join(answer)]
    finally:
        if hasattr(answer, "close"):
            answer.close()


def _page_of_refusal() -> tuple[Headers, bytes]:
    """The page, with the headers that any of our pages has."""

    def answer(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(get_template("busy.html").render(), status=503)

    secured = CSPMiddleware(XFrameOptionsMiddleware(SecurityMiddleware(answer)))
    response = cast("HttpResponse", secured(_plainest_request()))
    response.headers["Permissions-Policy"] = PERMISSIONS
    response.headers["Cache-Control"] = PRIVATE
    response.headers["Retry-After"] = str(COME_AGAIN_IN)
    response.headers["Content-Length"] = str(len(response.content))
    return list(response.items()), response.content


def _plainest_request() -> WSGIRequest:
    scheme = "https" if settings.IS_HTTPS else "http"
    return WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_X_FORWARDED_PROTO": scheme,
            "wsgi.url_scheme": scheme,
            "wsgi.input": io.BytesIO(),
        }
    )
