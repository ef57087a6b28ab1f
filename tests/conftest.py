"""The ground of every test: test mode, fresh data, real databases, real servers.

The whole suite runs on SQLite, or on the PostgreSQL that DATABASE_URL names. Settings are loaded
here and not by pytest-django's own option, for the environment must stand before they are.
"""

import atexit
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.ports import free_port

DATA = Path(tempfile.mkdtemp(prefix="newsroom-tests-"))
(DATA / "static").mkdir()
atexit.register(shutil.rmtree, DATA, ignore_errors=True)

for name in (
    "SITE_URL",
    "SECRET_KEY",
    "PROOF_KEY",
    "PROOF_KEY_FALLBACKS",
    "SUPPRESSION_KEY",
    "ALLOWED_HOSTS",
    "EMAIL_URL",
    "REDIS_URL",
    "DEBUG",
):
    os.environ.pop(name, None)
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "newsroom.settings",
    "NEWSROOM_MODE": "test",
    "NEWSROOM_DATA": str(DATA),
    # One address for this process and the servers it starts.
    "PORT": str(free_port()),
    # Playwright keeps an event loop in this thread, which makes Django suspect async code.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
}

import django  # noqa: E402

django.setup()

from django.core.cache import caches  # noqa: E402
from django.core.management import CommandError  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import TransactionTestCase  # noqa: E402

from tests.live import LiveSite, MailSink  # noqa: E402

FLUSHES = 5
IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let every test that uses the database use all of them, the shared cache's file, too.

    Tests with committed data start from the rows that migrations made, as all others do. One in a
    browser is tried a second time before it fails, which the summary tells: a browser beside two
    servers and a second suite sometimes waits longer than any test should.
    """
    if connection.vendor != "postgresql":
        elsewhere = [item for item in items if "postgres" in item.keywords]
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if "postgres" not in item.keywords]
    for item in items:
        if "browser" in item.keywords:
            item.add_marker(pytest.mark.flaky(reruns=1))
        if "live_site" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.django_db(transaction=True), append=False)
        marker = item.get_closest_marker("django_db")
        if marker is None and {"db", "transactional_db"} & set(getattr(item, "fixturenames", ())):
            marker = pytest.mark.django_db(transaction="transactional_db" in item.fixturenames).mark
        if marker is None or marker.args:
            continue
        wanted = {"databases": "__all__"} | marker.kwargs
        if wanted.get("transaction"):
            wanted |= {"serialized_rollback": True}
        item.add_marker(pytest.mark.django_db(**wanted), append=False)


_empty = TransactionTestCase._fixture_teardown


def _empty_when_the_last_word_is_said(case: TransactionTestCase) -> None:
    """Empty the tables, again if need be: a page that was just closed says a last word to the
    server, whose locks may meet those of the emptying. PostgreSQL then ends one of the two."""
    for attempt in range(FLUSHES):
        try:
            return _empty(case)
        except CommandError as error:
            if attempt == FLUSHES - 1 or "deadlock" not in str(error.__cause__):
                raise
            time.sleep(1)
    return None


TransactionTestCase._fixture_teardown = _empty_when_the_last_word_is_said


@pytest.fixture(autouse=True)
def _search_forgets_with_the_rest(
    request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Empty the search index after a test that committed: no model stands behind it, so Django's
    own clearing passes it by."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM search_index")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if IN_CI and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("A skipped test is a failure in CI.", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if IN_CI and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def _sink() -> Iterator[MailSink]:
    with MailSink() as sink:
        yield sink


@pytest.fixture
def mailbox(_sink: MailSink) -> MailSink:
    """Mails that servers and workers started by tests have sent, over real SMTP. Empty at first."""
    _sink.clear()
    return _sink


@pytest.fixture(scope="session")
def _live_site(django_db_setup: None, _sink: MailSink) -> Iterator[LiveSite]:
    site = LiveSite(data=DATA, port=int(os.environ["PORT"]), mail_port=_sink.port)
    yield site
    site.stop()


@pytest.fixture
def live_site(
    transactional_db: None, mailbox: MailSink, _live_site: LiveSite
) -> Iterator[LiveSite]:
    """Real server processes on the database under test, which holds what this test commits."""
    for cache in caches.all(initialized_only=False):
        cache.clear()
    _live_site.ensure_running()
    yield _live_site
    _live_site.stop_others()


def pytest_report_header() -> str:
    engine = os.environ.get("DATABASE_URL", "").partition(":")[0] or "sqlite"
    return f"newsroom: {engine}, Python {sys.version.split()[0]}, CI={IN_CI}"


@pytest.fixture
def crowd_without_trace(db: None) -> Iterator[None]:
    """For thousands: on PostgreSQL, what is rolled back leaves its numbers used, and stories of
    other tests would lie in another file of the sitemap."""
    from django.db import connection

    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value, is_called FROM articles_publishedarticle_id_seq")
        before = cursor.fetchone()
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('articles_publishedarticle_id_seq', %s, %s)", before)
