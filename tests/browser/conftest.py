"""A real Chromium for tests, with a fresh profile each."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.browser.writing import PATIENCE, sign_in
from tests.live import LiveSite

CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser(django_db_setup: None) -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("There is no Chromium here: install it, or name it in CHROMIUM")
    kept = {each.alias: each for each in connections.all(initialized_only=True)}
    with sync_playwright() as playwright:
        # Playwright's event loop gives this thread new connections, which know nothing of the
        # rows that migrations made; without those no test could start from them.
        for alias, connection in kept.items():
            contents = getattr(connection, "_test_serialized_contents", None)
            if contents is not None:
                connections[alias]._test_serialized_contents = contents
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(live_site: LiveSite, browser: Browser) -> Iterator[Page]:
    """A page in a fresh profile at the live site. The test fails on any message in its console.

    A browser notes there whatever was refused or not answered: a test in which that is the point
    puts the words of such a message into ``page.expected_in_console``.
    """
    context = browser.new_context(base_url=live_site.url, viewport={"width": 1280, "height": 900})
    messages: list[str] = []
    expected: list[str] = []

    def note(message: ConsoleMessage) -> None:
        messages.append(f"{message.type}: {message.text}")

    context.on("console", note)
    context.on("weberror", lambda error: messages.append(f"error: {error.error}"))
    page = context.new_page()
    page.console_messages_seen = messages
    page.expected_in_console = expected
    yield page
    context.close()
    messages = [each for each in messages if not any(words in each for words in expected)]
    assert not messages, f"The console is not empty: {messages}"


@pytest.fixture
def desk(page: Page) -> Page:
    """A page of a browser in which Ed is signed in."""
    page.set_default_timeout(PATIENCE)
    sign_in(page)
    return page
