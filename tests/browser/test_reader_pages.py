"""The readers' pages in a real Chromium: reached, read and operated by everybody."""

import pytest

from tests.articles.site.whole_paper import print_it
from tests.machines import axe_violations

pytestmark = pytest.mark.browser


def open_each(page):
    """Open every kind of page. Out, one at a time: its name."""
    for name, path in print_it().items():
        page.goto(path)
        yield name
    # Chromium itself notes that a retracted story is gone.
    seen = page.console_messages_seen
    seen[:] = [message for message in seen if "410 (Gone)" not in message]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_any_page(page, width, scheme):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    for name in open_each(page):
        assert axe_violations(page) == [], name


def test_nothing_scrolls_sideways_on_the_narrowest_screen(page):
    page.set_viewport_size({"width": 320, "height": 700})
    for name in open_each(page):
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, name


def test_the_keyboard_reaches_the_text_by_the_skip_link(page):
    page.goto(print_it()["story"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_menu_opens_and_searches_without_a_script(browser, live_site):
    print_it()
    context = browser.new_context(base_url=live_site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.locator(".menu > summary").click()
    page.locator("#menu-q").fill("story")
    page.locator("#menu-q").press("Enter")
    assert "24 stories" in page.locator('[role="status"]').inner_text()
    context.close()


def test_the_chosen_colours_stay(page):
    print_it()
    page.goto("/")
    page.get_by_role("button", name="Dark mode").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.goto("/latest/")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.get_by_role("button", name="Light mode").is_visible()


def test_only_the_lead_picture_is_loaded_first(page):
    page.goto(print_it()["story"])
    hero = page.locator(".figure--hero img")
    assert hero.get_attribute("fetchpriority") == "high"
    assert hero.get_attribute("loading") is None
    assert hero.evaluate("image => image.complete && image.naturalWidth > 0")
    others = page.locator("main img:not([fetchpriority])")
    assert others.evaluate_all("all => all.every(image => image.loading === 'lazy')")
    sized = "all => all.every(image => image.width && image.height)"
    assert page.locator("img").evaluate_all(sized)


def test_the_mark_at_a_paragraph_leads_to_its_note_and_back(page):
    page.goto(print_it()["story"])
    mark = page.get_by_role("link", name="Corrected (see the note of").first
    mark.focus()
    page.keyboard.press("Enter")
    note = page.locator(".notice:target")
    assert note.is_visible()
    note.get_by_role("link", name="Go to the paragraph").click()
    assert page.locator(".corrected:target").is_visible()


def test_print_keeps_byline_credits_and_takeaways_and_drops_what_is_operated(page):
    page.goto(print_it()["story"])
    page.emulate_media(media="print")
    kept_parts = (".byline__name", ".credit", ".takeaways", ".references", ".notice", ".corrected")
    for kept in kept_parts:
        assert page.locator(f"{kept} >> nth=0").is_visible(), kept
    for dropped in (".sections", ".article__rail", ".footer", ".menu", ".tags"):
        assert not page.locator(dropped).is_visible(), dropped
    written = page.locator(".references a").evaluate("a => getComputedStyle(a, '::after').content")
    assert "https://example.com/log" in written
