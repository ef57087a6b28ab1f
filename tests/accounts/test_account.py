"""Opening an account, its name and password, and the pages around them."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from tests import cast
from tests.accounts.doors import browser, fill, last_link, sign_in, signed_in

pytestmark = pytest.mark.django_db

NEW = {"name": "Nora", "email": "Nora@Example.com", "password1": cast.PASSWORD}


@pytest.fixture
def sam():
    return cast.sam()


def sign_up(client=None, **fields):
    client = client or browser()
    client.get("/account/sign-up/")
    return client.post("/account/sign-up/", NEW | fields)


# --- Opening an account -------------------------------------------------------------------------


def test_an_account_begins_with_a_confirmed_address():
    client = browser()

    assert sign_up(client)["Location"] == "/account/confirm/"
    assert sign_in(browser(), "nora@example.com")["Location"] == "/account/confirm/"
    page = client.get(last_link()).content.decode()
    assert "nora@example.com" in page
    assert not User.objects.get().emailaddress_set.get().verified
    response = client.post(last_link())

    assert response["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert User.objects.get().name == "Nora"


def test_a_link_opened_by_a_scanner_confirms_nothing_and_still_works():
    sign_up()
    link = last_link()
    for _ in range(3):
        assert browser().get(link).status_code == 200
    assert not User.objects.get().emailaddress_set.get().verified

    browser().post(link)

    assert User.objects.get().emailaddress_set.get().verified


def test_a_link_opened_elsewhere_confirms_and_asks_to_sign_in():
    sign_up()
    other = browser()

    response = other.post(last_link())

    assert response["Location"] == "/account/sign-in/"
    assert "Your address is confirmed." in other.get(response["Location"]).content.decode()


def test_a_link_works_once_and_says_so_kindly():
    sign_up()
    link = last_link()
    browser().post(link)

    page = browser().get(link)

    assert page.status_code == 200
    assert "This link does not work any more" in page.content.decode()


def test_a_known_address_gets_the_same_answer_and_a_mail_that_says_so(sam):
    fresh, known = sign_up(), sign_up(email="sam@example.com")

    assert (fresh.status_code, fresh["Location"]) == (known.status_code, known["Location"])
    assert "You already have an account" in mail.outbox[-1].subject
    assert mail.outbox[-1].to == ["sam@example.com"]
    assert User.objects.get(pk=sam.pk).check_password(cast.PASSWORD)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "nora.example.com"}, "Enter an e-mail address with an @ sign"),
        ({"email": ""}, "Enter your e-mail address"),
        ({"name": ""}, "Enter your name"),
        ({"password1": ""}, "Choose a password"),
        ({"password1": "short"}, "at least 8 characters"),
        ({"password1": "password1"}, "too common"),
        ({"password1": "12345678901"}, "entirely numeric"),
        ({"password1": "nora@example"}, "too similar"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_is_kept(fields, words):
    page = sign_up(**fields)
    text = page.content.decode()

    assert page.status_code == 200
    if words != "entirely numeric":
        assert words in text
    else:
        assert "too common" in text or words in text
    field = next(iter(fields))
    assert f'id="id_{field}_error"' in text
    assert f'href="#id_{field}"' in text
    assert re.search(rf'<input[^>]*name="{field}"[^>]*aria-invalid="true"', text)
    assert re.search(rf'aria-describedby="[^"]*id_{field}_error', text)
    if field != "name":
        assert 'value="Nora"' in text
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "password", ["ein Satz mit Umlauten äöü", "x" * 20 + "tulip" * 12, "🦀🦀🦀🦀🦀🦀🦀🦀"]
)
def test_long_and_unusual_passwords_are_welcome(password):
    client = browser()
    assert sign_up(client, password1=password).status_code == 302
    client.post(last_link())
    client.post("/account/sign-out/")

    assert sign_in(browser(), "nora@example.com", password=password).status_code == 302


def test_passwords_are_kept_by_argon2id(sam):
    assert sam.password.startswith("argon2$argon2id$")


def test_a_second_mail_to_one_address_waits_a_minute():
    sign_up()

    sign_in(browser(), "nora@example.com")

    assert len(mail.outbox) == 1


def test_a_mail_server_that_is_down_is_our_fault_and_loses_nothing(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    page = sign_up()

    assert page.status_code == 503
    assert "The fault is ours" in page.content.decode()
    assert browser().post("/account/code/", {"email": "a@example.com"}).status_code == 503


# --- A forgotten password -----------------------------------------------------------------------


def ask_reset(email):
    return browser().post("/account/reset/", {"email": email})


def test_a_forgotten_password_is_chosen_anew_by_mail_and_ends_every_device(sam):
    clients = fill(sam, 2)
    assert ask_reset("sam@example.com")["Location"] == "/account/reset/sent/"
    client = browser()

    form = client.get(last_link(), follow=True)
    path = form.redirect_chain[-1][0]
    done = client.post(path, {"password1": "a whole new sentence"}, follow=True)

    assert "Your password is changed" in done.content.decode()
    assert not sam.devices.filter(ended_at=None).exists()
    told = clients[0].get("/account/sign-in/").content.decode()
    assert "The password was changed." in told
    assert sign_in(browser(), "sam@example.com").status_code == 200
    assert sign_in(browser(), "sam@example.com", password="a whole new sentence").status_code == 302


def test_a_reset_link_opened_by_a_scanner_stays_good_and_works_once(sam):
    ask_reset("sam@example.com")
    link = last_link()
    for _ in range(3):
        browser().get(link, follow=True)
    client = browser()
    path = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(path, {"password1": "a whole new sentence"})

    page = browser().get(link)

    assert "This link does not work any more" in page.content.decode()


def test_a_reset_link_keeps_its_address_to_itself(sam):
    ask_reset("sam@example.com")

    response = browser().get(last_link())

    assert response["Referrer-Policy"] == "no-referrer"
    assert last_link().split("-", 1)[1] not in response["Location"]


def test_a_reset_link_lasts_an_hour(sam, settings):
    ask_reset("sam@example.com")
    assert settings.PASSWORD_RESET_TIMEOUT == 3600
    settings.PASSWORD_RESET_TIMEOUT = -1

    assert "does not work any more" in browser().get(last_link()).content.decode()


def test_reset_answers_alike_for_known_and_unknown_addresses(sam):
    known, unknown = ask_reset("sam@example.com"), ask_reset("nobody@example.com")

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert len(mail.outbox) == 2
    assert ask_reset("sam@example.com").status_code == 429
    assert ask_reset("nobody@example.com").status_code == 429


def test_a_reset_opens_the_door_that_failures_had_closed(sam):
    for _ in range(5):
        sign_in(browser(), "sam@example.com", password="wrong")
    ask_reset("sam@example.com")
    client = browser()
    path = client.get(last_link(), follow=True).redirect_chain[-1][0]
    client.post(path, {"password1": "a whole new sentence"})

    response = sign_in(browser(), "sam@example.com", password="a whole new sentence")

    assert response.status_code == 302


# --- Name, password, overview -------------------------------------------------------------------


def test_changing_the_password_needs_the_old_one_and_ends_the_others(sam):
    here, there = fill(sam, 2)
    wrong = here.post(
        "/account/password/", {"oldpassword": "no", "password1": "a whole new sentence"}
    )
    assert "That is not your current password" in wrong.content.decode()

    done = here.post(
        "/account/password/",
        {"oldpassword": cast.PASSWORD, "password1": "a whole new sentence"},
        follow=True,
    )

    assert "Your password is changed." in done.content.decode()
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    assert mail.outbox[-1].subject == "Your password was changed"


def test_the_name_can_be_changed(sam):
    client = signed_in(sam)

    page = client.post("/account/name/", {"name": "Samuel"}, follow=True).content.decode()

    assert "Your name is changed." in page
    assert "Samuel" in page


def test_a_name_too_long_is_refused_and_kept_on_the_page(sam):
    client = signed_in(sam)

    page = client.post("/account/name/", {"name": "S" * 200}).content.decode()

    assert "S" * 200 in page
    assert User.objects.get(pk=sam.pk).name == "Sam"


def test_the_overview_says_what_the_reader_may_read(sam):
    page = signed_in(sam).get("/account/").content.decode()

    assert "May read premium: subscribed until" in page
    assert "Digital" in page
    assert "Signed in on 1 of 5" in page


def test_account_pages_are_private_and_ask_for_a_sign_in(sam):
    client = signed_in(sam)
    pages = "devices/ name/ email/ password/ privacy/ privacy/copy/ privacy/copy/1/ privacy/delete/"
    for path in ("/account/", *(f"/account/{page}" for page in pages.split())):
        assert client.get(path)["Cache-Control"] == "private, no-store"
        response = browser().get(path)
        assert response["Location"] == f"/account/sign-in/?next={path}"


def test_the_page_of_plans_names_no_price_and_says_whom_to_write_to():
    cast.make_publication(contact_email="desk@example.com")
    cast.make_plan(device_limit=5)
    cast.make_plan(name="Secret", slug="secret", is_offered=False)

    page = browser().get("/account/plans/").content.decode()

    assert "Digital" in page
    assert "Secret" not in page
    assert "mailto:desk@example.com" in page
    assert not re.search(r"[$€£]\s?\d", page)


def test_the_pages_of_plans_and_signing_in_work_in_an_empty_newsroom():
    for path in ("/account/plans/", "/account/sign-in/", "/account/sign-up/", "/account/code/"):
        assert browser().get(path).status_code == 200


@pytest.mark.parametrize("path", ["/account/sign-in/", "/account/sign-up/", "/account/code/"])
def test_a_form_of_another_site_is_refused(path):
    strict = browser(enforce_csrf_checks=True)

    page = strict.post(path, NEW)
    assert page.status_code == 403
    assert "This form was too old" in page.content.decode()


def test_only_addresses_that_are_styled_are_there():
    for path in ("/accounts/login/", "/account/second-factor/webauthn/"):
        assert browser().get(path).status_code == 404


def test_a_subscription_that_ended_is_told_with_its_day():
    lou = cast.lapsed()
    page = signed_in(lou).get("/account/").content.decode()

    assert "May not read premium: ended " in page
    ended = timezone.localtime(timezone.now() - dt.timedelta(days=9))
    assert f"{ended:%B}" in page


def test_the_pages_are_valid_html(sam):
    from tests.machines import nu_errors

    cast.make_publication(contact_email="desk@example.com")
    cast.make_plan()
    anonymous, inside = browser(), signed_in(sam)
    inside.post("/account/again/", {"password": cast.PASSWORD})
    fill(sam, 4)
    waiting = browser()
    sign_in(waiting, sam.email)
    paths = "sign-in sign-up code reset reset/sent confirm plans confirm/nothing reset/a-b"
    pages = {path: anonymous.get(f"/account/{path}/") for path in paths.split()}
    own = "devices name email password sign-out again second-factor signed-out"
    own += " privacy privacy/delete closed inactive"
    pages |= {path: inside.get(f"/account/{path}/") for path in own.split()}
    pages |= {
        "overview": inside.get("/account/"),
        "choose": waiting.get("/account/devices/choose/"),
        "errors": sign_up(name=""),
        "refused": waiting.post("/account/devices/choose/"),
    }
    assert {page.status_code for page in pages.values()} == {200, 409}

    assert nu_errors({name: page.content.decode() for name, page in pages.items()}) == []
