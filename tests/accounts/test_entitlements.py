"""Access follows dates, not labels (rules §8)."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from accounts import entitlements, standing, times
from accounts.device_names import name_of
from accounts.models import Plan, Subscription, User

NOW = dt.datetime(2026, 3, 3, 14, 40, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
ZONE = ZoneInfo("America/New_York")


def subscription(kind, *, starts=-10, ends=10, cancelled=None, ended=None):
    def at(days):
        return None if days is None else NOW + days * DAY

    return Subscription(
        plan=Plan(name="Digital"),
        kind=kind,
        starts_at=at(starts),
        ends_at=at(ends),
        cancelled_at=at(cancelled),
        ended_at=at(ended),
    )


@pytest.mark.parametrize(
    ("row", "state", "reads"),
    [
        (subscription("trial"), "trial", True),
        (subscription("trial", ends=0), "expired", False),
        (subscription("paid"), "active", True),
        (subscription("paid", ends=-0.99), "active", True),
        (subscription("paid", ends=-1), "expired", False),
        (subscription("paid", cancelled=-2), "cancelled", True),
        (subscription("paid", cancelled=-2, ends=-0.5), "expired", False),
        (subscription("paid", cancelled=2), "active", True),
        (subscription("paid", ended=-1), "expired", False),
        (subscription("paid", ended=1), "active", True),
        (subscription("comp", ends=None), "comped", True),
        (subscription("comp", ends=-0.5), "expired", False),
        (subscription("comp", ends=None, ended=-1), "expired", False),
        (subscription("paid", starts=2), "upcoming", False),
        (subscription("paid", starts=-1, ended=-5), "expired", False),
    ],
)
def test_each_state_by_its_dates(row, state, reads):
    assert entitlements.state_of(row, NOW) == state
    grant = entitlements.grant_of(row)
    assert (grant is not None and grant.covers(NOW)) is reads


def test_the_end_is_exclusive_to_the_microsecond():
    grant = entitlements.grant_of(subscription("trial", ends=0))

    assert not grant.covers(NOW)
    assert grant.covers(NOW - dt.timedelta(microseconds=1))


def test_of_several_the_one_that_lasts_longest_is_told(db):
    user = User.objects.create_user("sam@example.com")
    plan = Plan.objects.create(name="Digital", slug="digital")
    for kind, days in (("paid", 5), ("comp", 40), ("trial", 9)):
        Subscription.objects.create(
            user=user,
            plan=plan,
            kind=kind,
            starts_at=NOW - DAY,
            ends_at=NOW + days * DAY,
            reason="Test",
        )

    told = standing.of(user, NOW, ZONE)

    assert told.sentence == "May read premium: complimentary until April 12, 2026."
    assert told.may_read


def test_standing_of_those_without_a_plan(db):
    user = User.objects.create_user("ria@example.com")
    assert standing.of(user, NOW, ZONE).sentence == "May not read premium: no subscription."
    plan = Plan.objects.create(name="Digital", slug="digital")
    Subscription.objects.create(
        user=user,
        plan=plan,
        kind="comp",
        starts_at=NOW + DAY,
        ends_at=NOW + 9 * DAY,
        reason="Test",
    )
    assert standing.of(user, NOW, ZONE).sentence == "May read premium from March 4, 2026."
    user.is_active = False
    assert not standing.of(user, NOW, ZONE).may_read


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW - dt.timedelta(minutes=4), "Active now"),
        (NOW - dt.timedelta(hours=1), "Last seen today, 8:40 a.m."),
        (NOW - dt.timedelta(hours=12), "Last seen yesterday, 9:40 p.m."),
        (dt.datetime(2025, 1, 9, 17, 5, tzinfo=dt.UTC), "Last seen January 9, 2025, 12:05 p.m."),
    ],
)
def test_last_seen_in_words_on_the_newsrooms_clock(at, words):
    assert times.seen(at, now=NOW, zone=ZONE) == words


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Firefox on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari on iPad",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 "
            "(KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
            "Chrome on Mac",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 "
            "(KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("", "Unknown browser"),
        ("<script>alert(1)</script>" * 400, "Unknown browser"),
    ],
)
def test_a_browser_has_a_name_a_person_knows(agent, name):
    assert name_of(agent) == name
