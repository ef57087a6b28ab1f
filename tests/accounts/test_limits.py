"""Counting tries where all server processes see them."""

import time

import pytest
from django.test import RequestFactory

from accounts import limits
from accounts.limits import Limit, TooMany
from tests import cast
from tests.accounts.doors import browser, sign_in

pytestmark = pytest.mark.django_db

THREE = Limit("test", 3, 60)


def refused(limit, what):
    with pytest.raises(TooMany) as refusal:
        limits.hit(limit, what)
    return refusal.value.retry_after


def test_so_many_and_no_more():
    for _ in range(3):
        limits.hit(THREE, "sam@example.com")

    assert 0 < refused(THREE, "sam@example.com") <= 60
    limits.hit(THREE, "ria@example.com")
    limits.hit(Limit("other", 3, 60), "sam@example.com")


def test_a_refused_try_does_not_make_the_wait_longer():
    for _ in range(3):
        limits.hit(THREE, "sam@example.com")
    first = refused(THREE, "sam@example.com")

    assert refused(THREE, "sam@example.com") <= first


def test_after_its_time_the_counting_begins_anew():
    short = Limit("short", 1, 2)
    limits.hit(short, "x")
    refused(short, "x")
    time.sleep(2.1)

    limits.hit(short, "x")


def test_steady_good_use_is_never_refused():
    """The window begins with its first hit, and does not move on with each."""
    short = Limit("steady", 2, 2)
    for _ in range(4):
        limits.hit(short, "office")
        time.sleep(1.1)


def test_asking_counts_nothing():
    for _ in range(9):
        limits.refuse_if_reached(THREE, "x")
    limits.hit(THREE, "x")
    limits.forget(THREE, "x")
    for _ in range(3):
        limits.hit(THREE, "x")
    with pytest.raises(TooMany):
        limits.refuse_if_reached(THREE, "x")


def test_the_key_names_nobody():
    key = limits.hidden_key(limits._key(THREE, "sam@example.com"), "", 1)

    assert "sam" not in key


def test_six_hundred_sign_ins_a_minute_are_welcome_and_one_more_waits():
    user = cast.make_user()
    for _ in range(599):
        limits.hit(limits.SIGN_INS, "127.0.0.1")

    assert sign_in(browser(), user.email).status_code == 302
    page = sign_in(browser(), user.email)
    assert page.status_code == 429
    assert page["Retry-After"]


def network(settings, remote, forwarded="", trusted=0):
    settings.TRUSTED_PROXY_COUNT = trusted
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return limits.network_of(RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote))


def test_a_forwarded_address_is_believed_only_behind_our_own_proxies(settings):
    assert network(settings, "192.0.2.1", "203.0.113.9") == "192.0.2.1"
    assert network(settings, "10.0.0.1", "6.6.6.6, 203.0.113.9", trusted=1) == "203.0.113.9"
    assert network(settings, "10.0.0.1", "6.6.6.6, 203.0.113.9, 10.0.0.2", trusted=2) == (
        "203.0.113.9"
    )
    assert network(settings, "10.0.0.1", "", trusted=1) == "10.0.0.1"


def test_a_household_counts_as_one_on_ipv6(settings):
    one = network(settings, "2001:db8:1:2:aaaa::1")

    assert one == network(settings, "2001:db8:1:2:bbbb::9")
    assert one != network(settings, "2001:db8:1:3::1")
