"""Every form of an account is counted, and says the same to whoever asks (rules §11)."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import caches
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from accounts import limits, post_limits, sign_in_urls, urls
from accounts.limits import Limit
from tests import cast
from tests.accounts.doors import browser, sign_in, signed_in

pytestmark = pytest.mark.django_db


def names(patterns, space=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}" if pattern.name else pattern.lookup_str
        else:
            yield from names(pattern.url_patterns, space)


def everything():
    yield from names(sign_in_urls.urlpatterns)
    yield from names(urls.urlpatterns, "accounts:")


def test_every_address_of_an_account_is_in_the_table():
    """A new form is counted because somebody said against what."""
    assert sorted(post_limits.TABLE) == sorted(set(everything()))
    assert get_resolver().resolve("/account/sign-in/").view_name in post_limits.TABLE


@pytest.mark.parametrize("path", ["/account/", "/account/plans/", "/account/devices/"])
def test_a_page_without_a_limit_takes_no_form(path):
    assert signed_in(cast.registered()).post(path).status_code == 405


def use_up(limit, what):
    caches["limits"].set(limits._key(limit, what), limit.amount, limit.seconds)


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/account/sign-in/", limits.SIGN_INS),
        ("/account/code/", limits.ASKED_MAILS),
        ("/account/code/enter/", limits.SIGN_INS),
        ("/account/passkeys/sign-in/", limits.SIGN_INS),
        ("/account/second-factor/enter/", limits.SIGN_INS),
        ("/account/sign-up/", limits.SIGN_UPS),
        ("/account/reset/", limits.ASKED_MAILS),
        ("/account/reset/1-abc-def/", post_limits.NEW_PASSWORDS),
        ("/account/confirm/abc/", post_limits.LINKS),
        ("/account/devices/choose/", limits.SIGN_INS),
        ("/account/open/1/", post_limits.OPENINGS),
        ("/account/unsubscribe/abc/", post_limits.LINKS),
        ("/account/notifications/by-mail/abc/", post_limits.LINKS),
        ("/account/email/confirm/abc/", post_limits.LINKS),
        ("/account/email/stop/abc/", post_limits.LINKS),
        ("/account/bring-back/abc/", post_limits.LINKS),
        ("/account/closed/", post_limits.LINKS),
        ("/account/mend/abc/", post_limits.LINKS),
    ],
)
def test_over_the_limit_of_a_network_a_form_is_refused_and_elsewhere_it_is_not(path, limit):
    use_up(limit, "127.0.0.1")

    refused = browser().post(path, {"x": "y"})

    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= limit.seconds
    assert refused["Cache-Control"] == "private, no-store"
    assert browser().get(path).status_code != 429
    assert browser(REMOTE_ADDR="192.0.2.7").post(path, {"x": "y"}).status_code != 429


@pytest.mark.parametrize(
    "path",
    [
        "/account/again/",
        "/account/second-factor/again/",
        "/account/second-factor/app/",
        "/account/passkeys/again/",
        "/account/password/",
        "/account/password/first/",
        "/account/passkeys/add/",
        "/account/second-factor/codes/new/",
        "/account/name/",
        "/account/devices/sign-out/",
        "/account/devices/sign-out-others/",
        "/account/sign-out-everywhere/",
        "/account/notifications/",
        "/account/follow/author/1/",
        "/account/email/",
        "/account/privacy/copy/",
        "/account/privacy/delete/",
        "/account/subscribe/1/",
        "/account/subscription/cancel/",
        "/account/subscription/resume/",
        "/account/subscription/portal/",
        "/account/open/1/",
    ],
)
def test_over_the_limit_of_an_account_its_forms_are_refused_and_those_of_others_are_not(path):
    ria, sam = cast.registered(), cast.sam()
    client, other = signed_in(ria), signed_in(sam)
    use_up(post_limits.ACTS, str(ria.pk))

    assert client.post(path, {"x": "y"}).status_code == 429
    assert other.post(path, {"x": "y"}).status_code != 429


def test_what_was_typed_is_kept_but_for_the_password():
    use_up(limits.SIGN_UPS, "127.0.0.1")
    client = browser()
    typed = {"name": 'R"ia', "email": "ria@example.com", "password1": cast.PASSWORD}

    page = client.post("/account/sign-up/?next=/latest/", typed).content.decode()

    assert 'name="email" value="ria@example.com"' in page
    assert 'name="name" value="R&quot;ia"' in page
    assert cast.PASSWORD not in page
    assert 'action="/account/sign-up/?next=/latest/"' in page
    limits.forget(limits.SIGN_UPS, "127.0.0.1")
    again = client.post("/account/sign-up/", {k: v for k, v in typed.items() if k != "password1"})
    assert 'value="ria@example.com"' in again.content.decode()


def test_a_code_that_was_refused_is_not_kept():
    use_up(limits.SIGN_INS, "127.0.0.1")

    page = browser().post("/account/code/enter/", {"code": "123456"}).content.decode()

    assert "123456" not in page
    assert "go back and try again" in page


@pytest.mark.parametrize(
    ("path", "field"), [("/account/again/", "password"), ("/account/password/", "oldpassword")]
)
def test_of_wrong_passwords_typed_again_five_are_looked_at(path, field):
    client = signed_in(cast.registered())
    new = {"password1": "another good sentence"} if field == "oldpassword" else {}
    for _ in range(5):
        assert client.post(path, {field: "wrong", **new}).status_code == 200

    refused = client.post(path, {field: cast.PASSWORD, **new})

    assert refused.status_code == 429


def test_right_passwords_typed_again_are_never_too_many():
    client = signed_in(cast.registered())

    for _ in range(8):
        assert client.post("/account/again/", {"password": cast.PASSWORD}).status_code == 302


def test_ten_answers_of_no_passkey_close_the_door_to_one_network():
    for _ in range(10):
        answer = browser().post("/account/passkeys/sign-in/", {"credential": "{}"})
        assert answer.status_code < 400

    refused = browser().post("/account/passkeys/sign-in/", {"credential": "{}"})

    assert refused.status_code == 429


def test_the_store_filled_with_ten_thousand_other_keys_forgets_nobody():
    cast.sam()
    for _ in range(5):
        sign_in(browser(), "sam@example.com", password="wrong")
    fill_the_store(10_000)
    for number in range(50):
        limits.hit(Limit("noise", 5, 60), f"{number}")

    assert sign_in(browser(), "sam@example.com").status_code == 429
    assert stored("cache_limits") > 10_000


def fill_the_store(count):
    """As ``cache.set`` would, one by one."""
    cache = caches["limits"]
    ends = timezone.now() + timedelta(minutes=5)
    rows = [
        (cache.make_key(f"failed-account:{number:064x}"), "gAVLAi4=", ends.replace(tzinfo=None))
        for number in range(count)
    ]
    with connections["cache"].cursor() as cursor:
        cursor.executemany("INSERT INTO cache_limits VALUES (%s, %s, %s)", rows)


def stored(table):
    with connections["cache"].cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")  # noqa: S608
        return cursor.fetchone()[0]


def test_no_address_and_no_network_lies_in_a_store_in_the_clear():
    user = cast.make_user("marker.reader@example.com")
    client = browser(REMOTE_ADDR="203.0.113.77")
    sign_in(client, user.email, password="wrong")
    sign_in(client, user.email)
    client.post("/account/again/", {"password": "wrong"})
    for path in ("/account/code/", "/account/reset/"):
        browser(REMOTE_ADDR="203.0.113.77").post(path, {"email": user.email})
    browser(REMOTE_ADDR="203.0.113.77").post(
        "/account/sign-up/", {"name": "M", "email": user.email, "password1": cast.PASSWORD}
    )

    found = ""
    with connections["cache"].cursor() as cursor:
        for table in ("cache_limits", "cache_entries"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            found += repr(cursor.fetchall())
    assert stored("cache_limits") > 5
    assert "marker" not in found
    assert "203.0.113" not in found


class CountingHasher(MD5PasswordHasher):
    """Fast, and counts how often it was asked."""

    algorithm = "md5"
    asked = 0

    def encode(self, password, salt):
        type(self).asked += 1
        return super().encode(password, salt)


def answer_of(path, fields, address):
    """What an outsider sees of the answer, and how much was done for it."""
    mail.outbox.clear()
    CountingHasher.asked = 0
    client = browser()
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(path, {k: v.format(address) for k, v in fields.items()})
    shown = answer.content.decode().replace(address, "ADDRESS")
    shown = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"', "", shown)
    seen = (answer.status_code, answer.get("Location"), shown)
    return seen, CountingHasher.asked, len(mail.outbox), len(queries)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/account/sign-in/", {"login": "{}", "password": "wrong"}),
        ("/account/code/", {"email": "{}"}),
        ("/account/reset/", {"email": "{}"}),
        ("/account/sign-up/", {"name": "X", "email": "{}", "password1": cast.PASSWORD}),
    ],
)
def test_known_and_unknown_addresses_see_the_same_and_cost_the_same(path, fields, settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    known = cast.make_user("known@example.com").email
    answer_of(path, fields, "warm-up@example.com")

    of_known = answer_of(path, fields, known)
    of_unknown = answer_of(path, fields, "nobody@example.com")

    assert of_known[0] == of_unknown[0]
    assert of_known[1:3] == of_unknown[1:3]


@pytest.mark.parametrize("is_known", [True, False])
def test_a_second_sign_up_in_a_minute_answers_as_the_first_and_sends_no_second_mail(is_known):
    address = cast.make_user().email if is_known else "nobody@example.com"
    fields = {"name": "X", "email": address, "password1": cast.PASSWORD}
    mail.outbox.clear()

    answers = [browser().post("/account/sign-up/", fields) for _ in range(3)]

    assert {(each.status_code, each["Location"]) for each in answers} == {
        (302, "/account/confirm/")
    }
    assert len(mail.outbox) == 1


def test_signing_in_with_an_unconfirmed_address_sends_one_link_a_minute():
    user = cast.make_user("unproven@example.com")
    user.emailaddress_set.update(verified=False)
    mail.outbox.clear()

    for _ in range(3):
        assert sign_in(browser(), user.email)["Location"] == "/account/confirm/"

    assert len(mail.outbox) == 1
