from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from tests.accounts.alerts.post_office import PostOffice, post_office


@pytest.fixture
def office(settings: Any) -> Iterator[PostOffice]:
    """A mail server of its own for this test, to which this process sends by real SMTP."""
    with post_office() as office:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
        yield office


@pytest.fixture(autouse=True)
def _no_rest(request: pytest.FixtureRequest) -> None:
    """The pause after an unreachable mail server is kept in the cache, and no test's business."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        cache.clear()
