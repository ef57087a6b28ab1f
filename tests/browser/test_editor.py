"""Writing at the desk, in a real browser under the site's own content policy.

The ``page`` fixture fails each of these tests on any message in the console, which is where a
breach of the policy would be told.
"""

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, Route, expect

from articles.models import Article, Image, PlainPage
from tests import cast
from tests.browser.writing import (
    ADD_STORY,
    body_of,
    edit,
    paste,
    save,
    sent,
    sign_in,
    tool,
    write,
)
from tests.live import LiveSite
from tests.machines import axe_violations

pytestmark = pytest.mark.browser
NEWLY_WRITTEN = (
    "<p>Eleven ships &amp; a tug</p>"
    "<h2>The queue</h2>"
    "<p>Some <strong>wait</strong> and <em>complain</em></p>"
    "<h3>Who waits</h3>"
    "<ul><li>the Ada</li><li>the Bea</li></ul>"
    "<ol><li>first<ol><li>within</li></ol></li></ol>"
    "<blockquote><p>We wait.</p></blockquote>"
    '<p>More at <a href="https://example.com/a?b=1&amp;c=2" rel="noopener">the port</a>.</p>'
    '<hr data-cut="">'
    "<p>Behind the line</p>"
)


def test_a_story_is_written_with_all_that_a_body_may_hold(desk: Page) -> None:
    write(desk)
    keys = desk.keyboard
    keys.type("Eleven ships & a tug")
    keys.press("Enter")
    tool(desk, "Heading").click()
    expect(tool(desk, "Heading")).to_have_attribute("aria-pressed", "true")
    keys.type("The queue")
    keys.press("Enter")
    keys.type("Some ")
    tool(desk, "Bold").click()
    keys.type("wait")
    tool(desk, "Bold").click()
    keys.type(" and ")
    keys.press("Control+i")
    keys.type("complain")
    keys.press("Control+i")
    keys.press("Enter")
    tool(desk, "Subheading").click()
    keys.type("Who waits")
    keys.press("Enter")
    tool(desk, "Bulleted list").click()
    keys.type("the Ada")
    keys.press("Enter")
    keys.type("the Bea")
    keys.press("Enter")
    keys.press("Enter")
    tool(desk, "Numbered list").click()
    keys.type("first")
    keys.press("Enter")
    keys.press("Tab")
    keys.type("within")
    for _ in range(3):
        keys.press("Enter")
    tool(desk, "Quote").click()
    keys.type("We wait.")
    keys.press("Enter")
    keys.press("Enter")
    keys.type("More at ")
    tool(desk, "Link").click()
    dialog = desk.get_by_role("dialog", name="Add a link")
    dialog.get_by_label("Web or e-mail address").fill("example.com/a?b=1&c=2")
    dialog.get_by_label("Words to show").fill("the port")
    keys.press("Enter")
    expect(body_of(desk)).to_be_focused()
    keys.type(".")
    tool(desk, "End the free part here").click()
    expect(desk.get_by_text("The free part ends here")).to_be_visible()
    keys.type("Behind the line")
    assert sent(desk) == NEWLY_WRITTEN
    save(desk)
    assert Article.objects.get().body == NEWLY_WRITTEN
    assert sent(desk) == NEWLY_WRITTEN


def test_a_figure_is_chosen_by_sight_and_given_its_own_words(desk: Page) -> None:
    cast.make_image(caption="A bridge", credit="Joe Park")
    boat = cast.make_image(caption="A red boat", alt_text="A boat at dawn")
    write(desk)
    desk.keyboard.type("Before")
    tool(desk, "Add a picture").click()
    dialog = desk.get_by_role("dialog", name="Choose a picture")
    dialog.get_by_label("Search the picture library").fill("red")
    expect(dialog.get_by_role("status")).to_have_text("1 picture shown")
    dialog.get_by_role("button", name="A red boat").click()
    expect(body_of(desk)).to_be_focused()
    assert sent(desk) == f'<p>Before</p><figure data-image="{boat.pk}"></figure>'
    desk.keyboard.type("After")

    figure = body_of(desk).get_by_role("figure")
    expect(figure).to_contain_text("Credit: Ana Duarte / Testing Pictures")
    expect(figure.get_by_role("img", name="A boat at dawn")).to_have_js_property("complete", True)
    caption = figure.get_by_label("Caption for this story")
    expect(caption).to_have_attribute("placeholder", "The library’s: A red boat")
    caption.fill('Ada\'s "last" boat')
    figure.get_by_label("Alt text for this story").fill("Boat, red & small")
    save(desk)
    assert Article.objects.get().body == (
        f'<p>Before</p><figure data-image="{boat.pk}" data-caption="Ada\'s &quot;last&quot; boat" '
        'data-alt="Boat, red &amp; small"></figure><p>After</p>'
    )
    expect(body_of(desk).get_by_label("Caption for this story")).to_have_value('Ada\'s "last" boat')


