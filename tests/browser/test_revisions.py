"""The revisions of a story in a real browser: list, compare two, bring one back."""

from playwright.sync_api import Page, expect

from articles.desk import revisions, working_copy
from articles.models import Article, Revision
from tests.browser.test_desk import desk
from tests.cast import ed, make_article, make_image, make_section, publish, staff
from tests.machines import axe_violations

# The fixture of these tests.
__all__ = ["desk"]

WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def two_revisions() -> Article:
    """A story on the site, and saved since with something of everything changed."""
    picture = make_image(caption="Ships at dawn.")
    article = make_article(
        headline="Eleven ships wait for wind",
        body="<p>The office counted eleven ships on Tuesday.</p><p>Nobody bet on the wind.</p>",
        takeaways=[("One", "a first point"), ("Two", "another one"), ("Three", "the last")],
        sources=[{"title": "Log", "url": "https://example.com/"}],
    )
    publish(article)
    article.refresh_from_db()
    content = revisions.snapshot(article)
    content |= {
        "headline": "Eleven ships wait for rain",
        "body": "<h2>On the quay</h2><ul><li>One boat</li></ul><p>Nobody bet on the wind.</p>"
        '<hr data-cut=""><p>The office counted <strong>eleven</strong> ships on Tuesday.</p>'
        f'<figure data-image="{picture.pk}"></figure>',
        "takeaways": [content["takeaways"][2], *content["takeaways"][:2]],
        "sources": [],
        "section": make_section("Weather").pk,
        "lead_image": picture.pk,
    }
    working_copy.write(article, content)
    revisions.keep(article, editor=ed())
    refused = content | {"headline": "Mine"}
    revisions.keep_refused(article, content=refused, editor=staff("Editor"))
    return article


def test_an_editor_compares_two_revisions_and_brings_one_back(desk: Page) -> None:
    article = two_revisions()
    desk.goto(f"/admin/articles/article/{article.pk}/change/")
    desk.get_by_role("link", name="Revisions").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Revisions")
    desk.get_by_text("1 kept beside the story").click()
    expect(desk.get_by_role("link", name="Revision 3")).to_be_visible()

    desk.get_by_role("link", name="Compare with the one before").click()

    text = desk.locator(".diff")
    expect(text.locator("del").first).to_have_text("wind")
    expect(text.locator("ins").first).to_have_text("rain")
    expect(text).to_contain_text("Moved from 3rd to 1st place")
    # An added heading looks like one, and a screen reader hears what was put in.
    size = "node => parseFloat(getComputedStyle(node).fontSize)"
    heading, words = text.locator(".diff__h2 ins"), text.locator(".diff__p").first
    assert heading.evaluate(size) > words.evaluate(size)
    heard = "node => getComputedStyle(node, '::before').content"
    assert "put in" in heading.evaluate(heard)

    desk.get_by_label("Newer").select_option(label=_option(desk, "Revision 2,"))
    desk.get_by_role("button", name="Compare").focus()
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/compare/?a=1&b=2")
    desk.get_by_role("button", name="Bring back revision 1").click()

    expect(desk.locator(".messagelist")).to_contain_text("Revision 1 is back, as revision 4.")
    expect(desk.get_by_label("Headline", exact=True)).to_have_value("Eleven ships wait for wind")
    assert article.revisions.get(number=4).reason == Revision.Reason.RESTORE


def _option(page: Page, begin: str) -> str:
    texts: list[str] = page.get_by_label("Newer").locator("option").all_inner_texts()
    return next(text for text in texts if text.startswith(begin))


def test_the_pages_of_revisions_have_no_barrier_for_anyone(desk: Page) -> None:
    article = two_revisions()
    story = f"/admin/articles/article/{article.pk}"
    for scheme in ("light", "dark"):
        desk.emulate_media(color_scheme=scheme)
        for page in ("revisions/", "compare/", "revisions/1/", "compare/?a=1&b=1"):
            desk.goto(f"{story}/{page}")
            for details in desk.locator("details").all():
                details.locator("summary").click()
            for width in (320, 360, 1280):
                desk.set_viewport_size({"width": width, "height": 900})
                assert desk.evaluate(WIDE) <= 0, (page, width)
                assert axe_violations(desk) == [], (page, scheme, width)


def test_a_page_left_open_does_not_overwrite_what_was_saved_meanwhile(desk: Page) -> None:
    article = two_revisions()
    desk.goto(f"/admin/articles/article/{article.pk}/revisions/1/")
    revisions.keep(article, editor=staff("Editor"), note="Meanwhile")

    desk.get_by_role("button", name="Bring back revision 1").click()

    expect(desk.get_by_role("heading", level=1)).to_have_text("Saved meanwhile")
    assert axe_violations(desk) == []
    seen = desk.console_messages_seen  # type: ignore[attr-defined]
    seen[:] = [message for message in seen if "409 (Conflict)" not in message]
    desk.get_by_role("button", name="Bring back revision 1 all the same").click()
    expect(desk.locator(".messagelist")).to_contain_text("Revision 1 is back, as revision 5.")
