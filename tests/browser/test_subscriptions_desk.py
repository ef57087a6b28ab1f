"""The subscriptions desk in a real Chromium: at a glance whole, at any width, light and dark."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Device, DeviceOverride, Note, Subscription
from tests import cast
from tests.live import LiveSite
from tests.machines import axe_violations

pytestmark = pytest.mark.browser

DAY = dt.timedelta(days=1)
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def desk(live_site: LiveSite, page: Page) -> Page:
    cast.make_publication()
    page.goto("/account/sign-in/?next=/admin/")
    page.get_by_label("E-mail address").fill(cast.staff("Subscriptions desk").email)
    page.get_by_label("Password").fill(cast.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{live_site.url}/admin/")
    return page


def test_axe_finds_nothing_and_nothing_is_too_wide(desk: Page) -> None:
    now = timezone.now()
    reader = cast.make_user("a.reader.with.a.long.address@newsroom.example.com", name="Ria Long")
    reader.emailaddress_set.update(verified=False)
    cast.make_subscription(reader, failed_at=now - DAY)
    Note.objects.create(user=reader, text="Prefers letters.\n" + "word" * 60)
    DeviceOverride.objects.create(user=reader, limit=8, reason="A school", until=now + DAY)
    Device.objects.create(user=reader, key_hash="x", slot=1, name="Firefox on Windows")
    one = f"/admin/accounts/user/{reader.pk}"
    pages = [
        "/admin/accounts/user/",
        f"{one}/change/",
        *(f"{one}/{act}/" for act in ("sign-out", "devices", "devices-again", "address")),
        *(f"{one}/{act}/" for act in ("confirmation", "note", "merge")),
        "/admin/accounts/user/export/",
        "/admin/accounts/subscription/",
        "/admin/accounts/deviceoverride/",
    ]
    for width, scheme in ((1280, "light"), (360, "dark")):
        desk.set_viewport_size({"width": width, "height": 900})
        desk.emulate_media(color_scheme=scheme)
        for path in pages:
            desk.goto(path)
            assert axe_violations(desk) == [], (path, width)
            assert desk.evaluate(WIDE) <= 0, (path, width)


def test_two_accounts_become_one_by_clicks(desk: Page) -> None:
    kept = cast.make_user("kept@example.com", name="Ria")
    other = cast.make_user("other@example.com")
    cast.make_subscription(other)
    desk.goto(f"/admin/accounts/user/{kept.pk}/change/")
    desk.get_by_role("link", name="Merge with another account").click()
    desk.get_by_label("The other account").fill("other@example.com")
    desk.get_by_role("button", name="Show what would move").click()
    expect(desk.get_by_role("heading", name="What moves")).to_be_visible()
    assert axe_violations(desk) == []
    desk.get_by_label("Why, for the desk").fill("One person")

    desk.get_by_role("button", name="Merge them now").click()

    expect(desk.locator(".messagelist")).to_contain_text("The two accounts are one now.")
    expect(desk.locator(".timeline")).to_contain_text("Merged two accounts")
    assert Subscription.objects.get().user == kept
