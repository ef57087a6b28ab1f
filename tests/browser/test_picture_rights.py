"""The pages about the rights in pictures, in a real browser."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.models import Image
from articles.photos import blocking
from tests import cast
from tests.browser.writing import sign_in
from tests.machines import axe_violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AI = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing_on_the_pages_about_rights(page: Page, width: int, scheme: str) -> None:
    cast.make_publication()
    used = cast.make_image(licence="cc", cc_licence="by-sa-4.0", digital_source_type=AI)
    story = cast.make_story(lead_image=used)
    author = cast.lisa()
    author.portrait = used
    author.save()
    blocked = cast.make_image(caption="The quay")
    blocking.block(blocked, by=cast.ed(), reason="Its owner objects.")
    ended = cast.make_image()
    Image.objects.filter(pk=ended.pk).update(licence_ends=timezone.now())
    sign_in(page)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)

    for path in (
        "/admin/articles/image/rights/",
        f"/admin/articles/image/{used.pk}/block/",
        f"/admin/articles/image/{blocked.pk}/block/",
        f"/admin/articles/image/{blocked.pk}/unblock/",
        f"/admin/articles/image/{blocked.pk}/change/",
        f"/admin/articles/image/{ended.pk}/change/",
        f"/admin/articles/article/{story.article_id}/said/1/",
        "/admin/notices/",
        story.path,
        "/authors/lisa-berg/",
    ):
        page.goto(path)
        assert axe_violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_a_picture_is_blocked_and_let_go_by_keyboard(page: Page) -> None:
    cast.make_publication()
    image = cast.make_image()
    story = cast.make_story(lead_image=image)
    sign_in(page)
    page.goto(f"/admin/articles/image/{image.pk}/change/")

    page.get_by_role("link", name="Block this picture").press("Enter")
    why = page.get_by_role("textbox", name="Why")
    why.focus()
    page.keyboard.type("Its owner objects.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The picture is blocked.")).to_be_visible()

    page.goto(story.path)
    expect(page.locator("article figure")).to_have_count(0)
    page.goto(f"/admin/articles/image/{image.pk}/change/")
    page.get_by_role("link", name="Let it go again").press("Enter")
    page.get_by_role("button", name="Let it go again").press("Enter")
    expect(page.get_by_text("The picture is free again.")).to_be_visible()

    page.goto(story.path)
    expect(page.locator("article figure")).to_have_count(1)
