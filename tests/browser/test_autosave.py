"""No word is lost while one writes: in real browsers, at real servers that come and go."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, expect

from articles.models import Article, Presence, Revision
from tests import cast
from tests.live import LiveSite
from tests.machines import axe_violations

pytestmark = pytest.mark.browser
# Milliseconds; a machine that runs two suites at once takes its time.
PATIENCE = 45_000
ADD = "/admin/articles/article/add/"
UNAUTHORISED = "401 (Unauthorized)"
NO_ANSWER = ("net::ERR_", "Failed to fetch")


def admit(page: Page, user: Any) -> None:
    """Give the browser a session of this person's."""
    visitor = Client()
    visitor.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": visitor.cookies[name].value, "url": settings.SITE_URL}]
    )


def lisa() -> Any:
    return cast.staff("Editor", name="Lisa Morgan")


def tom() -> Any:
    return cast.staff("Chief editor", name="Tom Hale")


@pytest.fixture
def desk(page: Page) -> Page:
    """Lisa's browser."""
    expect.set_options(timeout=PATIENCE)
    page.set_default_timeout(PATIENCE)
    cast.make_publication()
    cast.make_section("World")
    admit(page, lisa())
    return page


@pytest.fixture
def article(desk: Page) -> Article:
    return cast.make_article(headline="First words", takeaways=[("One", "one"), ("Two", "two")])


def open_form(page: Page, article: Article) -> None:
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    # The form's scripts have begun when the tab has its name.
    expect(page.locator("#article_form [name=tab]")).not_to_have_value("")


def headline(page: Page) -> Locator:
    return page.get_by_label("Headline", exact=True)


def line(page: Page) -> Locator:
    return page.locator(".submit-row .saved")


def text_of(page: Page, row: int) -> Locator:
    rows = page.locator("#takeaways-group .inline-related:not(.empty-form)")
    return rows.nth(row).get_by_label("Text")


def eventually(look: Callable[[], Any], within: float = PATIENCE / 1000) -> Any:
    until = time.monotonic() + within
    while not (found := look()) and time.monotonic() < until:
        time.sleep(0.2)
    assert found
    return found


def autosaved(article: Article) -> list[dict[str, Any]]:
    kept = article.revisions.filter(reason=Revision.Reason.AUTOSAVE).order_by("number")
    return list(kept.values_list("content", flat=True))


def sign_in(window: Page, user: Any) -> None:
    window.locator("main [name=login]").fill(user.email)
    window.locator("main [name=password]").fill(cast.PASSWORD)
    window.locator("main [name=password]").press("Enter")


def sign_in_beside(page: Page, user: Any) -> None:
    """By the small window, which closes by itself."""
    with page.expect_popup() as opened:
        line(page).get_by_role("link", name="Sign in to save").click()
    window = opened.value
    with window.expect_event("close"):
        sign_in(window, user)


def test_what_is_typed_is_kept_without_pressing_save(desk: Page, article: Article) -> None:
    open_form(desk, article)

    desk.locator("#id_body_text").click()
    desk.keyboard.press("Control+End")
    desk.keyboard.type(" Typed at the end.")
    text_of(desk, 1).fill("zwei")
    headline(desk).fill("Typed words")

    expect(line(desk)).to_have_attribute("data-save", "saved")
    newest = eventually(lambda: [c for c in autosaved(article) if c["headline"] == "Typed words"])[
        -1
    ]
    assert newest["body"].endswith(" Typed at the end.</p>")
    assert newest["takeaways"][1]["text"] == "zwei"
    assert Article.objects.get().headline == "First words"
    expect(line(desk)).to_have_text(re.compile(r"^Saved \d"))


def test_moved_and_added_rows_are_kept_too(desk: Page, article: Article) -> None:
    open_form(desk, article)

    rows = desk.locator("#takeaways-group .inline-related:not(.empty-form)")
    rows.nth(1).get_by_role("button", name="Move up").click()
    eventually(
        lambda: [r["label"] for c in autosaved(article) for r in c["takeaways"]][:1] == ["Two"]
    )
    desk.get_by_role("button", name=re.compile("Add another Key takeaway")).click()
    rows.nth(2).get_by_label("Label").fill("Three")

    eventually(
        lambda: [r["label"] for r in autosaved(article)[-1]["takeaways"]] == ["Two", "One", "Three"]
    )


