"""The picture list and the page of a picture, in a real browser."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from articles.models import Image
from tests import cast
from tests.browser.writing import sign_in
from tests.machines import axe_violations

# 1:30 a.m. in New York, twice: the page asks which one.
TWICE = dt.datetime(2031, 11, 2, 5, 30, tzinfo=dt.UTC)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")]
)
def test_axe_finds_nothing_on_list_and_page(page: Page, width: int, scheme: str) -> None:
    cast.make_publication()
    image = cast.make_image(credit="")
    sign_in(page)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)

    Image.objects.update(licence_ends=TWICE)
    one = f"{image.pk}/change/"
    for path in ("?arrived=soon", "?creator=x&rights=soon", one, f"{image.pk}/replace/"):
        page.goto(f"/admin/articles/image/{path}")
        assert axe_violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.goto("/admin/articles/image/")
    buttons, search = (page.locator(name).bounding_box() for name in (".object-tools", "#toolbar"))
    assert buttons["y"] + buttons["height"] <= search["y"]
    page.goto(f"/admin/articles/image/{one}")
    expect(page.get_by_role("group", name="Which one?")).to_be_visible()


def test_the_place_that_crops_keep_is_set_by_keys_and_by_click(page: Page) -> None:
    cast.make_publication()
    image = cast.make_image()
    sign_in(page)
    page.goto(f"/admin/articles/image/{image.pk}/change/")
    across, down = (page.get_by_role("slider", name=name) for name in ("Across", "Down"))
    cut = page.locator("[data-focal-crops] img").first

    across.press("Home")
    across.press("ArrowRight")
    down.press("End")
    expect(cut).to_have_css("object-position", "1% 100%")
    page.get_by_role("button", name="Back to the middle").press("Enter")
    expect(across).to_have_value("50")
    page.locator("[data-focal-box] img").click(position={"x": 2, "y": 2})
    expect(across).to_have_value("0")
    across.press("ArrowRight")
    page.get_by_role("button", name="Save", exact=False).last.click()

    expect(page.get_by_text("was changed successfully")).to_be_visible()
    image = Image.objects.get()
    assert (image.focal_x, image.focal_y) == (1, 0)
