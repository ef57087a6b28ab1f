"""How the server asks the application (WSGI, PEP 3333), in place of granian's own way.

A request's environment holds nothing of the process's: a proxy's address would pass for a header
there, and passwords for facts that an error report may print.
"""

import sys
from collections.abc import Callable, Iterable
from typing import Any

from granian.wsgi import ResponseIterWrap

from newsroom.edge.rota import rota

SWITCH_EVERY = 0.001
"""Seconds after which a thread that computes lets another one on, if one waits. Python's own five
times as much is long beside an answer from memory: with eight that search before it, it took twice
as long. Less than this is spent on switching."""
_OF_EACH = {
    "GATEWAY_INTERFACE": "CGI/1.1",
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "granian",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}


class _Begun:
    """``start_response``, and what was said to it."""

    __slots__ = ("headers", "status")

    def __call__(self, status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        self.status = int(status[:3])
        self.headers = headers


def answering(
    application: Callable[..., Iterable[bytes]], _options: object = None, _log: object = None
) -> Callable[[Any, dict[str, Any]], int]:
    """What granian calls in one of its threads for each request."""
    sys.setswitchinterval(SWITCH_EVERY)

    def answer(protocol: Any, environ: dict[str, Any]) -> int:
        rota.begin()
        environ.update(_OF_EACH)
        begun = _Begun()
        parts = application(environ, begun)
        if isinstance(parts, list):
            protocol.response_bytes(begun.status, begun.headers, b"".join(parts))
        else:
            pieces = ResponseIterWrap(parts)  # type: ignore[no-untyped-call]
            protocol.response_iter(begun.status, begun.headers, pieces)
        rota.rest()
        return begun.status

    return answer