def test_the_first_words_of_a_new_story_make_one_draft(desk: Page) -> None:
    desk.goto(ADD)
    headline(desk).fill("Ships wait")
    desk.wait_for_url("**/change/")
    article = Article.objects.get()
    assert desk.url.endswith(f"/admin/articles/article/{article.pk}/change/")

    desk.get_by_label("Standfirst").fill("For the wind.")
    desk.keyboard.press("Control+s")

    expect(desk.locator(".messagelist")).to_contain_text("Saved.")
    article = Article.objects.get()
    assert (article.headline, article.standfirst) == ("Ships wait", "For the wind.")
    # The save holds all that was kept before.
    assert autosaved(article) == []


def test_save_pressed_at_once_in_a_new_story_makes_one_story(desk: Page) -> None:
    desk.goto(ADD)
    headline(desk).fill("Ships wait")
    desk.keyboard.press("Control+s")

    expect(desk.locator(".messagelist")).to_contain_text("Saved.")
    assert Article.objects.get().headline == "Ships wait"


def test_a_reload_offers_back_what_was_not_saved(desk: Page, article: Article) -> None:
    open_form(desk, article)
    desk.locator("#id_body_text").click()
    desk.keyboard.press("Control+a")
    desk.keyboard.type("Quite another text.")
    text_of(desk, 0).fill("eins")
    eventually(lambda: any(c["takeaways"][0]["text"] == "eins" for c in autosaved(article)))
    expect(line(desk)).to_have_attribute("data-save", "saved")

    desk.reload()

    offer = desk.get_by_role("region", name="Not saved")
    expect(offer).to_contain_text("You typed more at ")
    expect(text_of(desk, 0)).to_have_value("one")
    assert axe_violations(desk) == []
    offer.get_by_role("link", name="Take it back").click()
    expect(desk.locator(".bar")).to_contain_text("This is what you typed at ")
    expect(text_of(desk, 0)).to_have_value("eins")
    expect(desk.locator("#id_body_text")).to_have_text("Quite another text.")
    desk.keyboard.press("Control+s")
    expect(desk.locator(".messagelist")).to_contain_text("Saved.")
    expect(desk.locator(".bar")).to_have_count(0)
    assert Article.objects.get().body == "<p>Quite another text.</p>"
    assert [row.text for row in article.takeaways.all()] == ["eins", "two"]


def test_an_offer_is_left_where_it_is(desk: Page, article: Article) -> None:
    open_form(desk, article)
    headline(desk).fill("Typed words")
    eventually(lambda: autosaved(article))
    expect(line(desk)).to_have_attribute("data-save", "saved")
    desk.reload()

    desk.get_by_role("link", name="Leave it").click()

    expect(desk.locator(".bar")).to_have_count(0)
    expect(headline(desk)).to_be_focused()
    assert autosaved(article)


def test_leaving_asks_nothing_once_the_words_are_kept(desk: Page, article: Article) -> None:
    asked: list[str] = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    open_form(desk, article)
    headline(desk).click()
    desk.keyboard.type("More ")
    eventually(lambda: autosaved(article))
    expect(line(desk)).to_have_attribute("data-save", "saved")
    expect(line(desk)).to_have_text(re.compile("^Saved"))

    desk.get_by_role("navigation", name="Desk").get_by_role("link", name="Topics").click()

    desk.wait_for_url("**/topic/")
    assert asked == []


def test_words_typed_just_before_leaving_are_kept(desk: Page, article: Article) -> None:
    desk.on("dialog", lambda dialog: dialog.accept())
    open_form(desk, article)
    headline(desk).fill("Typed in the last moment")

    desk.goto("/admin/")

    eventually(lambda: autosaved(article))
    assert autosaved(article)[-1]["headline"] == "Typed in the last moment"


# --- Signed out ---------------------------------------------------------------------------------


def test_a_session_that_ended_while_writing_costs_no_word(desk: Page, article: Article) -> None:
    desk.expected_in_console += [UNAUTHORISED]  # type: ignore[attr-defined]
    open_form(desk, article)
    Session.objects.all().delete()
    headline(desk).fill("Typed after the end")
    expect(line(desk)).to_have_text("Signed out. Sign in to save")
    assert axe_violations(desk) == []
    headline(desk).fill("Typed after the end, and more")

    sign_in_beside(desk, lisa())

    expect(line(desk)).to_have_text(re.compile("^Saved"))
    eventually(lambda: autosaved(article))
    assert autosaved(article)[-1]["headline"] == "Typed after the end, and more"
    # The token that signing in changed is the form's own again.
    desk.keyboard.press("Control+s")
    expect(desk.locator(".messagelist")).to_contain_text("Saved.")
    assert Article.objects.get().headline == "Typed after the end, and more"