def test_escape_closes_the_library_and_gives_the_focus_back(desk: Page) -> None:
    cast.make_image()
    write(desk)
    desk.keyboard.type("Words")
    tool(desk, "Add a picture").click()
    dialog = desk.get_by_role("dialog", name="Choose a picture")
    expect(dialog.get_by_label("Search the picture library")).to_be_focused()
    desk.keyboard.type("nothing like it")
    expect(dialog.get_by_role("status")).to_have_text("No picture found. Try fewer words.")
    desk.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(body_of(desk)).to_be_focused()
    desk.keyboard.type(" and more")
    assert sent(desk) == "<p>Words and more</p>"


def test_the_caret_is_back_in_its_place_at_the_moment_a_dialog_closes(desk: Page) -> None:
    cast.make_image()
    write(desk)
    desk.keyboard.type("Words")
    tool(desk, "Add a picture").click()
    expect(desk.get_by_label("Search the picture library")).to_be_focused()
    place = desk.evaluate(
        """() => new Promise(done => {
            const dialog = document.querySelector("dialog");
            dialog.addEventListener("close", () => {
                const {anchorNode, anchorOffset} = getSelection();
                done([anchorNode.textContent, anchorOffset]);
            });
            dialog.close();
        })"""
    )
    assert place == ["Words", 5]


def test_a_picture_that_is_gone_is_said_to_be_gone_and_can_be_removed(desk: Page) -> None:
    image = cast.make_image()
    gone = image.pk
    image.delete()
    body = edit(desk, f'<p>a</p><figure data-image="{gone}"></figure>')
    expect(body).to_contain_text("This picture is no longer in the library.")
    body.get_by_role("button", name="Remove the picture").click()
    assert sent(desk) == "<p>a</p>"


def test_there_is_one_marker_and_the_one_set_last_stays(desk: Page) -> None:
    body = edit(desk, '<p>a</p><hr data-cut=""><p>b</p><p>c</p>')
    body.get_by_text("b", exact=True).click()
    tool(desk, "End the free part here").click()
    assert sent(desk) == '<p>a</p><p>b</p><hr data-cut=""><p>c</p>'
    desk.keyboard.press("Control+z")
    assert sent(desk) == '<p>a</p><hr data-cut=""><p>b</p><p>c</p>'


def test_a_letter_typed_on_a_chosen_figure_does_not_replace_it(desk: Page) -> None:
    image = cast.make_image()
    body = edit(desk, f'<p>a</p><figure data-image="{image.pk}"></figure><p>b</p>')
    body.get_by_role("img").click()
    desk.keyboard.type("so")
    assert sent(desk) == f'<p>a</p><figure data-image="{image.pk}"></figure><p>so</p><p>b</p>'


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://example.com/x", "https://example.com/x"),
        ("example.com", "https://example.com"),
        ("desk@example.com", "mailto:desk@example.com"),
        ("/latest/", settings.SITE_URL + "/latest/"),
    ],
)
def test_chosen_words_are_linked(desk: Page, typed: str, address: str) -> None:
    write(desk)
    desk.keyboard.type("here")
    desk.keyboard.press("Control+a")
    desk.keyboard.press("Control+k")
    dialog = desk.get_by_role("dialog", name="Add a link")
    dialog.get_by_label("Web or e-mail address").fill(typed)
    dialog.get_by_role("button", name="Set the link").click()
    assert sent(desk) == f'<p><a href="{address}" rel="noopener">here</a></p>'


