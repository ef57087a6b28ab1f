"""Passkeys in a real Chromium, with its virtual authenticator, on localhost."""

import pytest

from accounts.models import Device
from articles.models import Event
from tests import cast
from tests.accounts.doors import fill
from tests.machines import axe_violations

pytestmark = pytest.mark.browser


@pytest.fixture
def site(live_site):
    """Passkeys need a name: an address of numbers has none."""
    cast.make_publication()
    return live_site.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def authenticator(page):
    """A fingerprint reader whose owner always agrees."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


def sign_in_at(page, site, user):
    page.goto(f"{site}/account/sign-in/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(cast.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{site}/account/")


def once_more(page):
    """What matters asks for the password again."""
    page.get_by_label("Password").fill(cast.PASSWORD)
    page.get_by_role("button", name="Go on").click()


def add(page, site, name):
    page.goto(f"{site}/account/passkeys/add/")
    once_more(page)
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Make a passkey").click()


def sign_out(page, site):
    page.goto(f"{site}/account/")
    page.get_by_role("button", name="Sign out", exact=True).click()


def test_a_reader_adds_a_passkey_signs_in_with_it_and_removes_it(page, site, authenticator):
    user = cast.registered()
    sign_in_at(page, site, user)
    page.get_by_role("link", name="Manage passkeys").click()
    assert page.get_by_text("You have none yet").is_visible()
    add(page, site, "Laptop")
    page.wait_for_url(f"{site}/account/passkeys/")
    assert page.get_by_text("Laptop").is_visible()
    sign_out(page, site)

    page.goto(f"{site}/account/sign-in/?next=/account/devices/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    page.wait_for_url(f"{site}/account/devices/")
    assert page.get_by_text("This device").count() == 1
    assert Device.objects.filter(user=user, ended_at=None).count() == 1
    page.goto(f"{site}/account/passkeys/")
    assert page.get_by_text("Last used").is_visible()
    page.get_by_role("link", name="Remove Laptop").click()
    once_more(page)
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("You have none yet").wait_for()


def test_a_reader_with_a_passkey_still_gets_in_by_password(page, site, authenticator):
    user = cast.registered()
    sign_in_at(page, site, user)
    add(page, site, "Laptop")
    page.wait_for_url(f"{site}/account/passkeys/")
    sign_out(page, site)

    sign_in_at(page, site, user)


def test_for_staff_a_passkey_is_the_second_factor_and_leaves_a_trace(page, site, authenticator):
    chief = cast.staff("Chief editor")
    sign_in_at(page, site, chief)
    add(page, site, "Key")
    page.wait_for_url(f"{site}/account/second-factor/codes/")
    assert Event.objects.filter(note="Passkey added", actor=chief).count() == 1
    sign_out(page, site)

    page.goto(f"{site}/account/sign-in/")
    page.get_by_label("E-mail address").fill(chief.email)
    page.get_by_label("Password").fill(cast.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{site}/account/second-factor/enter/")
    page.get_by_role("button", name="Use your passkey").click()

    page.wait_for_url(f"{site}/account/")


def test_the_sixth_device_is_asked_to_make_room_for_a_passkey_too(page, site, authenticator):
    user = cast.registered()
    sign_in_at(page, site, user)
    add(page, site, "Laptop")
    page.wait_for_url(f"{site}/account/passkeys/")
    sign_out(page, site)
    fill(user)
    page.context.clear_cookies()

    page.goto(f"{site}/account/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    page.get_by_role("heading", name="That is one device too many").wait_for()
    assert Device.objects.filter(user=user, ended_at=None).count() == 5


def test_a_passkey_that_is_not_given_is_told_in_words(page, site, authenticator):
    session, made = authenticator
    session.send("WebAuthn.setUserVerified", {"authenticatorId": made, "isUserVerified": False})
    page.goto(f"{site}/account/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    page.get_by_text("Nothing was changed. Try again, or go another way.").wait_for()


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_the_pages_of_passkeys(page, site, width, authenticator):
    page.set_viewport_size({"width": width, "height": 900})
    sign_in_at(page, site, cast.registered())
    found = {}
    add(page, site, "Laptop")
    page.wait_for_url(f"{site}/account/passkeys/")
    pk = page.get_by_role("link", name="Remove Laptop").get_attribute("href")
    for path in ("/account/passkeys/", "/account/passkeys/add/", pk):
        page.goto(f"{site}{path}")
        found |= {path: bad} if (bad := axe_violations(page)) else {}
    assert not found


def test_without_the_script_the_page_says_so(site, browser, live_site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/account/sign-in/")
    assert not page.get_by_role("button", name="Sign in with a passkey").is_visible()
    context.close()
