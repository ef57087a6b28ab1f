"""Jo of the subscriptions desk, and a reader."""

import pytest

from tests import cast
from tests.accounts.doors import signed_in


@pytest.fixture
def jo():
    cast.make_publication()
    return cast.staff("Subscriptions desk")


@pytest.fixture
def desk(jo):
    return signed_in(jo)


@pytest.fixture
def reader():
    return cast.registered()