def test_save_pressed_while_signed_out_is_done_after_signing_in(
    desk: Page, article: Article
) -> None:
    desk.expected_in_console += [UNAUTHORISED]  # type: ignore[attr-defined]
    open_form(desk, article)
    Session.objects.all().delete()
    headline(desk).fill("Typed after the end")
    desk.keyboard.press("Control+s")
    expect(line(desk).get_by_role("link", name="Sign in to save")).to_be_focused()
    expect(headline(desk)).to_have_value("Typed after the end")

    sign_in_beside(desk, lisa())

    expect(desk.locator(".messagelist")).to_contain_text("Saved.")
    assert Article.objects.get().headline == "Typed after the end"


def test_signing_in_in_another_tab_does_as_well(desk: Page, article: Article) -> None:
    # Asked once more with the token of before: the answer brings the new one.
    desk.expected_in_console += [UNAUTHORISED, "403 (Forbidden)"]  # type: ignore[attr-defined]
    open_form(desk, article)
    Session.objects.all().delete()
    headline(desk).fill("Typed after the end")
    expect(line(desk)).to_have_text("Signed out. Sign in to save")

    other = desk.context.new_page()
    address = line(desk).get_by_role("link").get_attribute("href")
    assert address
    other.goto(address)
    sign_in(other, lisa())
    expect(other.get_by_text("You can close this window.")).to_be_visible()
    assert axe_violations(other) == []

    expect(line(desk)).to_have_text(re.compile("^Saved"))
    eventually(lambda: autosaved(article))


def test_anothers_sign_in_saves_nothing_without_their_word(desk: Page, article: Article) -> None:
    desk.expected_in_console += [UNAUTHORISED, "403 (Forbidden)"]  # type: ignore[attr-defined]
    open_form(desk, article)
    Session.objects.all().delete()
    headline(desk).fill("Lisa’s words")
    expect(line(desk)).to_have_text("Signed out. Sign in to save")

    sign_in_beside(desk, tom())

    dialog = desk.get_by_role("dialog", name="Tom Hale is signed in here now")
    expect(dialog).to_contain_text("The words are Lisa Morgan’s. Save them as Tom Hale?")
    assert axe_violations(desk) == []
    dialog.get_by_role("button", name="Not now").click()
    expect(line(desk)).to_have_text("Tom Hale is signed in here. Save as Tom Hale")
    desk.keyboard.press("Control+s")
    dialog.get_by_role("button", name="Not now").click()
    assert not article.revisions.exists()
    expect(headline(desk)).to_have_value("Lisa’s words")

    line(desk).get_by_role("link", name="Save as Tom Hale").click()
    dialog.get_by_role("button", name="Save as Tom Hale").click()

    expect(desk.locator(".messagelist")).to_contain_text("Saved.")
    saved = article.revisions.get(reason=Revision.Reason.SAVE)
    assert (saved.content["headline"], saved.created_by) == ("Lisa’s words", tom())


# --- No connection ------------------------------------------------------------------------------


def test_words_outlive_a_server_that_stops(
    desk: Page, article: Article, live_site: LiveSite
) -> None:
    desk.expected_in_console += NO_ANSWER  # type: ignore[attr-defined]
    open_form(desk, article)
    live_site.stop()
    headline(desk).fill("Typed to nobody")
    expect(line(desk)).to_have_text("No connection. Kept in this browser")
    assert axe_violations(desk) == []

    # Pressing save leads to no error page.
    desk.keyboard.press("Control+s")
    expect(line(desk)).to_have_text("No connection. Kept in this browser")
    expect(headline(desk)).to_have_value("Typed to nobody")

    live_site.restart()

    expect(line(desk)).to_have_text(re.compile("^Saved"))
    eventually(lambda: autosaved(article))
    assert autosaved(article)[-1]["headline"] == "Typed to nobody"
    assert desk.evaluate("Object.keys(localStorage).filter(k => k.startsWith('desk-kept'))") == []


def test_words_of_a_closed_form_are_offered_back_when_the_server_is_there_again(
    desk: Page, article: Article, live_site: LiveSite
) -> None:
    desk.expected_in_console += NO_ANSWER  # type: ignore[attr-defined]
    open_form(desk, article)
    live_site.stop()
    headline(desk).fill("Typed to nobody")
    expect(line(desk)).to_have_text("No connection. Kept in this browser")
    context = desk.context
    desk.close()
    live_site.restart()

    # On the same computer, somebody else first: they see nothing of it.
    page = context.new_page()
    admit(page, tom())
    open_form(page, article)
    expect(page.locator(".bar")).to_have_count(0)
    assert not article.revisions.exists()
    admit(page, lisa())
    open_form(page, article)

    offer = page.get_by_role("region", name="Not saved")
    expect(offer).to_contain_text("You typed more at ")
    assert axe_violations(page) == []
    assert autosaved(article)[-1]["headline"] == "Typed to nobody"
    offer.get_by_role("link", name="Take it back").click()
    expect(page.locator(".bar")).to_contain_text("This is what you typed")
    expect(headline(page)).to_have_value("Typed to nobody")


