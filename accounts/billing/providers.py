"""Which provider takes the money here."""

from functools import lru_cache

from django.conf import settings

from accounts.billing.demo_provider import DemoProvider
from accounts.billing.provider import Provider


def current() -> Provider | None:
    """Stripe where it has keys, else the test checkout; None in production without keys.

    Nobody pays nothing in production: there the test checkout does not exist.
    """
    if settings.STRIPE_SECRET_KEY:
        return _stripe(
            settings.STRIPE_SECRET_KEY,
            (settings.STRIPE_WEBHOOK_SECRET, *settings.STRIPE_WEBHOOK_SECRET_FALLBACKS),
            settings.STRIPE_API_URL,
        )
    return None if settings.IS_PRODUCTION else DemoProvider()


def named(name: str) -> Provider | None:
    """The one in use, if that is its name: what another one took is not ours to ask for."""
    provider = current()
    return provider if provider is not None and provider.name == name else None


@lru_cache(maxsize=4)
def _stripe(secret_key: str, webhook_secrets: tuple[str, ...], api_url: str) -> Provider:
    # Importing the SDK takes long: a newsroom without keys need not wait for it.
    from accounts.billing.stripe_provider import StripeProvider

    return StripeProvider(secret_key=secret_key, webhook_secrets=webhook_secrets, api_url=api_url)
