"""Sends what is written down to the caches in front: at once, once more, and until it is taken.

Everything is sent a second time after some seconds. A cache may have asked for the page just before
the change, and have kept the old one just after it was told; or have asked a host that did not hear
of the change for two seconds. To tell it twice, or from two processes, does no harm.
"""

import datetime as dt
import logging
import threading
from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections
from django.utils import timezone

from newsroom.models import Purge
from newsroom.purging import addresses, paths, rows
from newsroom.purging.addresses import Address

if TYPE_CHECKING:
    import httpx

logger = logging.getLogger(__name__)

AGAIN_AFTER = dt.timedelta(seconds=2.5)
LONGEST_PAUSE = 60
MOOT_AFTER = dt.timedelta(hours=1)
"""By then nothing is left of the page anywhere that obeys its headers."""
_MOST = 2000
_PATIENCE = 3.0


class NotTaken(Exception):
    """A cache answered, and did not do what it was told."""


def send_due(now: dt.datetime | None = None) -> int:
    """Send the rows that are due; those that were taken twice go. Out: how many there were."""
    now = now or timezone.now()
    known = {address.text: address for address in addresses.known()}
    # A read first: who has nothing to send takes no write lock.
    if not known or not Purge.objects.exists():
        return 0
    _drop_moot(known, now)
    due = list(Purge.objects.filter(next_try_at__lte=now).order_by("address", "pk")[:_MOST])
    for text, of_address in groupby(due, key=attrgetter("address")):
        _send_all(known[text], list(of_address), now)
    return len(due)


def _send_all(address: Address, due: list[Purge], now: dt.datetime) -> None:
    # Not before it is needed: a server process that sends nothing is 6 MB smaller.
    import httpx

    try:
        _tell(address, {row.what for row in due})
    except (httpx.HTTPError, NotTaken) as problem:
        _put_off(address, due, problem, now)
        return
    _rows(row for row in due if row.sent_at).delete()
    _rows(row for row in due if not row.sent_at).update(
        sent_at=now, next_try_at=now + AGAIN_AFTER, attempts=0, last_error=""
    )


def _tell(address: Address, keys: set[str]) -> None:
    """Tell one cache that ``keys`` are over. Raises NotTaken, or an error of httpx."""
    import httpx

    # To load what TLS needs takes longer than all the rest.
    is_tls = address.url.startswith("https:")
    host = {"Host": urlsplit(settings.SITE_URL).netloc}
    with httpx.Client(timeout=_PATIENCE, headers=host, verify=is_tls) as client:
        if address.kind == addresses.BAN:
            named = {rows.SITE} if rows.SITE in keys else keys
            headers = {"Surrogate-Key": " ".join(sorted(named))}
            _check(client.request("BAN", f"{address.url}/", headers=headers), also=())
            return
        for path in paths.of_keys(keys):
            # 404: it was not kept, so it is gone.
            _check(client.request("PURGE", f"{address.url}{path}"), also=(404,))


def _check(answer: "httpx.Response", *, also: tuple[int, ...]) -> None:
    if not answer.is_success and answer.status_code not in also:
        raise NotTaken(f"{answer.request.method} was answered with {answer.status_code}")


def _put_off(address: Address, due: list[Purge], problem: Exception, now: dt.datetime) -> None:
    """Try again later: each key once, however often it was written down meanwhile."""
    newest = {row.what: row for row in due}
    _rows(row for row in due if row is not newest[row.what]).delete()
    attempts = max(row.attempts for row in due) + 1
    pause = min(2 ** min(attempts, 10), LONGEST_PAUSE)
    _rows(newest.values()).update(
        attempts=attempts,
        next_try_at=now + dt.timedelta(seconds=pause),
        last_error=f"{type(problem).__name__}: {problem}"[:500],
    )
    logger.warning("%s was not told what is over (try %d): %s", address.url, attempts, problem)


def _drop_moot(known: Iterable[str], now: dt.datetime) -> None:
    Purge.objects.exclude(address__in=list(known)).delete()
    old, _ = Purge.objects.filter(created_at__lt=now - MOOT_AFTER).delete()
    if old:
        logger.warning("%d purges were given up after an hour", old)


def _rows(some: Iterable[Purge]):  # type: ignore[no-untyped-def]
    return Purge.objects.filter(pk__in=[row.pk for row in some])


class _Soon:
    """A thread that sends what was just committed, and ends when there is nothing more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_wanted = False
        self._runs = False

    def __call__(self) -> None:
        """Send soon. If the process ends before, the worker does it."""
        with self._lock:
            self._is_wanted = True
            if self._runs:
                return
            self._runs = True
        threading.Thread(target=self._run, name="purges", daemon=True).start()

    def _run(self) -> None:
        while self._goes_on():
            try:
                send_due()
            except Exception:
                # The rows are still there, and the worker looks at them each second.
                logger.exception("Purges could not be sent at once")
            finally:
                connections.close_all()

    def _goes_on(self) -> bool:
        with self._lock:
            self._runs = self._is_wanted
            self._is_wanted = False
            return self._runs


soon = _Soon()
