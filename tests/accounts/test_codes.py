"""Signing in by an e-mailed code (rules §11)."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.utils import timezone

from accounts import codes
from accounts.models import CodeTries, User
from tests import cast
from tests.accounts.doors import browser, fill, last_code, sign_in

pytestmark = pytest.mark.django_db

ASK, ENTER = "/account/code/", "/account/code/enter/"


@pytest.fixture
def sam():
    return cast.sam()


def asked(email, client=None):
    client = client or browser()
    response = client.post(ASK, {"email": email})
    assert response["Location"] == ENTER, response.content.decode()
    return client


def wrong_of(code):
    return f"{(int(code) + 1) % 1000000:06d}"


def test_it_works(sam):
    client = asked("sam@example.com")

    code = last_code()
    response = client.post(ENTER, {"code": f" {code[:3]} {code[3:]} "})

    assert re.fullmatch(r"\d{6}", code)
    assert mail.outbox[-1].to == ["sam@example.com"]
    assert response["Location"] == "/account/"
    assert client.get("/account/").status_code == 200


def test_a_code_leads_where_the_reader_wanted_to_go(sam):
    client = browser()
    client.post(f"{ASK}?next=/latest/", {"email": "sam@example.com", "next": "/latest/"})

    response = client.post(ENTER, {"code": last_code(), "next": "/latest/"})

    assert response["Location"] == "/latest/"


def test_a_wrong_code_says_so_and_leaves_four_tries(sam):
    client = asked("sam@example.com")
    code = last_code()

    page = client.post(ENTER, {"code": wrong_of(code)})

    assert "That code is not right" in page.content.decode()
    assert client.post(ENTER, {"code": code})["Location"] == "/account/"


def test_after_five_wrong_tries_the_right_code_is_refused(sam):
    client = asked("sam@example.com")
    code = last_code()
    for _ in range(5):
        client.post(ENTER, {"code": wrong_of(code)})

    page = client.post(ENTER, {"code": code}, follow=True)

    assert "Sign in by e-mail" in page.content.decode()
    assert client.get("/account/").status_code == 302


def test_the_fifth_wrong_try_says_to_ask_for_a_new_code(sam):
    client = asked("sam@example.com")
    for _ in range(4):
        client.post(ENTER, {"code": "000000"})

    page = client.post(ENTER, {"code": "000000"}, follow=True)

    assert "Too many tries. Ask for a new code." in page.content.decode()


def test_tries_count_for_the_code_and_not_for_the_session(sam):
    """Two processes that write one session at once make it forget: nothing hangs on it."""
    client = asked("sam@example.com")
    code = last_code()
    before = dict(client.session.items())
    for _ in range(5):
        client.post(ENTER, {"code": wrong_of(code)})
        session = client.session
        session.update(before)
        session.save()

    page = client.post(ENTER, {"code": code}, follow=True)

    assert "Too many tries. Ask for a new code." in page.content.decode()
    assert client.get("/account/").status_code == 302


def test_a_code_works_once(sam):
    client = asked("sam@example.com")
    code, before = last_code(), dict(client.session.items())
    client.post(ENTER, {"code": code})
    thief = browser()
    thief.get("/account/sign-in/")
    session = thief.session
    session.update(before)
    session.save()
    thief.cookies["session"] = session.session_key

    thief.post(ENTER, {"code": code})

    assert thief.get("/account/").status_code == 302


def test_a_code_works_for_fifteen_minutes(sam):
    client = asked("sam@example.com")
    session = client.session
    login = session["account_login"]
    login["state"]["stages"]["login_by_code"]["data"]["at"] -= 15 * 60 + 1
    session["account_login"] = login
    session.save()

    response = client.post(ENTER, {"code": last_code()})

    assert response["Location"] == ASK
    assert client.get("/account/").status_code == 302


def test_one_code_a_minute_for_one_address(sam):
    asked("sam@example.com")

    again = browser().post(ASK, {"email": "Sam@example.com"})

    assert again.status_code == 429
    assert 0 < int(again["Retry-After"]) <= 60
    assert len(mail.outbox) == 1


def test_known_and_unknown_addresses_get_the_same_pages_and_one_mail_each(sam):
    known, unknown = asked("sam@example.com"), asked("nobody@example.com")

    pages = [client.get(ENTER).content.decode() for client in (known, unknown)]
    assert (
        pages[0].replace("sam@", "nobody@").partition("<main")[2].split("csrf")[0]
        == (pages[1].partition("<main")[2].split("csrf")[0])
    )
    assert [m.to[0] for m in mail.outbox] == ["sam@example.com", "nobody@example.com"]
    assert "There is none" in mail.outbox[1].body
    wrong = unknown.post(ENTER, {"code": "123456"})
    assert "That code is not right" in wrong.content.decode()
    assert browser().post(ASK, {"email": "nobody@example.com"}).status_code == 429


def test_a_code_confirms_the_address_and_forgets_a_password_nobody_proved():
    """Else a stranger who signed up in my name would get in by the password after my first code."""
    mine = cast.make_user("mine@example.com")
    mine.emailaddress_set.update(verified=False)
    client = asked("mine@example.com")

    assert client.post(ENTER, {"code": last_code()})["Location"] == "/account/"

    assert not User.objects.get(pk=mine.pk).has_usable_password()
    assert sign_in(browser(), "mine@example.com").status_code == 200
    page = client.get("/account/").content.decode()
    assert "you sign in by e-mailed code" in page


def test_a_code_on_one_device_too_many_leads_to_the_choice(sam):
    fill(sam)
    client = asked("sam@example.com")

    assert client.post(ENTER, {"code": last_code()})["Location"] == "/account/devices/choose/"


def test_the_page_for_a_code_is_only_for_who_asked():
    assert browser().get(ENTER)["Location"] == ASK
    assert browser().post(ENTER, {"code": "123456"})["Location"] == ASK


@pytest.mark.parametrize("code", ["", "abcdef", "１２３４５６", "9" * 5000, "\x00"])
def test_odd_codes_are_wrong_codes(sam, code):
    client = asked("sam@example.com")

    assert client.post(ENTER, {"code": code}).status_code == 200


def test_starting_again_forgets_the_code(sam):
    client = asked("sam@example.com")

    client.post("/account/sign-out/", {"next": ASK})

    assert client.get(ENTER)["Location"] == ASK


def test_old_counts_are_cleared_away():
    CodeTries.objects.create(key="old", created_at=timezone.now() - dt.timedelta(days=2))

    assert codes.take_try("new")

    assert [row.key for row in CodeTries.objects.all()] == ["new"]
