"""Many pictures at once in a real browser: added, refused, tried again, described, chosen."""

from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from articles.models import Image
from tests.cast import jpeg, make_image, make_publication
from tests.machines import axe_violations

pytestmark = pytest.mark.browser

MANY = "/admin/articles/image/add-many/"
ONE = "**/articles/image/add-one/"
LOOKS = list(product((1280, 360), ("light", "dark")))


def file(name: str, data: bytes) -> Any:
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}


def picture(name: str, shade: int) -> Any:
    return file(name, jpeg((60, 40), colour=(shade, 90, 120)))


def arrival(page: Page, words: str) -> Any:
    return page.locator(".arrival", has_text=words)


def said(page: Page) -> Any:
    return page.locator("#arrivals-said")


def wrong_in_any_look(page: Page) -> list[str]:
    """What axe finds, and whether one must scroll sideways, in each width and colour."""
    wrong = []
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(300)
        wrong += [f"{width} {scheme}: {each}" for each in axe_violations(page)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{width} {scheme}: wider than the window")
    return wrong


def test_good_ones_come_in_a_bad_one_says_why_and_a_failed_one_is_tried_again(desk: Page) -> None:
    make_publication()
    desk.expected_in_console += ["422", "503"]
    times = []

    def busy_once(route: Route) -> None:
        times.append(1)
        if len(times) == 1:
            route.fulfill(status=503, body="Busy")
        else:
            route.continue_()

    desk.route(ONE, busy_once)
    desk.goto(MANY)
    files = [picture("dawn.jpg", 1), picture("noon.jpg", 2), file("letter.jpg", b"Dear desk")]
    desk.get_by_label("Choose pictures").set_input_files(files)

    expect(said(desk)).to_have_text("1 of 3 added, 2 failed. That is all.")
    expect(arrival(desk, "letter.jpg")).to_contain_text("not a picture we can read")
    expect(desk.get_by_role("button", name="Retry: letter.jpg")).to_have_count(0)
    failed = arrival(desk, "could not take it")
    assert wrong_in_any_look(desk) == []
    failed.get_by_role("button", name="Retry").press("Enter")

    expect(said(desk)).to_have_text("2 of 3 added, 1 failed. That is all.")
    assert sorted(image.original_name for image in Image.objects.all()) == ["dawn.jpg", "noon.jpg"]


def test_two_are_on_their_way_at_once_and_leaving_asks_first(desk: Page) -> None:
    make_publication()
    held: list[Route] = []
    asked: list[str] = []
    is_held = True

    def hold(route: Route) -> None:
        if is_held:
            held.append(route)
        else:
            route.continue_()

    def ask(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    desk.on("dialog", ask)
    desk.route(ONE, hold)
    desk.goto(MANY)
    # Browsers ask only those who did something on the page.
    desk.get_by_role("heading", name="Add pictures").click()
    files = [picture(f"{number}.jpg", number) for number in range(3)]
    desk.get_by_label("Choose pictures").set_input_files(files)
    expect(arrival(desk, "2.jpg")).to_contain_text("Waiting")
    assert len(held) == 2
    expect(desk.get_by_role("progressbar", name="0.jpg")).to_be_visible()

    desk.get_by_role("link", name="Start", exact=True).click()
    expect(said(desk)).to_have_text("0 of 3 added.")
    assert asked == ["beforeunload"]
    is_held = False
    for route in held:
        route.continue_()
    expect(said(desk)).to_have_text("3 of 3 added. That is all.")
    assert Image.objects.count() == 3


def test_a_double_is_taken_out_again_and_the_rest_is_described_together(desk: Page) -> None:
    make_publication()
    make_image(caption="We had it")
    # A small picture may be on its way while the row goes, or gets a new name with a new credit.
    desk.expected_in_console.append("410")
    first = picture("dawn.jpg", 1)
    desk.goto(MANY)
    desk.get_by_label("Choose pictures").set_input_files([first, picture("noon.jpg", 2)])
    expect(said(desk)).to_have_text("2 of 2 added. That is all.")
    desk.get_by_label("Choose pictures").set_input_files([first])
    double = arrival(desk, "had this very picture already")
    expect(double.get_by_role("link", name="dawn.jpg")).to_have_count(2)
    double.get_by_role("button", name="Take the new one out again").click()
    expect(desk.get_by_text("Taken out again.")).to_be_visible()
    assert Image.objects.count() == 3

    desk.get_by_role("link", name="Set credit, licence and caption together").click()
    expect(desk.get_by_role("heading", name="2 pictures together")).to_be_visible()
    for_all = desk.locator("#for-all")
    for_all.get_by_label("Credit").fill("Ana Duarte / Testing Pictures")
    for_all.get_by_label("Licence", exact=True).select_option(label="Staff photographer")
    for_all.get_by_role("button", name="Set in all 2").click()
    expect(desk.get_by_text("2 pictures were changed.")).to_be_visible()

    own = desk.locator("[data-words]").first
    own.get_by_label("Alt text").fill("Three ships")
    own.get_by_label("Decorative").check()
    desk.expected_in_console.append("422")
    own.get_by_role("button", name="Save").click()
    expect(own.get_by_text("A decorative picture has no alt text")).to_be_visible()
    assert wrong_in_any_look(desk) == []
    own.get_by_label("Decorative").uncheck()
    own.get_by_label("Caption").fill("Dawn at the breakwater")
    own.get_by_role("button", name="Save").click()
    expect(own.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(own.get_by_role("link")).to_have_text("Dawn at the breakwater")
    image = Image.objects.get(caption="Dawn at the breakwater")
    assert (image.credit, image.alt_text) == ("Ana Duarte / Testing Pictures", "Three ships")


def test_a_picture_is_added_and_chosen_in_the_picker_by_keyboard(desk: Page) -> None:
    make_publication()
    make_image(caption="Free")
    closed = make_image(caption="Closed")
    Image.objects.filter(pk=closed.pk).update(on_web=False)
    desk.goto("/admin/articles/article/add/")
    choose = desk.get_by_role("button", name="Choose a picture")
    choose.press("Enter")
    dialog = desk.get_by_role("dialog", name="Choose a picture")
    expect(dialog.get_by_role("button", name="Free")).to_be_visible()
    assert wrong_in_any_look(desk) == []
    desk.set_viewport_size({"width": 1280, "height": 900})

    refused = dialog.get_by_role("button", name="Closed")
    expect(refused).to_have_attribute("aria-disabled", "true")
    refused.press("Enter")
    expect(dialog.get_by_role("status")).to_have_text(
        "Closed: Not for the web. No story may have it now."
    )
    dialog.get_by_label("My own").press("Space")
    expect(dialog.get_by_role("status")).to_have_text("You have added none yet.")
    with desk.expect_file_chooser() as chooser:
        dialog.get_by_label("Add a new picture").press("Enter")
    chooser.value.set_files([picture("noon.jpg", 2)])

    expect(dialog).to_have_count(0)
    new = Image.objects.get(original_name="noon.jpg")
    expect(desk.locator("#id_lead_image")).to_have_value(str(new.pk))
    expect(desk.get_by_text("No licence, no alt text.")).to_be_visible()
    again = desk.get_by_role("button", name="Choose another picture")
    expect(again).to_be_focused()

    again.press("Enter")
    dialog.get_by_role("button", name="Free").press("Enter")
    expect(desk.locator(".picked__title")).to_have_text("Free")
    expect(again).to_be_focused()
