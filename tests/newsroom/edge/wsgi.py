"""A request to a WSGI application in the test's own process."""

import io
from typing import Any

from newsroom.edge.application import Application


def ask(application: Application, path: str, **more: str) -> tuple[str, dict[str, str], bytes]:
    """Status, headers and content; ``more`` is put into the environment of the request."""
    begun: list = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "HTTP_HOST": "localhost",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
    }
    answer: Any = application(environ | more, lambda *answer: begun.extend(answer))
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return begun[0], dict(begun[1]), body