def test_an_address_that_leads_nowhere_is_refused_in_words(desk: Page) -> None:
    write(desk)
    desk.keyboard.type("here")
    desk.keyboard.press("Control+a")
    tool(desk, "Link").click()
    dialog = desk.get_by_role("dialog", name="Add a link")
    field = dialog.get_by_label("Web or e-mail address")
    for typed in ("javascript:alert(1)", "not an address", ""):
        field.fill(typed)
        desk.keyboard.press("Enter")
        expect(dialog.get_by_role("alert")).to_contain_text("Enter a web address")
        expect(field).to_have_attribute("aria-invalid", "true")
    dialog.get_by_role("button", name="Cancel").click()
    assert sent(desk) == "<p>here</p>"


def test_a_link_is_changed_and_removed(desk: Page) -> None:
    body = edit(desk, '<p>At <a href="https://example.com/" rel="noopener">the port</a></p>')
    body.get_by_role("link", name="the port").click()
    expect(tool(desk, "Link")).to_have_attribute("aria-pressed", "true")
    tool(desk, "Link").click()
    dialog = desk.get_by_role("dialog", name="Change the link")
    expect(dialog.get_by_label("Web or e-mail address")).to_have_value("https://example.com/")
    dialog.get_by_role("button", name="Remove the link").click()
    assert sent(desk) == "<p>At the port</p>"


def test_what_is_pasted_is_reduced_to_what_a_body_may_hold(desk: Page) -> None:
    write(desk)
    paste(
        desk,
        html="""<meta charset="utf-8"><style>p{color:red}</style><h1 style="color:red">Big</h1>
            <p class="x" style="margin:0"><span style="font-weight:700">Bold</span> and
            <b style="font-weight:normal">plain</b>
            <img src="/none.png" onerror="alert(1)"><a href="javascript:alert(1)">bad</a>
            <a href="https://example.com/" target="_blank" style="color:blue">good</a></p>
            <table><tr><td>one</td><td>two</td></tr></table><script>alert(2)</script>""",
    )
    assert sent(desk) == (
        "<h2>Big</h2><p><strong>Bold</strong> and plain bad "
        '<a href="https://example.com/" rel="noopener">good</a></p><p>one</p><p>two</p>'
    )


def test_pasted_lines_become_paragraphs(desk: Page) -> None:
    write(desk)
    paste(desk, text="one\ntwo\n\nthree")
    assert sent(desk) == "<p>one</p><p>two</p><p>three</p>"


def test_a_pasted_address_links_the_chosen_words(desk: Page) -> None:
    write(desk)
    desk.keyboard.type("here")
    desk.keyboard.press("Control+a")
    paste(desk, text="https://example.com/story")
    assert sent(desk) == '<p><a href="https://example.com/story" rel="noopener">here</a></p>'


def test_a_file_dropped_on_the_text_does_not_lose_the_page(desk: Page) -> None:
    body = write(desk)
    desk.keyboard.type("Words")
    body.evaluate(
        """text => {
            const data = new DataTransfer();
            data.items.add(new File(["x"], "x.png", {type: "image/png"}));
            const place = text.getBoundingClientRect();
            const drop = new DragEvent("drop", {dataTransfer: data, bubbles: true,
                cancelable: true, clientX: place.x + 5, clientY: place.y + 5});
            if (text.dispatchEvent(drop)) throw new Error("The browser would open the file.");
        }"""
    )
    expect(desk.get_by_text("Pictures come from the library.")).to_be_visible()
    assert sent(desk) == "<p>Words</p>"


