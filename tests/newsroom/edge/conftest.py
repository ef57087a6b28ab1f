"""Servers with the page cache before them, and readers who reach each of their processes."""

from collections.abc import Iterator

import pytest

from tests.live import LiveSite
from tests.newsroom.edge.readers import Readers


@pytest.fixture(scope="module")
def _with_edge(_live_site: LiveSite) -> Iterator[LiveSite]:
    _live_site.restart(processes=2, EDGE="1")
    yield _live_site
    # Other tests want the servers as they know them.
    _live_site.stop()


@pytest.fixture
def readers(transactional_db: None, _with_edge: LiveSite, live_site: LiveSite) -> Readers:
    """Readers of two server processes, each with a page cache of its own."""
    return Readers(live_site.port)
