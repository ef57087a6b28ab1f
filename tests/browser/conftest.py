"""A real Chromium for tests, with a fresh profile each."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

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
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("There is no Chromium here: install it, or name it in CHROMIUM")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(live_site: LiveSite, browser: Browser) -> Iterator[Page]:
    """A page in a fresh profile at the live site. The test fails on any message in its console."""
    context = browser.new_context(base_url=live_site.url, viewport={"width": 1280, "height": 900})
    messages: list[str] = []

    def note(message: ConsoleMessage) -> None:
        messages.append(f"{message.type}: {message.text}")

    context.on("console", note)
    context.on("weberror", lambda error: messages.append(f"error: {error.error}"))
    page = context.new_page()
    page.console_messages_seen = messages  # type: ignore[attr-defined]
    yield page
    context.close()
    assert not messages, f"The console is not empty: {messages}"