def test_the_tools_are_one_stop_for_tab_and_arrows_lead_through_them(desk: Page) -> None:
    write(desk)
    desk.keyboard.press("Alt+F10")
    expect(tool(desk, "Heading")).to_be_focused()
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("ArrowRight")
    expect(tool(desk, "Bold")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(body_of(desk)).to_be_focused()
    desk.keyboard.type("by keys")
    assert sent(desk) == "<p><strong>by keys</strong></p>"
    desk.keyboard.press("Alt+F10")
    expect(tool(desk, "Bold")).to_be_focused()
    desk.keyboard.press("End")
    expect(tool(desk, "Keyboard help")).to_be_focused()
    desk.keyboard.press("Shift+Tab")
    expect(tool(desk, "Undo")).not_to_be_focused()


def test_a_text_that_is_only_looked_at_is_not_changed(desk: Page) -> None:
    html = '<p>a</p><ul><li>b</li></ul><figure data-image="1" data-alt="c"></figure><p>d</p>'
    edit(desk, html)
    assert sent(desk) == html


def test_the_editor_and_its_dialogs_are_accessible(desk: Page) -> None:
    image = cast.make_image()
    body = edit(
        desk,
        f'<h2>a</h2><p>b <a href="https://example.com/" rel="noopener">c</a></p>'
        f'<figure data-image="{image.pk}"></figure><hr data-cut=""><p>d</p>',
    )
    expect(body).to_contain_text("Credit: Ana Duarte")
    assert axe_violations(desk) == []
    tool(desk, "Add a picture").click()
    expect(desk.get_by_role("dialog").get_by_role("listitem")).to_have_count(1)
    assert axe_violations(desk) == []
    desk.keyboard.press("Escape")
    tool(desk, "Link").click()
    expect(desk.get_by_role("dialog", name="link")).to_be_visible()
    assert axe_violations(desk) == []


def test_the_lead_picture_is_chosen_by_sight(desk: Page) -> None:
    boat = cast.make_image(caption="A red boat")
    write(desk)
    desk.keyboard.type("Words")
    desk.get_by_role("button", name="Lead picture: Choose a picture").click()
    desk.get_by_role("dialog").get_by_role("button", name="A red boat").click()
    chosen = desk.locator(".picked")
    expect(chosen).to_contain_text("A red boat")
    expect(chosen.get_by_role("button", name="Lead picture: Choose another")).to_be_focused()
    save(desk)
    assert Article.objects.get().lead_image == boat
    chosen.get_by_role("button", name="Lead picture: remove the picture").click()
    expect(chosen).to_contain_text("No picture chosen.")
    save(desk)
    assert Article.objects.get().lead_image is None


def test_a_picture_that_comes_late_does_not_stand_where_it_was_removed(desk: Page) -> None:
    story = cast.make_article(lead_image=cast.make_image(caption="A red boat"))
    held: list[Route] = []
    desk.route("**/picker/?id=*", lambda route: held.append(route))
    desk.goto(f"/admin/articles/article/{story.pk}/change/")
    chosen = desk.locator(".picked")
    chosen.get_by_role("button", name="Lead picture: remove the picture").click()
    expect(chosen).to_contain_text("No picture chosen.")

    with desk.expect_response("**/picker/?id=*") as answer:
        for route in held:
            route.continue_()
    answer.value.finished()
    # What the page makes of it, it has made by then.
    desk.wait_for_timeout(300)

    expect(chosen).to_contain_text("No picture chosen.")


def test_without_javascript_the_body_is_a_plain_textarea(
    live_site: LiveSite, browser: Browser
) -> None:
    context = browser.new_context(base_url=live_site.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page)
    image: Image = cast.make_image()
    page.goto(ADD_STORY)
    page.get_by_label("Body").fill(f'<h2>Plain</h2>words<figure data-image="{image.pk}"></figure>')
    page.get_by_role("textbox", name="Lead picture").fill(str(image.pk))
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    story = Article.objects.get()
    assert story.body == f'<h2>Plain</h2><p>words</p><figure data-image="{image.pk}"></figure>'
    assert story.lead_image == image
    context.close()


def test_a_plain_page_is_written_without_pictures_and_marker(desk: Page) -> None:
    desk.goto("/admin/articles/plainpage/add/")
    desk.get_by_label("Title").fill("Standards")
    tools = desk.get_by_role("toolbar", name="Text tools")
    expect(tools.get_by_role("button", name="Quote")).to_be_visible()
    expect(tools.get_by_role("button", name="Add a picture")).to_have_count(0)
    desk.get_by_role("textbox", name="Body", exact=True).click()
    desk.keyboard.type("We say what we know.")
    desk.get_by_role("button", name="Save", exact=True).first.click()
    desk.wait_for_load_state()
    assert PlainPage.objects.get().body == "<p>We say what we know.</p>"
