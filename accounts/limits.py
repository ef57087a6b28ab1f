"""How often a thing may be tried: counted in the ``limits`` cache that all processes share.

A window begins with its first hit. Counting is exact between processes: one statement on Redis,
one locked transaction in the database cache, whose own ``incr`` reads and then writes.
"""

import hashlib
import hmac
import ipaddress
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import transaction
from django.http import HttpRequest


class TooMany(Exception):
    """A limit is reached; ``retry_after`` in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Try again in {retry_after} seconds.")
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Limit:
    """``amount`` hits in ``seconds``, counted for each thing it is asked about."""

    name: str
    amount: int
    seconds: int


# Rules §11: strict on failed tries, wide on good ones (an office behind one address).
SIGN_INS = Limit("sign-in", 600, 60)
FAILED_BY_ADDRESS = Limit("failed-address", 10, 60)
FAILED_BY_ACCOUNT = Limit("failed-account", 5, 300)
SIGN_UPS = Limit("sign-up", 20, 60)
ASKED_MAILS = Limit("asked-mail-address", 20, 60)
MAIL_A_MINUTE = Limit("mail-account", 1, 60)
CHECKOUTS = Limit("checkout-account", 30, 600)
COPIES_A_DAY = Limit("copies", 3, 86_400)
MAILS_AN_HOUR = Limit("mails-account", 20, 3600)


def hit(limit: Limit, what: str) -> None:
    """Count one more for ``what``; raises ``TooMany`` when that is over the limit."""
    key = _key(limit, what)
    with _alone():
        left = _seconds_until(_ends(limit, key))
        if _count_up(key, left) > limit.amount:
            raise TooMany(left)


def refuse_if_reached(limit: Limit, what: str) -> None:
    """Raise ``TooMany`` if ``what`` has used up the limit; counts nothing."""
    key = _key(limit, what)
    if (caches["limits"].get(key) or 0) >= limit.amount:
        raise TooMany(_seconds_until(_ends(limit, key)))


def forget(limit: Limit, what: str) -> None:
    """Begin anew for ``what``, as after a new password."""
    caches["limits"].delete(_key(limit, what))


@contextmanager
def guess(what: str) -> Iterator[None]:
    """One guess at a secret of an account: counted before it is looked at, forgiven if right.

    Of many made at once none after the fifth wrong one is looked at. Raises ``TooMany``.
    """
    hit(FAILED_BY_ACCOUNT, what)
    yield
    forget(FAILED_BY_ACCOUNT, what)


def network_of(request: HttpRequest) -> str:
    """The visitor's address; of IPv6 the /64 network, which one household owns whole."""
    address = client_address(request)
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
    return address


def client_address(request: HttpRequest) -> str:
    """Who asks: the connection's own address, or what our own proxies say stood before them."""
    own = str(request.META.get("REMOTE_ADDR", ""))
    trusted = settings.TRUSTED_PROXY_COUNT
    if not trusted:
        return own
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    hops = [hop for hop in hops if hop]
    return hops[-trusted] if len(hops) >= trusted else own


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time, where the cache itself cannot count."""
    if isinstance(caches["limits"], DatabaseCache):
        with transaction.atomic(using="cache"):
            yield
    else:
        yield


def _count_up(key: str, seconds: int) -> int:
    cache = caches["limits"]
    if isinstance(cache, DatabaseCache):
        count: int = (cache.get(key) or 0) + 1
        cache.set(key, count, seconds)
        return count
    cache.add(key, 0, seconds)
    return cache.incr(key)


def _ends(limit: Limit, key: str) -> float:
    ends = caches["limits"].get_or_set(f"{key}:ends", time.time() + limit.seconds, limit.seconds)
    return float(ends or 0)


def _seconds_until(ends: float) -> int:
    return max(1, math.ceil(ends - time.time()))


def hidden_key(key: str, prefix: str, version: int) -> str:
    """What the cache stores in place of a key: keys of ours, and allauth's, name addresses."""
    words = f"{prefix}:{version}:{key}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), words, hashlib.sha256).hexdigest()


def _key(limit: Limit, what: str) -> str:
    return f"{limit.name}:{what.strip().lower()}"
