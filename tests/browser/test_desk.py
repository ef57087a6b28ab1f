"""The desk in a real browser: by mouse, by keyboard, and by two editors at once."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from articles.desk import revisions
from articles.models import Article, PublishedArticle, Revision
from tests.articles.desk.people import tom
from tests.cast import (
    PASSWORD,
    ed,
    lisa,
    make_article,
    make_image,
    make_publication,
    make_section,
    make_story,
    make_topic,
    staff,
)
from tests.live import LiveSite
from tests.machines import axe_violations

pytestmark = pytest.mark.browser

ADD = "/admin/articles/article/add/"
WORDS = "Eleven ships wait outside the harbour for the wind to turn."


def sign_in(page: Page, user: Any) -> None:
    page.goto("/admin/")
    page.locator("main [name=login]").fill(user.email)
    page.locator("main [name=password]").fill(PASSWORD)
    page.locator("main [name=password]").press("Enter")
    page.wait_for_url("**/admin/")


@pytest.fixture
def desk(page: Page) -> Page:
    """Ed, signed in, at the desk of a small newsroom."""
    make_publication()
    make_section("World")
    lisa()
    tom()
    make_topic("Shipping")
    sign_in(page, ed())
    return page


def body(page: Page) -> Any:
    return page.locator("#id_body_text")


def rows(page: Page, kind: str) -> Any:
    return page.locator(f"#{kind}-group .inline-related:not(.empty-form)")


def choose_by_name(page: Page, field: Any, name: str) -> None:
    """Type into Django's autocomplete beside ``field`` and take what it finds."""
    box = field.locator("xpath=following-sibling::span").first
    box.click()
    search = page.locator(".select2-container--open .select2-search__field").last
    # The list drawn for the word as a whole: one drawn before is replaced under the mouse.
    with page.expect_response(lambda answer: f"term={name[:4]}" in answer.url):
        search.press_sequentially(name[:4])
    page.locator(".select2-results__option", has_text=name).click()
    expect(box).to_contain_text(name)


def test_a_journalist_writes_and_publishes_a_story_by_mouse(desk: Page) -> None:
    picture = make_image(caption="Ships at dawn.")
    desk.get_by_role("link", name="New story").click()
    desk.get_by_label("Section").select_option(label="World")
    desk.get_by_label("Headline", exact=True).fill("Ships wait for the wind")
    body(desk).click()
    desk.keyboard.type(WORDS)

    desk.get_by_role("button", name=re.compile("Add another Key takeaway")).click()
    desk.get_by_role("button", name=re.compile("Add another Key takeaway")).click()
    for number in (0, 1):
        rows(desk, "takeaways").nth(number).get_by_label("Label").fill(f"Point {number}")
        rows(desk, "takeaways").nth(number).get_by_label("Text").fill(f"Text {number}.")
    rows(desk, "takeaways").nth(1).get_by_role("button", name="Move up").click()
    desk.get_by_role("button", name=re.compile("Add another Byline")).click()
    choose_by_name(desk, rows(desk, "bylines").locator("select"), "Lisa Berg")
    choose_by_name(desk, desk.locator("#id_topics"), "Shipping")
    desk.get_by_role("button", name=re.compile("Choose a picture")).click()
    desk.get_by_role("dialog").get_by_role("button", name=re.compile("Ships at dawn")).click()
    expect(desk.locator("[data-checklist-short]")).to_have_text("")

    desk.locator(".submit-row").get_by_role("button", name="Publish").click()

    expect(desk.locator(".messagelist")).to_contain_text("Published.")
    story = PublishedArticle.objects.live(timezone.now()).get()
    assert story.body_html == f"<p>{WORDS}</p>"
    assert [row["label"] for row in story.takeaways] == ["Point 1", "Point 0"]
    assert story.lead_image == picture
    assert story.path.endswith("/ships-wait-for-the-wind/")
    desk.locator(".messagelist").get_by_role("link", name="View on site").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Ships wait for the wind")
    expect(desk.locator(".article__body")).to_contain_text(WORDS)