def test_a_new_story_that_never_reached_the_server_is_offered_back(
    desk: Page, live_site: LiveSite
) -> None:
    desk.expected_in_console += NO_ANSWER  # type: ignore[attr-defined]
    desk.goto(ADD)
    expect(desk.locator("#article_form [name=tab]")).not_to_have_value("")
    live_site.stop()
    headline(desk).fill("Typed to nobody")
    expect(line(desk)).to_have_text("No connection. Kept in this browser")
    context = desk.context
    desk.close()
    live_site.restart()

    page = context.new_page()
    page.goto(ADD)
    offer = page.get_by_role("region", name="Not saved")
    expect(offer).to_contain_text("You began a story at ")
    assert not Article.objects.exists()
    offer.get_by_role("button", name="Take it back").click()

    page.wait_for_url("**/change/?from=1")
    expect(headline(page)).to_have_value("Typed to nobody")
    page.goto(ADD)
    expect(page.locator("#article_form [name=tab]")).not_to_have_value("")
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('desk-kept'))") == []
    expect(page.locator(".bar")).to_have_count(0)


# --- Who else is here ---------------------------------------------------------------------------


def test_who_else_is_here_is_shown_and_gone_when_they_leave(
    desk: Page, article: Article, browser: Browser, live_site: LiveSite
) -> None:
    open_form(desk, article)
    other = browser.new_context(base_url=live_site.url).new_page()
    admit(other, tom())
    open_form(other, article)

    panel = desk.get_by_role("region", name="Also here")
    expect(panel).to_contain_text("Tom Hale is reading, since ")
    expect(other.get_by_role("region", name="Also here")).to_contain_text("Lisa Morgan")
    assert axe_violations(desk) == []
    headline(other).fill("Tom’s words")
    expect(panel).to_contain_text("Tom Hale is writing, since ")
    other.keyboard.press("Control+s")
    expect(other.locator(".messagelist")).to_contain_text("Saved.")
    expect(desk.locator("[data-newer]")).to_contain_text("Tom Hale saved at ")
    expect(desk.locator("[data-newer]")).to_contain_text("Saving will bring both together.")

    other.goto("/admin/")

    expect(panel).to_be_hidden()
    other.context.close()


def test_two_tabs_of_one_person_know_of_each_other(desk: Page, article: Article) -> None:
    open_form(desk, article)
    # Opened by the first, so it begins with a copy of what that one remembers.
    with desk.expect_popup() as opened:
        desk.evaluate("window.open(location.href)")
    second = opened.value
    tab = second.locator("#article_form [name=tab]")
    expect(tab).not_to_have_value("")

    names = {page.locator("#article_form [name=tab]").input_value() for page in (desk, second)}
    assert len(names) == 2
    expect(desk.get_by_role("region", name="Also here")).to_contain_text("You, in another window")
    assert Presence.objects.count() == 2
    headline(desk).fill("Of the first")
    headline(second).fill("Of the second")
    eventually(
        lambda: {c["headline"] for c in autosaved(article)} == {"Of the first", "Of the second"}
    )


def test_a_form_that_is_only_looked_at_is_not_kept(desk: Page, article: Article) -> None:
    for address in (f"/admin/articles/article/{article.pk}/change/", ADD):
        desk.goto(address)
        expect(desk.locator("#article_form [name=tab]")).not_to_have_value("")
        desk.wait_for_timeout(2500)
        expect(line(desk)).to_have_attribute("data-save", "saved")
        before = line(desk).inner_text()
        desk.reload()
        desk.wait_for_timeout(2500)
        expect(line(desk)).to_have_text(before)

    assert not Revision.objects.exists()
    assert Article.objects.count() == 1
    assert desk.evaluate("Object.keys(localStorage).filter(k => k.startsWith('desk-kept'))") == []


def test_a_tab_keeps_its_name_over_a_reload(desk: Page, article: Article) -> None:
    open_form(desk, article)
    tab = desk.locator("#article_form [name=tab]")
    before = tab.input_value()

    desk.reload()

    expect(tab).to_have_value(before)


def test_the_form_of_a_reader_at_the_desk_keeps_nothing_and_shows_who_is_here(
    desk: Page, article: Article
) -> None:
    admit(desk, cast.staff("Reporter"))
    desk.goto(f"/admin/articles/article/{article.pk}/change/")

    eventually(lambda: Presence.objects.count() == 1)
    expect(desk.locator("#article_form [name=tab]")).to_have_count(0)
