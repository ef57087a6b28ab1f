"""A reader's whole way in a browser: subscribe, read, a device too many, cancel, resume."""

import datetime as dt

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.billing import mend_links
from accounts.models import DemoSubscription, Subscription, User
from tests import cast
from tests.accounts.billing.paying import MARK, make_price, only, premium_story
from tests.browser.test_account_pages import WIDTHS, others, sign_in
from tests.live import LiveSite
from tests.machines import axe_violations

pytestmark = pytest.mark.browser


def subscribes(page: Page) -> None:
    """From the page of plans to the end of the checkout."""
    page.goto("/account/plans/")
    page.get_by_role("link", name="$8.00 a month").click()
    expect(page.get_by_text("Test checkout.")).to_be_visible()
    page.get_by_role("button", name="Go to payment").click()
    page.get_by_role("button", name="Pay with a test card").click()
    expect(page.get_by_text("Everything is open for you.")).to_be_visible()


def test_subscribe_read_meet_the_sixth_device_cancel_read_on_and_resume(
    page: Page, live_site: LiveSite
) -> None:
    cast.make_publication()
    make_price()
    story, ria = premium_story(), cast.registered()
    page.goto(story)
    expect(page.get_by_text(MARK)).to_have_count(0)
    sign_in(page, ria.email)
    subscribes(page)
    page.goto(story)
    expect(page.get_by_text(MARK)).to_be_visible()

    others(live_site, ria, 4)
    with page.context.browser.new_context(base_url=page.url.split("/20")[0]) as sixth:  # type: ignore[union-attr]
        there = sixth.new_page()
        sign_in(there, ria.email)
        expect(there.get_by_role("heading", name="That is one device too many")).to_be_visible()
        there.goto(story)
        expect(there.get_by_text(MARK)).to_have_count(0)

    page.goto("/account/subscription/")
    page.get_by_role("link", name="Cancel subscription").click()
    page.get_by_role("button", name="Cancel subscription").click()
    expect(page.get_by_text("Cancelled. You can read everything until")).to_be_visible()
    page.goto(story)
    expect(page.get_by_text(MARK)).to_be_visible()
    page.goto("/account/subscription/")
    page.get_by_role("button", name="Take the cancelling back").click()
    expect(page.get_by_text("The next payment is due on")).to_be_visible()


def test_a_payment_is_mended_by_the_button_behind_the_link_of_the_mail(
    page: Page, live_site: LiveSite
) -> None:
    cast.make_publication()
    make_price()
    ria = cast.registered()
    sign_in(page, ria.email)
    subscribes(page)
    row = only(ria)
    now = timezone.now()
    # The second month began some days ago, and its payment failed.
    DemoSubscription.objects.update(
        anchor_at=now - dt.timedelta(days=32), declines_from=now - dt.timedelta(days=10)
    )
    Subscription.objects.update(failed_at=now)
    page.context.clear_cookies()

    page.goto(mend_links.url_for(row).removeprefix(settings.SITE_URL))
    assert axe_violations(page) == []
    page.get_by_role("button", name="Go to the invoice").click()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Pay with a test card").click()

    expect(page.get_by_role("heading", name="Paid")).to_be_visible()
    assert DemoSubscription.objects.get().declines_from is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_where_money_is_spoken_of(
    page: Page, live_site: LiveSite, width: int, scheme: str
) -> None:
    cast.make_publication()
    price = make_price(trial_days=14)
    make_price(interval="year", amount=7900)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    def look(name: str) -> None:
        assert axe_violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    ria: User = cast.registered()
    sign_in(page, ria.email)
    for path in ("plans/", f"subscribe/{price.pk}/", "subscribed/", "subscription/"):
        page.goto(f"/account/{path}")
        look(path)
    page.goto(f"/account/subscribe/{price.pk}/")
    page.get_by_role("button", name="Go to payment").click()
    look("test checkout")
    page.get_by_role("button", name="Pay with a card that fails").click()
    look("subscribed")
    for path in ("subscription/", "subscription/cancel/", f"subscribe/{price.pk}/"):
        page.goto(f"/account/{path}")
        look(path)
    page.goto("/account/subscription/")
    page.get_by_role("button", name="Cards and invoices").click()
    look("test portal")
