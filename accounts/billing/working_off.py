"""The worker's part: look at all that the provider told us of, several answers at once.

Every worker does it at any time, each with claims of its own, so that one that is killed holds up
a few rows for a few seconds and no more.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial

from django.utils import timezone

from accounts.billing import claims, following, inbox, providers
from accounts.billing.claims import Claim
from accounts.billing.provider import (
    NotThere,
    Provider,
    ProviderDown,
    ProviderRefused,
    Snapshot,
)

logger = logging.getLogger(__name__)

AT_ONCE = 8
RUN_FOR = 5.0
"""Answers asked for at the same time; seconds that one run goes on before other work has a turn."""

SUBSCRIPTION, SCHEDULE = "sub_", "sub_sched_"
"""What the ids of subscriptions begin with, at every provider of ours, and those of plans for them.
"""

Found = Snapshot | str
"""A subscription as it is, or the id of the one that something belongs to ("" for none)."""


def work_off() -> int:
    """Look at what waits. Out: how many answers were written. Safe on many workers at once."""
    provider = providers.current()
    if provider is None or not claims.behind(provider.name, timezone.now()).exists():
        return 0
    if not provider.is_far:
        return _one_by_one(provider)
    return _side_by_side(provider)


def catch_up(provider: Provider, object_id: str) -> bool:
    """Look at ``object_id`` at once, in the reader's request. Out: whether our rows now follow.

    Never raises for the provider's sake: what fails here, the worker tries again.
    """
    inbox.want(provider.name, object_id)
    claim = claims.take_one(provider.name, object_id, timezone.now())
    return claim is not None and _settle(claim, partial(_ask, provider, object_id))


def _one_by_one(provider: Provider) -> int:
    count, begun = 0, time.monotonic()
    while time.monotonic() - begun < RUN_FOR:
        found = claims.take(provider.name, timezone.now(), limit=1)
        if not found:
            break
        count += sum(_settle(claim, partial(_ask, provider, claim.object_id)) for claim in found)
    return count


def _side_by_side(provider: Provider) -> int:
    """Fetching in threads, which touch no database; claiming and writing here."""
    count, begun = 0, time.monotonic()
    asked: dict[Future[Found], Claim] = {}
    with _pool() as pool:
        while True:
            if time.monotonic() - begun < RUN_FOR:
                free = AT_ONCE - len(asked)
                for claim in claims.take(provider.name, timezone.now(), limit=free):
                    asked[pool.submit(_ask, provider, claim.object_id)] = claim
            if not asked:
                return count
            done, _ = wait(asked, return_when=FIRST_COMPLETED)
            for future in done:
                count += _settle(asked.pop(future), future.result)


@contextmanager
def _pool() -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="billing")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _ask(provider: Provider, object_id: str) -> Found:
    if object_id.startswith(SUBSCRIPTION) and not object_id.startswith(SCHEDULE):
        return provider.fetch(object_id)
    return provider.locate(object_id)


def _settle(claim: Claim, answer: Callable[[], Found]) -> bool:
    at = timezone.now()
    try:
        found = answer()
    except NotThere:
        claims.note(claim, "The provider knows nothing by that id.", at)
    except ProviderDown as error:
        claims.put_off(claim, f"No answer: {error}", at)
    except ProviderRefused as error:
        logger.warning("The provider refused %s: %s", claim.object_id, error)
        claims.put_off(claim, f"Refused: {error}", at)
    else:
        return _write(claim, found, at)
    return False


def _write(claim: Claim, found: Found, at: dt.datetime) -> bool:
    try:
        if isinstance(found, Snapshot):
            return following.follow(claim, found, at=at)
        return following.point_to(claim, found, at=at)
    except Exception as error:
        # One that cannot be written must not keep the others waiting.
        logger.exception("What the provider says of %s could not be written", claim.object_id)
        claims.put_off(claim, f"{type(error).__name__}: {error}", at)
        return False