def test_a_journalist_writes_and_publishes_a_story_by_keyboard(desk: Page) -> None:
    desk.goto(ADD)
    keys = desk.keyboard
    desk.get_by_label("Section").focus()
    keys.type("Wo")
    keys.press("Tab")
    keys.press("Tab")
    keys.type("Ships wait")
    # Enter in the headline neither breaks the line nor sends the form.
    keys.press("Enter")
    keys.press("Tab")
    keys.type("The queue is shrinking.")
    for _ in range(20):
        keys.press("Tab")
        if desk.evaluate("document.activeElement.id") == "id_body_text":
            break
    keys.type(WORDS)

    add = desk.get_by_role("button", name=re.compile("Add another Key takeaway"))
    for number in (0, 1):
        add.focus()
        keys.press("Enter")
        keys.type(f"Point {number}")
        keys.press("Tab")
        keys.type(f"Text {number}.")
    up = rows(desk, "takeaways").nth(1).get_by_role("button", name="Move up")
    up.focus()
    keys.press("Enter")
    expect(desk.locator("[role=status]", has_text="Now Key takeaway 1 of 2")).to_be_attached()
    desk.get_by_role("button", name=re.compile("Add another Byline")).focus()
    keys.press("Enter")
    rows(desk, "bylines").locator(".select2-selection").focus()
    keys.press("Enter")
    keys.type("Lisa")
    expect(desk.locator(".select2-results__option--highlighted")).to_have_text("Lisa Berg")
    keys.press("Enter")

    # Enter in a field saves, and never publishes; so does Ctrl S.
    desk.get_by_label("Dateline").focus()
    keys.type("Aden")
    keys.press("Enter")
    expect(desk.locator(".messagelist")).to_contain_text("Saved.")
    assert not PublishedArticle.objects.exists()
    desk.get_by_label("Internal note").focus()
    keys.type("Call the pilot.")
    keys.press("Control+s")
    expect(desk.locator(".messagelist")).to_contain_text("Saved.")
    article = Article.objects.get()
    assert article.headline == "Ships wait"
    assert article.internal_note == "Call the pilot."
    assert [takeaway.label for takeaway in article.takeaways.all()] == ["Point 1", "Point 0"]
    assert not PublishedArticle.objects.exists()

    desk.locator(".submit-row").get_by_role("button", name="Publish").focus()
    keys.press("Enter")

    expect(desk.locator(".messagelist")).to_contain_text("Published.")
    assert PublishedArticle.objects.live(timezone.now()).get().headline == "Ships wait"


def test_a_row_is_dragged_to_its_place(desk: Page) -> None:
    article = make_article(takeaways=[("A", "a"), ("B", "b"), ("C", "c")])
    desk.goto(f"/admin/articles/article/{article.pk}/change/")
    grip = rows(desk, "takeaways").nth(2).locator(".rows__grip")
    grip.scroll_into_view_if_needed()
    start, goal = grip.bounding_box(), rows(desk, "takeaways").nth(0).bounding_box()

    desk.mouse.move(start["x"] + 5, start["y"] + 5)
    desk.mouse.down()
    desk.mouse.move(start["x"] + 5, goal["y"] + 40, steps=8)
    desk.mouse.move(start["x"] + 5, goal["y"] + 5, steps=8)
    desk.mouse.up()
    desk.keyboard.press("Control+s")

    expect(desk.locator(".messagelist")).to_contain_text("Saved.")
    assert [takeaway.label for takeaway in article.takeaways.all()] == ["C", "A", "B"]


def test_a_removed_row_can_be_kept_before_saving(desk: Page) -> None:
    article = make_article(takeaways=[("A", "a"), ("B", "b")])
    desk.goto(f"/admin/articles/article/{article.pk}/change/")
    for number in (0, 1):
        rows(desk, "takeaways").nth(number).locator(".rows__delete").click()
    rows(desk, "takeaways").nth(1).locator(".rows__delete").click()

    desk.keyboard.press("Control+s")

    expect(desk.locator(".messagelist")).to_contain_text("Saved.")
    assert [takeaway.label for takeaway in article.takeaways.all()] == ["B"]


def test_the_checklist_follows_the_typing_and_leads_to_the_field(desk: Page) -> None:
    desk.goto(ADD)
    before = desk.locator("[data-checklist-short]").inner_text()
    desk.locator(".checklist").get_by_role("link", name="Headline", exact=True).click()
    expect(desk.get_by_label("Headline", exact=True)).to_be_focused()

    desk.keyboard.type("Ships wait")

    expect(desk.locator("[data-checklist-short]")).not_to_have_text(before)
    desk.locator(".checklist").get_by_role("link", name="Body text").click()
    expect(body(desk)).to_be_focused()


@pytest.fixture
def other(desk: Page, browser: Browser, live_site: LiveSite) -> Iterator[Page]:
    """The desk of another editor, in a browser of her own."""
    page = browser.new_context(base_url=live_site.url).new_page()
    sign_in(page, staff("Editor", name="Priya Nair"))
    yield page
    page.context.close()
    # The answer that asks is a 409, which the browser notes.
    seen = desk.console_messages_seen  # type: ignore[attr-defined]
    seen[:] = [message for message in seen if "409 (Conflict)" not in message]


