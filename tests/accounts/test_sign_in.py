"""Signing in by password, through the front door (rules §11)."""

import pytest
from django.core import mail

from tests import cast
from tests.accounts.doors import browser, sign_in, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam():
    return cast.sam()


def test_it_works(sam):
    client = browser()

    response = sign_in(client, "sam@example.com")

    assert (response.status_code, response["Location"]) == (302, "/account/")
    page = client.get("/account/")
    assert "sam@example.com" in page.content.decode()


def test_the_address_may_be_typed_in_capitals(sam):
    assert sign_in(browser(), "SAM@Example.COM").status_code == 302


def test_a_wrong_password_keeps_the_address_and_says_what_is_wrong(sam):
    page = sign_in(browser(), "sam@example.com", password="not the password")

    text = page.content.decode()
    assert page.status_code == 200
    assert 'value="sam@example.com"' in text
    assert "do not belong together" in text


def test_known_and_unknown_addresses_get_the_same_answer(sam):
    known = sign_in(browser(), "sam@example.com", password="not the password")
    unknown = sign_in(browser(), "nobody@example.com", password="not the password")

    assert known.status_code == unknown.status_code
    assert known.context["form"].errors == unknown.context["form"].errors


def test_next_leads_to_a_path_of_ours_and_nowhere_else(sam):
    own = sign_in(browser(), "sam@example.com", next="/latest/")
    foreign = sign_in(browser(), "sam@example.com", next="https://evil.example/")
    sly = sign_in(browser(), "sam@example.com", next="//evil.example/")

    assert own["Location"] == "/latest/"
    assert foreign["Location"] == sly["Location"] == "/account/"


def test_the_session_is_rotated_and_its_cookie_is_closed_to_scripts(sam):
    client = browser()
    client.get("/account/sign-in/")
    sign_in(client, "sam@example.com")

    session, device = client.cookies["session"], client.cookies["device"]
    assert session["httponly"]
    assert device["httponly"]
    assert session["samesite"] == device["samesite"] == "Lax"
    assert 390 * 86400 < device["max-age"] <= 400 * 86400


def test_signing_out_is_a_post_and_frees_the_slot(sam):
    client = signed_in(sam)

    assert client.get("/account/sign-out/").status_code == 200
    assert client.get("/account/").status_code == 200
    response = client.post("/account/sign-out/")

    assert response["Location"] == "/"
    assert client.get("/account/").status_code == 302
    assert not sam.devices.filter(ended_at=None).exists()


def test_an_account_switched_off_is_signed_out_at_once_and_may_not_come_back(sam):
    client = signed_in(sam)
    type(sam).objects.update(is_active=False)

    assert client.get("/account/").status_code == 302
    assert sign_in(browser(), "sam@example.com")["Location"] == "/account/inactive/"


def test_an_unconfirmed_address_may_not_sign_in_and_is_sent_its_link(sam):
    sam.emailaddress_set.update(verified=False)

    response = sign_in(browser(), "sam@example.com")

    assert response["Location"] == "/account/confirm/"
    assert mail.outbox[-1].to == ["sam@example.com"]


def test_a_new_operator_can_sign_in_at_once():
    from accounts.models import User

    User.objects.create_superuser("op@example.com", cast.PASSWORD)

    assert sign_in(browser(), "op@example.com", next="/admin/")["Location"] == "/admin/"


def test_the_sign_in_of_the_admin_is_this_one(sam):
    response = browser().get("/admin/")
    assert response["Location"].startswith("/admin/login/")
    response = browser().get(response["Location"])
    assert response["Location"] == "/account/sign-in/?next=/admin/"


def test_a_reader_who_opens_the_admin_is_refused_and_not_sent_in_circles(sam):
    client = signed_in(sam)

    assert client.get("/admin/login/?next=/admin/").status_code == 403


def test_the_password_of_the_demo_opens_nothing_in_production(sam, settings):
    sam.set_password("demo-newsroom")
    sam.save()
    assert sign_in(browser(), "sam@example.com", password="demo-newsroom").status_code == 302

    settings.IS_PRODUCTION = True
    assert sign_in(browser(), "sam@example.com", password="demo-newsroom").status_code == 200


def test_five_failures_close_an_account_to_passwords_even_the_right_one(sam):
    for _ in range(5):
        sign_in(browser(), "sam@example.com", password="wrong")

    page = sign_in(browser(), "sam@example.com")

    assert page.status_code == 429
    assert 0 < int(page["Retry-After"]) <= 300
    assert "That was a little too often" in page.content.decode()


def test_the_owner_gets_in_by_code_while_the_password_is_closed(sam):
    from tests.accounts.doors import last_code

    for _ in range(5):
        sign_in(browser(), "sam@example.com", password="wrong")
    client = browser()
    client.post("/account/code/", {"email": "sam@example.com"})

    response = client.post("/account/code/enter/", {"code": last_code()})

    assert response["Location"] == "/account/"


def test_ten_failures_a_minute_close_the_door_to_one_network():
    cast.sam()
    for number in range(10):
        sign_in(browser(), f"guess{number}@example.com", password="wrong")

    assert sign_in(browser(), "sam@example.com").status_code == 429
    elsewhere = browser(REMOTE_ADDR="192.0.2.7")
    assert sign_in(elsewhere, "sam@example.com").status_code == 302


def test_an_office_of_thirty_behind_one_address_signs_in_at_nine():
    users = [cast.make_user() for _ in range(31)]

    assert all(sign_in(browser(), user.email).status_code == 302 for user in users)
