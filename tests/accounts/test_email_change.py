"""Another e-mail address: asked for, confirmed by the new one, stopped by the old one."""

import datetime as dt
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.utils import timezone

from accounts.models import EmailChange, User
from accounts.privacy import suppression
from articles.models import Event
from tests import cast
from tests.accounts.doors import (
    browser,
    pending,
    run_tasks,
    sign_in,
    signed_in,
)

pytestmark = pytest.mark.django_db

NEW = "sam.new@example.com"
AGAIN = {"password": cast.PASSWORD}


@pytest.fixture
def sam():
    return cast.sam()


@pytest.fixture
def home(sam):
    """Sam's browser, in which the password was just given once more."""
    client = signed_in(sam)
    client.post("/account/again/", AGAIN)
    run_tasks()
    mail.outbox.clear()
    return client


def ask(client, email=NEW):
    response = client.post("/account/email/", {"email": email})
    run_tasks()
    return response


def link_to(address: str) -> str:
    """The link of the newest mail to that address."""
    body = next(str(m.body) for m in reversed(mail.outbox) if m.to == [address])
    return re.search(r"https?://[^/]+(/account/email/\S+)", body)[1]


def addresses(user) -> list[tuple[str, bool, bool]]:
    """The account's own word and its rows, which must never differ."""
    user.refresh_from_db()
    rows = EmailAddress.objects.filter(user=user).values_list("email", "verified", "primary")
    assert [user.email] == [row[0] for row in rows]
    return list(rows)


def test_the_new_address_confirms_and_then_counts(sam, home):
    ask(home)

    page = home.get("/account/email/").content.decode()
    assert NEW in page
    assert "Waiting for you" in page
    link = link_to(NEW)
    assert browser().get(link).status_code == 200
    assert addresses(sam) == [("sam@example.com", True, True)]
    assert sign_in(browser(), "sam@example.com").status_code == 302
    done = browser().post(link)

    assert "Your address is changed" in done.content.decode()
    assert done["Referrer-Policy"] == "no-referrer"
    assert addresses(sam) == [(NEW, True, True)]
    assert home.get("/account/").status_code == 200
    assert sign_in(browser(), NEW).status_code == 302
    assert sign_in(browser(), "sam@example.com").status_code == 200


def test_the_old_address_is_told_at_once_and_again_after_the_change(home):
    ask(home)
    told = [m for m in mail.outbox if m.to == ["sam@example.com"]]
    assert [m.subject for m in told] == ["A new address for your account was asked for"]
    assert NEW not in str(told[0].body)
    assert "s…@example.com" in str(told[0].body)

    browser().post(link_to(NEW))
    run_tasks()

    assert mail.outbox[-1].to == ["sam@example.com"]
    assert mail.outbox[-1].subject == "The address of your account was changed"


def test_the_page_asks_for_the_password_once_more(sam):
    client = signed_in(sam)

    assert client.get("/account/email/")["Location"].startswith("/account/again/")
    answer = client.post("/account/email/", {"email": NEW})

    assert answer["Location"].startswith("/account/again/")
    assert not EmailChange.objects.exists()


def test_the_link_works_once_and_for_a_day(home):
    ask(home)
    link = link_to(NEW)
    EmailChange.objects.update(asked_at=timezone.now() - dt.timedelta(days=1, minutes=1))
    assert browser().post(link).status_code == 404

    EmailChange.objects.update(asked_at=timezone.now())
    assert browser().post(link).status_code == 200
    assert browser().get(link).status_code == 404
    assert browser().post(link).status_code == 404


@pytest.mark.parametrize("token", ["1", "1.abc", "x" * 300, "1.%00", "9" * 40 + ".x"])
@pytest.mark.parametrize("page", ["confirm", "stop"])
def test_a_link_that_we_did_not_make_opens_nothing(token, page):
    assert browser().get(f"/account/email/{page}/{token}/").status_code == 404
    assert browser().post(f"/account/email/{page}/{token}/").status_code == 404


def test_a_link_of_one_purpose_serves_no_other(sam, home):
    ask(home)
    token = link_to("sam@example.com").removeprefix("/account/email/stop/")

    assert browser().post(f"/account/email/confirm/{token}").status_code == 404
    assert addresses(sam) == [("sam@example.com", True, True)]


def test_the_old_address_stops_the_change_by_a_button(sam, home):
    ask(home)
    stop, confirm = link_to("sam@example.com"), link_to(NEW)
    for _ in range(3):
        assert browser().get(stop).status_code == 200
    assert "Your address stays as it is" in browser().post(stop).content.decode()

    assert browser().post(confirm).status_code == 404
    assert browser().post(stop).status_code == 404
    assert addresses(sam) == [("sam@example.com", True, True)]
    assert home.get("/account/").status_code == 200


def test_within_a_week_the_old_address_is_put_back_and_everybody_signed_out(sam, home):
    ask(home)
    browser().post(link_to(NEW))
    run_tasks()
    Authenticator.objects.create(user=sam, type="webauthn", data={"name": "Stranger"})
    thief = signed_in(User.objects.get(pk=sam.pk))
    stop = link_to("sam@example.com")
    assert "Put your address back?" in browser().get(stop).content.decode()
    assert "Your address is back" in browser().post(stop).content.decode()
    run_tasks()

    assert addresses(sam) == [("sam@example.com", True, True)]
    assert thief.get("/account/", follow=True).redirect_chain
    assert home.get("/account/").status_code == 302
    assert sign_in(browser(), NEW).status_code == 200
    assert sign_in(browser(), "sam@example.com").status_code == 200
    assert not Authenticator.objects.exists()
    assert mail.outbox[-1].subject == "Your address is back"


