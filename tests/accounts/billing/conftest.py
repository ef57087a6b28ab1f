"""One double of Stripe for each module that asks for it."""

from collections.abc import Iterator

import pytest

from accounts.billing.stripe_provider import StripeProvider
from tests.stripe_double import driver
from tests.stripe_double.driver import StripeDouble


@pytest.fixture(scope="module")
def double() -> Iterator[StripeDouble]:
    with driver.running() as found:
        yield found


@pytest.fixture
def stripe(double: StripeDouble) -> StripeProvider:
    """The provider, asking the double."""
    return provider_at(double.url)


def provider_at(url: str, *, key: str = driver.KEY) -> StripeProvider:
    return StripeProvider(secret_key=key, webhook_secrets=(driver.SECRET,), api_url=url)
