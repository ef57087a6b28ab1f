"""What holds for every answer, whoever gives it: an id, a line in the log, two more headers."""

import logging
import re
import secrets
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

logger = logging.getLogger("newsroom.requests")

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

# A news site needs none of these; whoever breaks into a page shall not have them either.
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
        "xr-spatial-tracking",
    )
)

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def every_answer(get_response: GetResponse) -> GetResponse:
    """The outermost middleware, so that it sees what the others refuse, too."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        request_id = _request_id(request)
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = _answer(request, get_response)
        response.headers["X-Request-ID"] = request_id
        response.headers.setdefault("Permissions-Policy", _permissions(response))
        # Usually set further in; an answer given before that point gets them here.
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        _log(request, response, time.perf_counter() - started)
        return response

    return middleware


def _answer(request: HttpRequest, get_response: GetResponse) -> HttpResponseBase:
    if request.method not in METHODS:
        # TRACE above all: it would give a script the cookies it must not see.
        return HttpResponseNotAllowed(METHODS)
    return get_response(request)


def _permissions(response: HttpResponseBase) -> str:
    """What a page may use: nothing, or the whole screen for the players a story holds."""
    hosts: tuple[str, ...] = getattr(response, "fullscreen_for", ())
    if not hosts:
        return PERMISSIONS
    players = " ".join(f'"{host}"' for host in hosts)
    return PERMISSIONS.replace("fullscreen=()", f"fullscreen=(self {players})")


def _request_id(request: HttpRequest) -> str:
    given: str = request.headers.get("X-Request-ID", "")
    if settings.TRUSTED_PROXY_COUNT and GIVEN_ID.fullmatch(given):
        return given
    return secrets.token_hex(8)


def _log(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    # The route and not the path: paths of mails and accounts hold keys.
    match = request.resolver_match
    facts = {
        "method": request.method,
        "route": match.route if match else "",
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
    }
    logger.info("request", extra=facts)