def change_of(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/change/"


def type_into_paragraph(page: Page, number: int, words: str) -> None:
    body(page).locator("p").nth(number).click()
    page.keyboard.press("End")
    page.keyboard.type(words)


def save(page: Page) -> None:
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist")).to_be_visible()


PARAGRAPHS = "<p>The first one.</p><p>The second one.</p><p>The third one.</p>"


def test_two_editors_in_different_paragraphs_are_both_kept_without_a_question(
    desk: Page, other: Page
) -> None:
    article = make_article(body=PARAGRAPHS)
    for page in (desk, other):
        page.goto(change_of(article))

    type_into_paragraph(other, 0, " Theirs.")
    save(other)
    type_into_paragraph(desk, 1, " Mine.")
    save(desk)

    message = desk.locator(".messagelist")
    expect(message).to_contain_text("Priya Nair saved at")
    expect(message).to_contain_text("body, paragraph 1 Priya’s, body, paragraph 2 yours")
    expect(body(desk)).to_contain_text("The first one. Theirs.")
    assert Article.objects.get().body == (
        "<p>The first one. Theirs.</p><p>The second one. Mine.</p><p>The third one.</p>"
    )


def test_two_editors_in_one_paragraph_are_asked_and_both_texts_stay(
    desk: Page, other: Page
) -> None:
    article = make_article(body=PARAGRAPHS, headline="First words")
    revisions.keep(article, editor=ed())
    for page in (desk, other):
        page.goto(change_of(article))

    type_into_paragraph(other, 1, " Theirs.")
    save(other)
    type_into_paragraph(desk, 1, " Mine.")
    desk.get_by_label("Headline", exact=True).fill("My words")
    desk.keyboard.press("Control+s")

    heading = desk.get_by_role("heading", level=1)
    expect(heading).to_have_text("You both changed the same paragraph")
    expect(desk.locator(".merged")).to_have_text("Headline: yours")
    assert axe_violations(desk) == []
    for width in (320, 1280):
        desk.set_viewport_size({"width": width, "height": 900})
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert desk.evaluate(wide) <= 0, width
    # Leaving loses nothing: the text waits.
    desk.get_by_role("link", name="Leave it for now").click()
    expect(desk.get_by_label("Headline", exact=True)).to_have_value("First words")
    assert axe_violations(desk) == []
    desk.get_by_role("link", name="Choose what goes in").click()

    choice = desk.get_by_role("group", name="Body, paragraph 2")
    expect(choice).to_contain_text("The second one. Mine.")
    expect(choice).to_contain_text("The second one. Theirs.")
    choice.get_by_label("Write it from both").check()
    text = choice.get_by_role("textbox")
    expect(text).to_have_value("The second one. Mine. Theirs.")
    assert axe_violations(desk) == []
    text.fill("The second one. Theirs and mine.")
    desk.get_by_role("button", name="Save my choice").click()

    expect(desk.locator(".messagelist")).to_contain_text("Saved as you chose.")
    expect(desk.locator(".waits")).to_have_count(0)
    saved = Article.objects.get()
    assert saved.headline == "My words"
    assert saved.body == PARAGRAPHS.replace("second one.", "second one. Theirs and mine.")
    kept = article.revisions.get(reason=Revision.Reason.CONFLICT).content
    assert "<p>The second one. Mine.</p>" in kept["body"]


def test_takeaways_taken_out_added_and_moved_while_i_type_in_all_of_them_lose_no_word(
    desk: Page, other: Page
) -> None:
    article = make_article(takeaways=[("One", "one"), ("Two", "two"), ("Three", "three")])
    for page in (desk, other):
        page.goto(change_of(article))

    rows(other, "takeaways").nth(0).locator(".rows__delete").click()
    rows(other, "takeaways").nth(2).get_by_role("button", name="Move up").click()
    other.get_by_role("button", name=re.compile("Add another Key takeaway")).click()
    rows(other, "takeaways").nth(3).get_by_label("Label").fill("New")
    save(other)
    assert [row.label for row in article.takeaways.all()] == ["Three", "Two", "New"]

    for number in range(3):
        rows(desk, "takeaways").nth(number).get_by_label("Text").fill(f"mine {number}")
    desk.get_by_role("button", name=re.compile("Add another Key takeaway")).click()
    rows(desk, "takeaways").nth(3).get_by_label("Text").fill("mine 3")
    uid = rows(desk, "takeaways").nth(3).locator("[name$=-uid]").input_value()
    desk.keyboard.press("Control+s")

    # Two of them go together by themselves; the one that was taken out is asked about.
    choice = desk.get_by_role("group", name="Takeaway 1, taken out")
    expect(choice).to_contain_text("mine 0")
    choice.get_by_label("Keep yours").check()
    desk.get_by_role("button", name="Save my choice").click()

    expect(desk.locator(".messagelist")).to_contain_text("Saved as you chose.")
    texts = [row.text for row in article.takeaways.all()]
    assert sorted(texts) == ["", "mine 0", "mine 1", "mine 2", "mine 3"]
    assert texts.index("mine 2") < texts.index("mine 1")
    assert str(article.takeaways.get(text="mine 3").uid) == uid


def test_two_windows_of_one_person_overwrite_nothing_in_silence(desk: Page, other: Page) -> None:
    article = make_article(headline="First words", standfirst="First stand")
    second = desk.context.new_page()
    for page in (desk, second):
        page.goto(change_of(article))

    second.get_by_label("Headline", exact=True).fill("Of the second window")
    save(second)
    desk.get_by_label("Standfirst").fill("Of the first window")
    save(desk)

    expect(desk.locator(".messagelist")).to_contain_text("You, in another window, saved at")
    saved = Article.objects.get()
    assert (saved.headline, saved.standfirst) == ("Of the second window", "Of the first window")

    second.get_by_label("Standfirst").fill("Of the second window, too")
    second.keyboard.press("Control+s")

    heading = second.get_by_role("heading", level=1)
    expect(heading).to_have_text("You changed the same words in two windows")
    assert Article.objects.get().standfirst == "Of the first window"


def test_leaving_with_unsaved_words_is_asked_about_and_leaving_after_a_save_is_not(
    desk: Page,
) -> None:
    asked = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    # A server so slow that what is typed is not kept yet.
    desk.route("**/autosave/", lambda route: None)
    desk.goto(ADD)
    desk.get_by_label("Headline", exact=True).click()
    desk.keyboard.type("Ships wait")

    desk.get_by_role("navigation", name="Desk").get_by_role("link", name="Topics").click()
    desk.wait_for_url("**/topic/")
    assert asked == ["beforeunload"]

    desk.unroute("**/autosave/")
    desk.goto(ADD)
    desk.get_by_label("Headline", exact=True).click()
    desk.keyboard.type("Ships wait")
    desk.keyboard.press("Control+s")
    expect(desk.locator(".messagelist")).to_contain_text("Saved.")
    desk.get_by_role("navigation", name="Desk").get_by_role("link", name="Topics").click()
    desk.wait_for_url("**/topic/")
    assert asked == ["beforeunload"]


def test_a_save_after_going_back_does_not_pass_for_a_newer_one(desk: Page) -> None:
    article = make_article(headline="First words")
    address = f"/admin/articles/article/{article.pk}/change/"
    desk.goto(address)
    desk.get_by_label("Headline", exact=True).fill("My words")
    desk.goto("/admin/")
    Article.objects.update(headline="Their words", head=7)
    desk.go_back()
    desk.wait_for_load_state("load")

    base, words = desk.locator("[name=base]"), desk.get_by_label("Headline", exact=True)

    # Either the browser shows what stands now, or it puts back my words with where they began.
    if words.input_value() == "My words":
        assert base.input_value() == "0"
    else:
        assert (words.input_value(), base.input_value()) == ("Their words", "7")


def test_the_pages_of_the_desk_have_no_barrier_for_anyone(desk: Page) -> None:
    story = make_story(
        takeaways=[("A", "a")],
        sources=[{"title": "Log", "url": "https://example.com/"}],
        topics=[make_topic()],
        lead_image=make_image(),
    )
    change = f"/admin/articles/article/{story.article_id}"
    for address in (
        "/admin/",
        "/admin/articles/article/",
        ADD,
        f"{change}/change/",
        f"{change}/revisions/",
        f"{change}/revisions/1/",
        f"{change}/unpublish/",
        f"{change}/preview/?as=subscriber",
        "/admin/articles/section/",
        "/admin/articles/topic/add/",
        f"/admin/articles/author/{lisa().pk}/change/",
        "/admin/articles/publication/",
        "/admin/articles/plainpage/add/",
    ):
        desk.goto(address, wait_until="networkidle")
        assert axe_violations(desk) == [], address
        # Nothing scrolls sideways, on a narrow screen neither.
        for width in (320, 1280):
            desk.set_viewport_size({"width": width, "height": 900})
            wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert desk.evaluate(wide) <= 0, (address, width)
