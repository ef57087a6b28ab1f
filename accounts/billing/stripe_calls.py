"""Asking Stripe: how long we wait, which version we speak, and its errors in our words."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import stripe

from accounts.billing.provider import Declined, NotThere, ProviderDown, ProviderRefused

API_VERSION = "2026-10-28.endive"
"""Pinned: a newer SDK brings a newer version along, and with it other shapes."""

WORKER_WAITS = 3.0
READER_WAITS = 10.0
NONE_BEGUN_AFTER = 2.5
"""Seconds. A worker's claim must outlive all the questions of one fetch."""

_ADDRESS = re.compile(r"\S+@\S+")


def client(secret_key: str, api_url: str, *, timeout: float, retries: int) -> stripe.StripeClient:
    """A client that waits ``timeout`` seconds for an answer and asks ``retries`` times more."""
    return stripe.StripeClient(
        secret_key,
        stripe_version=API_VERSION,
        base_addresses={"api": api_url},
        max_network_retries=retries,
        http_client=stripe.RequestsClient(timeout=timeout),
    )


@contextmanager
def in_our_words() -> Iterator[None]:
    """Raise our exceptions for those of Stripe's SDK, within the block."""
    try:
        yield
    except stripe.StripeError as error:
        # Without its cause: the answers within may name a reader, and tracebacks are logged.
        raise _translated(error) from None


class Haste:
    """Time for a few questions in a row, counted from now."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def check(self) -> None:
        """Raise ``ProviderDown`` if it is too late to ask one more."""
        if time.monotonic() - self._began > NONE_BEGUN_AFTER:
            raise ProviderDown("Its answers came too slowly.")


def _translated(error: stripe.StripeError) -> Exception:
    words = _words(error)
    if _is_down(error):
        return ProviderDown(words)
    if _is_missing(error):
        return NotThere(words)
    if isinstance(error, stripe.CardError):
        return Declined(words)
    return ProviderRefused(words)


def _is_down(error: stripe.StripeError) -> bool:
    if isinstance(error, (stripe.APIConnectionError, stripe.RateLimitError)):
        return True
    status = error.http_status or 0
    # A plain APIError with a good status: an answer that is not Stripe's, as a proxy's page.
    is_garbled = type(error) is stripe.APIError and status < 400
    return status >= 500 or status in {409, 429} or error.code == "lock_timeout" or is_garbled


def _is_missing(error: stripe.StripeError) -> bool:
    # A key of the other mode must not make every subscription look gone.
    is_elsewhere = "similar object exists in" in (error.user_message or "")
    is_missing = error.http_status == 404 and error.code == "resource_missing"
    return is_missing and not is_elsewhere


def _words(error: stripe.StripeError) -> str:
    """What it said, without anybody's address, and the id to ask Stripe about it."""
    said = _ADDRESS.sub("…", (error.user_message or "no words").split("\n\n")[0])
    parts = (error.code, said, error.request_id)
    return " · ".join(part for part in parts if part)[:300]