def test_after_a_week_the_old_address_puts_nothing_back(sam, home):
    ask(home)
    browser().post(link_to(NEW))
    run_tasks()
    stop = link_to("sam@example.com")
    EmailChange.objects.update(confirmed_at=timezone.now() - dt.timedelta(days=7, minutes=1))

    assert browser().post(stop).status_code == 404
    assert addresses(sam) == [(NEW, True, True)]


def test_two_changes_in_a_row_do_not_shake_off_the_first_owner(sam, home):
    ask(home)
    first_stop = link_to("sam@example.com")
    browser().post(link_to(NEW))
    second = signed_in(User.objects.get(pk=sam.pk))
    second.post("/account/again/", AGAIN)
    EmailChange.objects.update(asked_at=timezone.now() - dt.timedelta(hours=1))
    _forget_limits()
    ask(second, "third@example.com")
    second_stop = link_to(NEW)
    browser().post(link_to("third@example.com"))
    assert addresses(sam) == [("third@example.com", True, True)]

    browser().post(first_stop)

    assert addresses(sam) == [("sam@example.com", True, True)]
    assert browser().post(second_stop).status_code == 404


def test_an_address_of_another_account_gets_the_same_answer_and_a_note(sam, home):
    cast.registered()
    free, other = signed_in(cast.make_user()), home
    free.post("/account/again/", AGAIN)
    fresh, taken = ask(free, "nobody@example.com"), ask(other, "ria@example.com")

    assert (fresh.status_code, fresh["Location"]) == (taken.status_code, taken["Location"])
    page = home.get("/account/email/").content.decode()
    assert "We sent a link to <strong>ria@example.com</strong>" in page
    [note] = [m for m in mail.outbox if m.to == ["ria@example.com"]]
    assert note.subject == "Your address has an account already"
    assert "http" not in str(note.body)


def test_an_address_taken_meanwhile_changes_nothing(sam, home):
    ask(home)
    cast.make_user(NEW)

    answer = browser().post(link_to(NEW))

    assert answer.status_code == 409
    assert "Another account uses this address" in answer.content.decode()
    assert addresses(sam) == [("sam@example.com", True, True)]


def test_an_address_that_only_waits_keeps_nobody_from_opening_an_account(home):
    ask(home)
    client = browser()
    fields = {"name": "Nora", "email": NEW, "password1": cast.PASSWORD}
    client.post("/account/sign-up/", fields)

    assert User.objects.filter(email=NEW).exists()
    client.post("/account/reset/", {"email": NEW})
    assert EmailChange.objects.get().confirmed_at is None


def test_a_newer_wish_takes_the_place_of_the_one_that_waits(sam, home):
    ask(home)
    first = link_to(NEW)
    _forget_limits()
    ask(home, "better@example.com")

    assert browser().post(first).status_code == 404
    assert browser().post(link_to("better@example.com")).status_code == 200
    assert addresses(sam) == [("better@example.com", True, True)]


def test_an_address_that_was_left_alone_is_written_to_again_once_confirmed(home):
    suppression.add(NEW)
    ask(home)
    assert suppression.holds(NEW)
    browser().post(link_to(NEW))
    assert not suppression.holds(NEW)


def test_it_can_be_withdrawn(home):
    ask(home)
    done = home.post("/account/email/", {"withdraw": "yes"}, follow=True).content.decode()

    assert "Your address stays as it is" in done
    assert "Waiting for you" not in done
    assert browser().post(link_to(NEW)).status_code == 404


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("", "Enter your e-mail address"),
        ("sam.example.com", "Enter an e-mail address with an @ sign"),
        ("SAM@example.com", "That is your address already"),
        ("x" * 250 + "@example.com", "at most 254"),
        ("a\x00b@example.com", "Enter an e-mail address with an @ sign"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(home, email, words):
    answer = ask(home, email)

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not EmailChange.objects.exists()


def test_one_mail_a_minute(home):
    assert ask(home).status_code == 302
    assert ask(home, "another@example.com").status_code == 429
    assert EmailChange.objects.count() == 1


def test_what_happened_is_written_down_without_an_address(sam, home):
    ask(home)
    browser().post(link_to(NEW))

    rows = Event.objects.filter(target_id=str(sam.public_id)).order_by("id")
    assert [row.note for row in rows] == [
        "Asked for another e-mail address",
        "Changed the e-mail address",
    ]
    assert not any("@" in f"{row.note}{row.details}{row.actor_name}" for row in rows)


def test_a_sign_in_that_waits_for_a_slot_ends_with_the_password():
    max_ = cast.max_()
    [signed_in(max_) for _ in range(5)]
    waiting = pending(max_)
    max_.set_password("a whole new sentence")
    max_.save()

    answer = waiting.post("/account/devices/choose/", {"device": max_.devices.first().pk})

    assert answer["Location"] == "/account/sign-in/"
    assert max_.devices.filter(ended_at=None).count() == 5


def _forget_limits() -> None:
    from django.core.cache import caches

    caches["limits"].clear()
