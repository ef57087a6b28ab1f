"""The account pages in a real Chromium, and the subscriber's main path (issue: three people)."""

import re

import pytest
from django.utils import timezone

from accounts import links
from accounts.alerts import tokens
from accounts.models import Closing, EmailChange, Export
from accounts.privacy import closing
from tests import cast
from tests.machines import axe_violations

pytestmark = pytest.mark.browser

WIDTHS = [360, 1280]


def sign_in(page, email):
    page.goto("/account/sign-in/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(cast.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def others(live_site, user, count):
    """So many other browsers signed in."""
    for _ in range(count):
        with live_site.client() as client:
            found = client.get("/account/sign-in/").text
            token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', found)[1]
            fields = {"login": user.email, "password": cast.PASSWORD}
            client.post("/account/sign-in/", data={"csrfmiddlewaretoken": token, **fields})


def test_a_subscriber_signs_in_makes_room_and_reads_on(page, live_site):
    cast.make_publication()
    max_ = cast.max_()
    story = cast.make_story(access="premium", headline="Premium harbour").get_absolute_url()
    others(live_site, max_, 5)

    page.goto(story)
    assert page.locator(".paywall").is_visible()
    page.locator(".paywall").get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail address").fill(max_.email)
    page.get_by_label("Password").fill(cast.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    assert page.get_by_role("heading", name="That is one device too many").is_visible()
    assert page.locator("input:checked").count() == 1
    page.get_by_role("button", name="Sign out and continue").click()

    page.wait_for_url(f"**{story}")
    assert page.locator(".paywall").count() == 0
    page.goto("/account/devices/")
    assert page.locator("[data-device-id]").count() == 5
    assert page.get_by_text("This device").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_the_account_pages(page, live_site, width, scheme):
    cast.make_publication(contact_email="desk@example.com")
    max_ = cast.max_()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)

    def look(name):
        assert axe_violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    for path in ("sign-in", "sign-up", "code", "reset", "reset/sent", "confirm", "plans"):
        page.goto(f"/account/{path}/")
        look(path)
    page.goto("/account/sign-up/")
    page.get_by_role("button", name="Create account").click()
    assert page.get_by_role("heading", name="Please check this").is_visible()
    look("errors")
    sign_in(page, max_.email)
    for path in ("", "devices/", "name/", "password/", "sign-out/", "second-factor/", "again/"):
        page.goto(f"/account/{path}")
        look(path)
    others(live_site, max_, 4)
    page.context.clear_cookies()
    sign_in(page, max_.email)
    assert page.url.endswith("/account/devices/choose/")
    look("choose")


def test_each_mistake_is_linked_to_its_field(page):
    page.goto("/account/sign-up/")
    page.get_by_label("Name").fill("Nora")
    page.get_by_role("button", name="Create account").click()
    page.get_by_role("link", name="Enter your e-mail address").click()

    assert page.evaluate("document.activeElement.name") == "email"
    assert page.get_by_label("Name").input_value() == "Nora"


def test_a_password_manager_finds_what_it_needs(page):
    page.goto("/account/sign-in/")
    assert page.locator("#id_login").get_attribute("autocomplete") == "username"
    assert page.locator("#id_password").get_attribute("autocomplete") == "current-password"
    page.goto("/account/sign-up/")
    assert page.locator("#id_password1").get_attribute("autocomplete") == "new-password"
    assert page.locator("#id_name").get_attribute("autocomplete") == "name"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_the_pages_of_the_subscriptions_desk(page, width, scheme):
    cast.make_publication()
    max_ = cast.max_()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    sign_in(page, cast.ed().email)
    given = max_.subscriptions.get()
    for path in (
        "user/",
        "user/add/",
        f"user/{max_.pk}/change/",
        "plan/",
        f"plan/{given.plan_id}/change/",
        "subscription/",
        f"subscription/add/?user={max_.pk}",
        f"subscription/{given.pk}/change/",
        f"subscription/{given.pk}/extend/",
        f"subscription/{given.pk}/end/",
        "deviceoverride/",
    ):
        page.goto(f"/admin/accounts/{path}")
        assert axe_violations(page) == [], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_the_pages_of_address_and_privacy(page, live_site, width, scheme):
    cast.make_publication(contact_email="desk@example.com")
    ria, now = cast.registered(), timezone.now()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)

    def look(path):
        page.goto(path)
        assert axe_violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path

    sign_in(page, ria.email)
    page.goto("/account/again/")
    page.get_by_label("Password").fill(cast.PASSWORD)
    page.locator("main form button").first.click()
    for path in ("", "email/", "privacy/", "privacy/delete/", "closed/"):
        look(f"/account/{path}")
    page.goto("/account/email/")
    page.get_by_label("New e-mail address").fill("ria.new@example.com")
    page.get_by_role("button", name="Send the link").click()
    look("/account/email/")
    page.goto("/account/privacy/")
    page.get_by_role("button", name="Make a copy").click()
    look("/account/privacy/")
    Export.objects.create(user=ria, made_at=now, file="a.zip", size=70_000)
    look("/account/privacy/")
    change = EmailChange.objects.get()
    look(link(links.Purpose.CONFIRM_ADDRESS, change, "accounts:email-confirm"))
    look(link(links.Purpose.STOP_ADDRESS, change, "accounts:email-stop"))
    page.expected_in_console.append("404")
    look("/account/email/confirm/1.x/")
    page.goto("/account/privacy/delete/")
    page.get_by_role("button", name="Delete my account").click()
    assert page.get_by_role("heading", name="Your account is closed").is_visible()
    look(link(links.Purpose.BRING_BACK, Closing.objects.get(), "accounts:bring-back"))
    sign_in(page, ria.email)
    assert page.get_by_role("heading", name="You closed this account").is_visible()
    look("/account/inactive/")


