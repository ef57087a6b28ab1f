"""What is asked, and whether the page cache may answer it at all: only the plainest requests."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.http import parse_etags

from newsroom.edge.counters import Counters
from newsroom.edge.passes import ANYBODY, Passes

Environ = dict[str, Any]

# Our own addresses look like this. All else (double slashes, escapes, whole addresses as a target,
# another case) is Django's to judge.
_PATH = re.compile(r"/(?:[a-z0-9](?:[a-z0-9._-]*)/)*(?:[a-z0-9][a-z0-9._-]*)?")
_LONGEST_PATH = 300
_NAME = re.compile(r"[a-z0-9-][a-z0-9.-]*")
_NEVER = ("/account/", "/admin/", "/billing/", "/media/", "/static/")
# Who sends one of these wants something that a page for all is not, or sends content.
_UNUSUAL = frozenset(
    {
        "HTTP_AUTHORIZATION",
        "HTTP_RANGE",
        "HTTP_IF_RANGE",
        "HTTP_IF_MATCH",
        "HTTP_IF_UNMODIFIED_SINCE",
        "HTTP_TRANSFER_ENCODING",
        "HTTP_EXPECT",
        "HTTP_UPGRADE",
    }
)
# Of the client's headers a shared page sees these, and no other: so nothing else can be in it.
_SEEN = frozenset({"HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_X_REQUEST_ID"})

_SCHEMES = ("http", "https")

Key = tuple[str, str, str, str]
"""Scheme, host, path, and for whom (see ``passes``)."""


@dataclass(frozen=True, slots=True)
class House:
    """What is asked of the settings at each request, asked once: that takes longer than a hit."""

    hosts: frozenset[str]
    passes: Passes
    trusts_proxies: bool
    tells_how: bool

    @classmethod
    def of_settings(cls) -> "House":
        # Letter by letter; other names that are allowed are Django's to judge.
        names = {name for name in settings.ALLOWED_HOSTS if _NAME.fullmatch(name)}
        with_port = {f"{name}:{settings.PORT}" for name in names}
        return cls(
            hosts=frozenset(names | with_port | {urlsplit(settings.SITE_URL).netloc}),
            passes=Passes.of_settings(),
            trusts_proxies=settings.TRUSTED_PROXY_COUNT > 0,
            tells_how=not settings.IS_PRODUCTION,
        )


def key_of(environ: Environ, house: House, shared: Counters, now: float) -> Key | None:
    """Where the page for this request is held, or None if Django shall answer it. ``now``: Unix."""
    path, host = environ["PATH_INFO"], environ.get("HTTP_HOST", "")
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or environ.get("QUERY_STRING"):
        return None
    if environ.get("SCRIPT_NAME") or environ.get("CONTENT_LENGTH", "0") not in ("", "0"):
        return None
    if not environ.keys().isdisjoint(_UNUSUAL):
        return None
    if "HTTP_IF_MODIFIED_SINCE" in environ and "HTTP_IF_NONE_MATCH" not in environ:
        return None
    # What is remembered of paths must not grow with what anybody sends.
    if len(path) > _LONGEST_PATH or not _is_plain(path):
        return None
    scheme = _scheme_of(environ, house)
    if scheme not in _SCHEMES or host not in house.hosts:
        return None
    cookies = environ.get("HTTP_COOKIE", "")
    variant = house.passes.variant(cookies, shared, now) if cookies else ANYBODY
    return None if variant is None else (scheme, host, path, variant)


@lru_cache(maxsize=4096)
def _is_plain(path: str) -> bool:
    return _PATH.fullmatch(path) is not None and not path.startswith(_NEVER)


def stripped(environ: Environ) -> Environ:
    """The request as every visitor could have sent it: without cookies and all that is personal."""
    seen = {
        name: value
        for name, value in environ.items()
        if not name.startswith("HTTP_") or name in _SEEN
    }
    # Whoever asks by HEAD lets the page be made for whoever asks by GET.
    return seen | {"REQUEST_METHOD": "GET"}


def wants(environ: Mapping[str, Any], etag: str) -> bool:
    """Whether the client lacks the page with this strong ETag."""
    given = environ.get("HTTP_IF_NONE_MATCH")
    if not given:
        return True
    known = parse_etags(given)
    return "*" not in known and etag not in {each.removeprefix("W/") for each in known}


@lru_cache(maxsize=256)
def encodings(accepted: str) -> frozenset[str]:
    """Which of br and gzip an Accept-Encoding lets us send."""
    weights = dict(_weight_of(part) for part in accepted.lower().split(","))
    others = weights.get("*", 0.0)
    return frozenset(name for name in ("br", "gzip") if weights.get(name, others) > 0)


def _weight_of(part: str) -> tuple[str, float]:
    name, _, parameter = (each.strip() for each in part.partition(";"))
    if not parameter:
        return name, 1.0
    try:
        return name, float(parameter.removeprefix("q=").strip())
    except ValueError:
        return name, 0.0


def _scheme_of(environ: Environ, house: House) -> str:
    """As the reader's browser has it; what a client says of it counts only behind our proxies."""
    own: str = environ["wsgi.url_scheme"]
    if house.trusts_proxies:
        return str(environ.get("HTTP_X_FORWARDED_PROTO", own))
    return own
