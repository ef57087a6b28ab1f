"""Sharing a preview in a real browser: made, copied, read by somebody outside, ended."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.cast import PARAGRAPH, make_article, make_image, make_publication
from tests.live import LiveSite
from tests.machines import axe_violations

pytestmark = pytest.mark.browser

WITHHELD = "Only those who pay read of the quarrel."


@pytest.fixture
def story(live_site: LiveSite) -> str:
    """The address of a premium draft's form."""
    make_publication()
    article = make_article(
        headline="Pilots quarrel",
        access="premium",
        lead_image=make_image(),
        body=f'{PARAGRAPH * 2}<hr data-cut=""><p>{WITHHELD}</p>{PARAGRAPH * 3}',
    )
    return f"/admin/articles/article/{article.pk}"


def fits(page: Page) -> bool:
    return bool(
        page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    )


def test_a_preview_is_shared_copied_read_and_ended(
    desk: Page, browser: Browser, live_site: LiveSite, story: str
) -> None:
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.goto(f"{story}/change/")
    desk.get_by_role("link", name="Share a preview").click()
    desk.get_by_label("For whom").fill("Dr. Weiss")
    desk.get_by_role("button", name="Make the address").click()
    address = desk.get_by_label("Copy it now.")
    expect(address).to_be_visible()
    assert axe_violations(desk) == []
    desk.get_by_role("button", name="Copy the address").click()
    expect(desk.get_by_text("Copied.", exact=True)).to_be_visible()
    copied = desk.evaluate("navigator.clipboard.readText()")
    assert copied == address.input_value()

    outside = browser.new_context(base_url=live_site.url)
    reader = outside.new_page()
    reader.goto(copied)
    expect(reader.get_by_text(WITHHELD)).to_be_visible()
    assert outside.cookies() == []

    desk.reload()
    expect(desk.get_by_text("Opened 1 time")).to_be_visible()
    expect(address).to_have_count(0)
    desk.get_by_role("button", name="End it: Dr. Weiss").click()
    expect(desk.get_by_text("The preview for Dr. Weiss has ended.")).to_be_visible()
    assert axe_violations(desk) == []
    reader.reload()
    expect(reader.get_by_role("heading", name="This preview has ended")).to_be_visible()
    assert reader.get_by_text(WITHHELD).count() == 0
    assert axe_violations(reader) == []
    outside.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_preview_and_card(
    desk: Page, story: str, width: int, scheme: str
) -> None:
    desk.set_viewport_size({"width": width, "height": 900})
    desk.emulate_media(color_scheme=scheme)
    desk.goto(f"{story}/share/")
    desk.get_by_label("For whom").fill("A person with a rather long name, at the harbour office")
    desk.get_by_role("button", name="Make the address").click()
    assert axe_violations(desk) == []
    assert fits(desk)
    desk.goto(desk.get_by_label("Copy it now.").input_value())
    assert axe_violations(desk) == []
    assert fits(desk)
    desk.goto(f"{story}/preview/?as=card")
    expect(desk.get_by_role("heading", name="How it looks elsewhere")).to_be_visible()
    assert axe_violations(desk) == []
    assert fits(desk)
