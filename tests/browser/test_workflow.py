"""A story's way through the desk in a real browser, and the pages around it."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from articles.desk import revisions, workflow
from articles.models import Article, Author, PublishedArticle
from tests.browser.test_desk import WORDS, body, choose_by_name, rows, sign_in
from tests.cast import (
    lisa,
    make_article,
    make_image,
    make_publication,
    make_section,
    staff,
)
from tests.live import LiveSite
from tests.machines import axe_violations

pytestmark = pytest.mark.browser

ADD = "/admin/articles/article/add/"


@pytest.fixture
def reporter() -> Any:
    make_publication()
    make_section("World")
    person = staff("Reporter")
    Author.objects.filter(pk=lisa().pk).update(user=person)
    return person


def messages(page: Page) -> Any:
    return page.locator(".messagelist")


def state(page: Page) -> Any:
    return page.locator(".panel--state .badge")


def bar(page: Page, name: str) -> Any:
    return page.locator(".submit-row").get_by_role("button", name=name)


def test_a_story_goes_from_its_writer_through_the_desk_to_readers(
    page: Page, live_site: LiveSite, browser: Browser, reporter: Any
) -> None:
    sign_in(page, reporter)
    page.goto(ADD)
    page.get_by_label("Section").select_option(label="World")
    page.get_by_label("Headline", exact=True).fill("Ships wait for the wind")
    body(page).click()
    page.keyboard.type(WORDS)
    page.get_by_role("button", name="Add another Byline").click()
    choose_by_name(page, rows(page, "bylines").locator("select"), "Lisa Berg")
    page.get_by_text("Add a note for the desk").click()
    page.get_by_label("Goes with “Send to the desk”").fill("Is one source enough?")
    bar(page, "Send to the desk").click()
    expect(messages(page)).to_contain_text("The desk has the story now.")
    expect(state(page)).to_have_text("In review")
    assert Article.objects.get().bylines.count() == 1

    desk = browser.new_context(base_url=live_site.url).new_page()
    sign_in(desk, staff("Editor"))
    expect(desk.locator(".lede")).to_contain_text("One story waits for you.")
    expect(desk.locator(".stories__ask").first).to_contain_text("Is one source enough?")
    desk.get_by_role("link", name="Ships wait for the wind").first.click()
    desk.get_by_text("Ask for changes", exact=True).click()
    desk.get_by_label("What should change?").fill("Two sources, please.")
    desk.get_by_role("button", name="Send it back with this note").click()
    expect(messages(desk)).to_contain_text("The writers have your note.")

    page.goto("/admin/")
    expect(page.locator(".stories__ask").first).to_contain_text("Two sources, please.")
    page.get_by_role("link", name="Ships wait for the wind").first.click()
    page.get_by_role("button", name="Add another Source").click()
    rows(page, "sources").get_by_label("Title").fill("Port log")
    bar(page, "Send to the desk").click()
    expect(state(page)).to_have_text("In review")

    desk.reload()
    bar(desk, "Approve").click()
    expect(messages(desk)).to_contain_text("The story is approved.")
    expect(state(desk)).to_have_text("Approved")
    bar(desk, "Publish now").click()
    expect(messages(desk)).to_contain_text("Published.")
    desk.context.close()

    story = PublishedArticle.objects.live(timezone.now()).get()
    assert story.sources[0]["title"] == "Port log"
    page.goto(story.path)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ships wait for the wind")


def test_enter_and_ctrl_s_save_and_never_lead_on(page: Page, reporter: Any) -> None:
    article = make_article(created_by=reporter)
    sign_in(page, reporter)
    page.goto(f"/admin/articles/article/{article.pk}/change/")

    page.get_by_label("Dateline").fill("Aden")
    page.get_by_label("Dateline").press("Enter")
    expect(messages(page)).to_have_text("Saved.")
    page.keyboard.press("Control+s")
    expect(messages(page)).to_have_text("Saved.")

    assert Article.objects.get().work == "draft"


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_the_workflow_are_accessible(
    page: Page, reporter: Any, width: int, scheme: Any
) -> None:
    editor = staff("Editor")
    soon = timezone.now() + dt.timedelta(minutes=1)
    for note in ("Is one source enough?", ""):
        article = make_article(created_by=reporter, lead_image=make_image(credit=""))
        revisions.keep(article, editor=reporter)
        workflow.submit(article, by=reporter, note=note)
        workflow.set_due(article, at=soon, by=editor)
        soon -= dt.timedelta(hours=1)
    sign_in(page, editor)
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)

    change = f"/admin/articles/article/{article.pk}"
    for address in (
        *("/admin/", "/admin/calendar/", "/admin/notices/", f"{change}/change/"),
        *(f"{change}/due/", f"{change}/copy/", f"{change}/bin/"),
    ):
        page.goto(address)
        for box in page.locator("details.ask").all():
            box.locator("summary").click()
        # The bar at the foot covers half a link wherever one happens to stand.
        page.evaluate("scrollTo(0, 0)")
        assert axe_violations(page) == [], address
        too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(too_wide), address
