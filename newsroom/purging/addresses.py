"""The caches in front, as PURGE_URLS names them: how each is spoken to, and where."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

BAN, PURGE = "ban", "purge"
_KINDS = (BAN, PURGE)


@dataclass(frozen=True, slots=True)
class Address:
    """One cache: ``ban`` takes keys (``Surrogate-Key``), ``purge`` takes paths, one a request."""

    text: str
    kind: str
    url: str


def known() -> list[Address]:
    """The caches to be told; none, if nothing of ours is kept before the server."""
    return [address for text in settings.PURGE_URLS if (address := address_of(text))]


def address_of(text: str) -> Address | None:
    """The address in ``ban+http://host:port`` or ``purge+http://host:port``, or None."""
    kind, _, url = text.partition("+")
    parts = urlsplit(url)
    is_one = kind in _KINDS and parts.scheme in ("http", "https") and parts.hostname
    return Address(text=text, kind=kind, url=url.rstrip("/")) if is_one else None
