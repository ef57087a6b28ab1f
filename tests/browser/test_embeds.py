"""Embeds in a real browser: nothing leaves before a click, and the keyboard does it all."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.writing import ADD_STORY, body_of, edit, paste, save, sent, tool, write
from tests.cast import PARAGRAPH, make_story
from tests.live import LiveSite
from tests.machines import axe_violations

pytestmark = pytest.mark.browser

VIDEO = '<figure data-embed="youtube:dQw4w9WgXcQ" data-caption="The old port"></figure>'
POST = '<figure data-embed="x:20"></figure>'
CHART = '<figure data-embed="datawrapper:aB3dE"></figure>'
FRAME = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"
GROWS = """<!DOCTYPE html><title>Chart</title><script>
parent.postMessage({"datawrapper-height": {"aB3dE": 432}}, "*");</script>"""


@pytest.fixture
def asked(page: Page, live_site: LiveSite) -> list[str]:
    """Each address outside of the site that the browser asks for; none of them is reached."""
    seen: list[str] = []

    def answer(route: Route) -> None:
        seen.append(route.request.url)
        body = (
            GROWS
            if "datawrapper" in route.request.url
            else "<!DOCTYPE html><title>Film</title><p>The film</p>"
        )
        route.fulfill(content_type="text/html", body=body)

    outside = re.compile(rf"^(?!{re.escape(live_site.url)}/|data:)")
    page.context.route(outside, answer)
    return seen


def read(page: Page, *parts: str) -> None:
    page.goto(make_story(body=PARAGRAPH + "".join(parts) + PARAGRAPH).path)


def test_a_video_asks_its_provider_for_nothing_until_it_is_wanted(
    page: Page, asked: list[str]
) -> None:
    read(page, VIDEO, POST, CHART)
    page.wait_for_load_state("networkidle")
    assert asked == []
    assert page.locator("iframe").count() == 0

    page.get_by_role("button", name="Play it here").click()
    frame = page.locator("iframe")
    expect(frame).to_be_focused()
    expect(page.frame_locator("iframe").get_by_text("The film")).to_be_visible()
    assert asked == [FRAME]
    assert frame.get_attribute("title") == "Video on YouTube: The old port"
    assert "allow-top-navigation" not in (frame.get_attribute("sandbox") or "")
    assert frame.get_attribute("allowfullscreen") is not None
    assert page.locator("figcaption", has_text="The old port").is_visible()


def test_a_chart_becomes_as_high_as_it_says(page: Page, asked: list[str]) -> None:
    read(page, CHART)
    page.get_by_role("button", name="Show it here").press("Enter")
    expect(page.locator("iframe")).to_have_attribute("height", "432")
    assert asked == ["https://datawrapper.dwcdn.net/aB3dE/"]


def test_the_frame_is_told_the_site_and_not_the_page(page: Page, asked: list[str]) -> None:
    read(page, VIDEO)
    with page.expect_request(FRAME) as request:
        page.get_by_role("button", name="Play it here").click()
    referrer = request.value.all_headers().get("referer", "")
    assert re.fullmatch(r"http://localhost:\d+/|", referrer)


def test_without_a_script_there_is_the_link(live_site: LiveSite, browser: Browser) -> None:
    context = browser.new_context(base_url=live_site.url, java_script_enabled=False)
    page = context.new_page()
    read(page, VIDEO)
    link = page.get_by_role("link", name="Watch it on YouTube")
    assert link.get_attribute("href") == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    assert link.get_attribute("target") == "_blank"
    assert page.get_by_role("button", name="Play it here").count() == 0
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_on_a_story_with_embeds(
    page: Page, asked: list[str], width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    read(page, VIDEO, POST, CHART)
    expect(page.get_by_role("button", name="Play it here")).to_be_visible()
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Play it here").click()
    expect(page.locator("iframe")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


# --- Writing ---


def test_a_video_is_embedded_by_its_address_and_given_a_caption(
    desk: Page, asked: list[str]
) -> None:
    write(desk)
    desk.keyboard.type("Before")
    tool(desk, "Embed a video, post or chart").click()
    dialog = desk.get_by_role("dialog", name="Embed a video, post or chart")
    expect(dialog).to_contain_text("Videos on YouTube and Vimeo")
    dialog.get_by_label("Its web address").fill("youtu.be/dQw4w9WgXcQ")
    desk.keyboard.press("Enter")
    expect(body_of(desk)).to_be_focused()
    desk.keyboard.type("After")

    figure = body_of(desk).get_by_role("figure")
    expect(figure).to_contain_text("Video on YouTube")
    expect(figure).to_contain_text("dQw4w9WgXcQ")
    figure.get_by_label("Caption").fill("The old port")
    assert sent(desk) == f"<p>Before</p>{VIDEO}<p>After</p>"
    save(desk)
    assert sent(desk) == f"<p>Before</p>{VIDEO}<p>After</p>"
    expect(body_of(desk).get_by_label("Caption")).to_have_value("The old port")
    assert asked == []


def test_what_cannot_be_embedded_is_refused_in_words(desk: Page) -> None:
    write(desk)
    tool(desk, "Embed a video, post or chart").click()
    dialog = desk.get_by_role("dialog")
    field = dialog.get_by_label("Its web address")
    for typed, words in (
        ("", "This is no web address."),
        ("https://example.com/film", "This cannot be embedded, only linked."),
        ("https://www.youtube.com/@harbour", "This leads to no single video."),
        ("https://app.datawrapper.de/chart/aB3dE/publish", "Publish the chart"),
    ):
        field.fill(typed)
        desk.keyboard.press("Enter")
        expect(dialog.get_by_role("alert")).to_contain_text(words)
        expect(field).to_have_attribute("aria-invalid", "true")
    dialog.get_by_role("button", name="Cancel").click()
    assert sent(desk) == ""


@pytest.mark.parametrize(
    ("address", "reference"),
    [
        ("https://vimeo.com/76979871/8272103f6e", "vimeo:76979871/8272103f6e"),
        ("https://x.com/harbour/status/20?s=20", "x:20"),
        ("https://www.youtube.com/watch?list=a&v=dQw4w9WgXcQ", "youtube:dQw4w9WgXcQ"),
        ("https://datawrapper.dwcdn.net/aB3dE/2/", "datawrapper:aB3dE"),
    ],
)
def test_an_address_pasted_on_an_empty_line_is_embedded(
    desk: Page, address: str, reference: str
) -> None:
    write(desk)
    paste(desk, text=address)
    expect(desk.get_by_text("Undo takes it back and leaves the address.")).to_be_visible()
    assert sent(desk) == f'<figure data-embed="{reference}"></figure>'
    desk.keyboard.press("Control+z")
    assert sent(desk) == f"<p>{address.replace('&', '&amp;')}</p>"


def test_an_address_pasted_into_a_sentence_stays_an_address(desk: Page) -> None:
    write(desk)
    desk.keyboard.type("See ")
    paste(desk, text="https://youtu.be/dQw4w9WgXcQ")
    assert sent(desk) == "<p>See https://youtu.be/dQw4w9WgXcQ</p>"
    desk.keyboard.press("Enter")
    paste(desk, text="https://example.com/film")
    assert sent(desk).endswith("<p>https://example.com/film</p>")


def test_an_embed_is_chosen_captioned_left_and_removed_by_keys(desk: Page) -> None:
    body = edit(desk, f"<p>a</p>{POST}<p>b</p>")
    body.get_by_text("a", exact=True).click()
    desk.keyboard.press("End")
    # The editor hears of the caret a moment after the browser has moved it.
    desk.wait_for_function(
        "() => document.querySelector('#id_body').bodyEditor.state.selection.from === 2"
    )
    desk.keyboard.press("ArrowRight")
    expect(body.get_by_role("figure")).to_have_class(re.compile("is-chosen"))
    desk.keyboard.press("Enter")
    expect(body.get_by_label("Caption")).to_be_focused()
    desk.keyboard.type("Wind")
    desk.keyboard.press("Escape")
    expect(body).to_be_focused()
    assert sent(desk) == '<p>a</p><figure data-embed="x:20" data-caption="Wind"></figure><p>b</p>'
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(body).to_be_focused()
    assert sent(desk) == "<p>a</p><p>b</p>"


def test_an_embed_that_is_only_looked_at_is_not_changed(desk: Page, asked: list[str]) -> None:
    html = f"<p>a</p>{VIDEO}{POST}{CHART}<p>b</p>"
    edit(desk, html)
    assert sent(desk) == html
    assert asked == []


def test_writing_embeds_is_accessible(desk: Page) -> None:
    body = edit(desk, f"<p>a</p>{VIDEO}<p>b</p>")
    expect(body).to_contain_text("Video on YouTube")
    assert axe_violations(desk) == []
    tool(desk, "Embed a video, post or chart").click()
    expect(desk.get_by_role("dialog")).to_be_visible()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("alert")).to_contain_text("no web address")
    assert axe_violations(desk) == []


# --- Keys ---


def test_the_keys_are_shown_from_anywhere_in_the_form(desk: Page) -> None:
    desk.goto(ADD_STORY)
    headline = desk.get_by_label("Headline", exact=True)
    headline.click()
    desk.keyboard.press("Alt+0")
    dialog = desk.get_by_role("dialog", name="Keyboard help")
    expect(dialog).to_be_visible()
    for words in ("Bold", "Numbered list", "To its caption", "Save", "Move the row"):
        expect(dialog.get_by_text(words, exact=True).first).to_be_visible()
    assert axe_violations(desk) == []
    desk.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(headline).to_be_focused()
    tool(desk, "Keyboard help").click()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)


@pytest.mark.parametrize(
    ("label", "html"),
    [
        ("Heading", "<h2>a</h2>"),
        ("Subheading", "<h3>a</h3>"),
        ("Bold", "<p><strong>a</strong></p>"),
        ("Italic", "<p><em>a</em></p>"),
        ("Bulleted list", "<ul><li>a</li></ul>"),
        ("Numbered list", "<ol><li>a</li></ol>"),
        ("Quote", "<blockquote><p>a</p></blockquote>"),
    ],
)
def test_a_key_that_is_named_does_what_is_said(desk: Page, label: str, html: str) -> None:
    body = edit(desk, "<p>a</p>")
    body.click()
    desk.keyboard.press("Control+a")
    desk.keyboard.press(tool(desk, label).get_attribute("aria-keyshortcuts") or "")
    assert sent(desk) == html
    desk.keyboard.press(tool(desk, "Undo").get_attribute("aria-keyshortcuts") or "")
    assert sent(desk) == "<p>a</p>"
    desk.keyboard.press(tool(desk, "Redo").get_attribute("aria-keyshortcuts") or "")
    assert sent(desk) == html


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("- a", "<ul><li>a</li></ul>"),
        ("1. a", "<ol><li>a</li></ol>"),
        ("> a", "<blockquote><p>a</p></blockquote>"),
        ("## a", "<h2>a</h2>"),
        ("### a", "<h3>a</h3>"),
    ],
)
def test_signs_at_the_beginning_of_a_line_do_what_is_said(
    desk: Page, typed: str, html: str
) -> None:
    write(desk)
    desk.keyboard.type(typed)
    assert sent(desk) == html