def link(purpose, row, name):
    return links.address(purpose, row.pk, page=name)


def test_the_buttons_behind_the_links_of_mails_work_in_a_real_browser(page, live_site, mailbox):
    """Browsers post a form of a page with no-referrer from the origin "null"."""
    cast.make_publication()
    live_site.start_worker()
    ria = cast.registered()

    page.goto("/account/sign-up/")
    page.get_by_label("Name").fill("Nora")
    page.get_by_label("E-mail address").fill("nora@example.com")
    page.get_by_label("Password").fill(cast.PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.goto(in_mail(mailbox, "nora@example.com", "confirm/"))
    page.get_by_role("button", name="Yes, confirm it").click()
    page.wait_for_url("**/account/")
    page.context.clear_cookies()

    page.goto("/account/reset/")
    page.get_by_label("E-mail address").fill(ria.email)
    page.locator("main form button").first.click()
    page.goto(in_mail(mailbox, ria.email, "reset/"))
    page.get_by_label("New password").fill("a whole new sentence")
    page.get_by_role("button", name="Save the new password").click()
    assert page.get_by_role("heading", name="Your password is changed").is_visible()

    now = timezone.now()
    asked = EmailChange.objects.create(
        user=ria, old_email=ria.email, new_email="ria.new@example.com", asked_at=now
    )
    page.goto(link(links.Purpose.CONFIRM_ADDRESS, asked, "accounts:email-confirm"))
    page.get_by_role("button", name="Yes, change it").click()
    assert page.get_by_role("heading", name="Your address is changed").is_visible()
    page.goto(link(links.Purpose.STOP_ADDRESS, asked, "accounts:email-stop"))
    page.get_by_role("button", name="Yes, put it back").click()
    assert page.get_by_role("heading", name="Your address is back").is_visible()
    row = closing.close(ria, at=now)
    page.goto(link(links.Purpose.BRING_BACK, row, "accounts:bring-back"))
    page.get_by_role("button", name="Bring it back").click()
    assert page.get_by_role("heading", name="Your account is back").is_visible()
    page.goto(f"/account/notifications/by-mail/{tokens.make(ria, tokens.Purpose.PREFERENCES)}/")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**done=*")


def in_mail(mailbox, address, words):
    """The path of the newest mail to that address that begins with those words."""
    body = mailbox.wait_for(address)[-1].get_body(("plain",)).get_content()
    return re.search(rf"https?://[^/\s]+(/account/{words}\S+)", body)[1]
