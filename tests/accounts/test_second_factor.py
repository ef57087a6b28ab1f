"""Staff sign in with a second factor where the site is in use (rules §11)."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.management import CommandError, call_command

from articles.models import Event
from tests import cast
from tests.accounts.doors import browser, sign_in, signed_in

pytestmark = pytest.mark.django_db

SET_UP = "/account/second-factor/app/"
ENTER = "/account/second-factor/enter/"


@pytest.fixture(autouse=True)
def _in_use(settings):
    settings.STAFF_NEED_SECOND_FACTOR = True


@pytest.fixture
def ed():
    return cast.ed()


def code_of(secret, *, step=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def secret_on(page):
    return re.search(r'Key: <strong class="num">(\w+)</strong>', page.content.decode())[1]


def page_of_set_up(client):
    """The page, after the password once more."""
    answer = client.get(SET_UP)
    assert answer["Location"].startswith("/account/again/?next=")
    return client.post(answer["Location"], {"password": cast.PASSWORD}, follow=True)


def set_up(client):
    secret = secret_on(page_of_set_up(client))
    answer = client.post(SET_UP, {"code": code_of(secret)})
    assert answer["Location"] == "/account/second-factor/codes/", answer.content.decode()
    return secret


def test_staff_without_one_reach_only_the_page_that_sets_it_up(ed):
    cast.make_publication()
    story = cast.make_story().get_absolute_url()
    client = signed_in(ed)

    for path in ("/admin/", "/admin/articles/article/", "/account/", story, "/"):
        assert client.get(path)["Location"] == SET_UP
    assert page_of_set_up(client).status_code == 200
    assert client.post("/account/sign-out/").status_code == 302
    assert client.get("/").status_code == 200


def test_readers_need_none():
    assert signed_in(cast.sam()).get("/account/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_setting_it_up_opens_the_desk_and_gives_recovery_codes(ed):
    client = signed_in(ed)

    set_up(client)

    codes = client.get("/account/second-factor/codes/").content.decode()
    assert len(re.findall(r"<li>[0-9A-Za-z-]+</li>", codes)) == 10
    assert client.get("/admin/").status_code == 200
    assert "Second factor set up" in [message.subject for message in mail.outbox]


def test_a_wrong_code_sets_up_nothing(ed):
    client = signed_in(ed)
    page_of_set_up(client)

    page = client.post(SET_UP, {"code": "abcdef"})

    assert "That code is not right" in page.content.decode()
    assert not Authenticator.objects.exists()


def test_signing_in_asks_for_the_code_and_takes_no_slot_before(ed):
    first = signed_in(ed)
    secret = set_up(first)
    first.post("/account/sign-out/")
    client = browser()

    assert sign_in(client, ed.email, next="/admin/")["Location"] == ENTER
    assert client.get("/admin/").status_code == 302
    assert not ed.devices.filter(ended_at=None).exists()
    assert "That code is not right" in client.post(ENTER, {"code": "000"}).content.decode()
    answer = client.post(ENTER, {"code": code_of(secret, step=1)})

    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_the_e_mailed_code_does_not_pass_by_the_second_factor(ed):
    from tests.accounts.doors import last_code

    first = signed_in(ed)
    set_up(first)
    client = browser()
    client.post("/account/code/", {"email": ed.email})

    answer = client.post("/account/code/enter/", {"code": last_code()})

    assert answer["Location"] == ENTER
    assert client.get("/admin/").status_code == 302


def test_a_recovery_code_opens_the_door_once(ed):
    first = signed_in(ed)
    set_up(first)
    page = first.get("/account/second-factor/codes/").content.decode()
    code = re.findall(r"<li>([0-9A-Za-z-]+)</li>", page)[0]

    for expected in (302, 200):
        client = browser()
        sign_in(client, ed.email)
        assert client.post(ENTER, {"code": code}).status_code == expected


def test_five_wrong_codes_stop_the_guessing(ed):
    first = signed_in(ed)
    secret = set_up(first)
    client = browser()
    sign_in(client, ed.email)
    for _ in range(5):
        client.post(ENTER, {"code": "000000"})

    page = client.post(ENTER, {"code": code_of(secret, step=1)})

    assert page.status_code == 429
    assert 0 < int(page["Retry-After"]) <= 300
    other = cast.staff("Editor")
    assert signed_in(other).get("/admin/")["Location"] == SET_UP


def test_five_wrong_codes_stop_the_guessing_of_who_is_signed_in(ed):
    client = signed_in(ed)
    secret = set_up(client)
    for _ in range(5):
        assert client.post("/account/second-factor/again/", {"code": "000000"}).status_code == 200

    page = client.post("/account/second-factor/again/", {"code": code_of(secret, step=1)})

    assert page.status_code == 429


def test_an_operator_resets_it_and_that_is_written_down(ed, capsys):
    client = signed_in(ed)
    set_up(client)

    call_command("reset_second_factor", "ED@example.com")

    assert not Authenticator.objects.filter(user=ed).exists()
    assert client.get("/admin/").status_code == 302
    event = Event.objects.get(note="Second factor reset")
    assert event.target_id == str(ed.public_id)
    assert signed_in(ed).get("/admin/")["Location"] == SET_UP
    call_command("reset_second_factor", "ed@example.com")
    assert "Nothing was changed" in capsys.readouterr().out


def test_resetting_for_nobody_says_so():
    with pytest.raises(CommandError, match="no account for nobody"):
        call_command("reset_second_factor", "nobody@example.com")


def test_an_account_without_a_second_factor_sees_it_is_not_set_up(ed, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False

    assert "Not set up." in signed_in(ed).get("/account/second-factor/").content.decode()


def test_removing_it_asks_first(ed):
    client = signed_in(ed)
    set_up(client)

    assert "Remove the second factor?" in (
        client.get("/account/second-factor/app/remove/").content.decode()
    )
    client.post("/account/second-factor/app/remove/")

    assert not Authenticator.objects.exists()
    assert client.get("/admin/")["Location"] == SET_UP


def test_its_secrets_are_not_readable_in_the_database(ed, settings):
    client = signed_in(ed)
    secret = set_up(client)
    stored = str(Authenticator.objects.values_list("data", flat=True))
    assert secret not in stored

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key " * 6
    again = browser()
    sign_in(again, ed.email)
    assert again.post(ENTER, {"code": code_of(secret, step=1)}).status_code == 302
