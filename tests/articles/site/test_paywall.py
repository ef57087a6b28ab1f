"""The one decision about who may read what (rules §5)."""

import datetime as dt

import pytest

from articles.site.paywall import Reason, Story, decide
from articles.site.reader import ANONYMOUS, Grant, GrantKind, Reader

NOW = dt.datetime(2026, 3, 3, 14, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)

FREE, REGISTERED, PREMIUM = (Story(1, access) for access in ("free", "registered", "premium"))


def grant(kind=GrantKind.PAID, *, starts=-10, ends=10):
    return Grant(kind, NOW + starts * DAY, None if ends is None else NOW + ends * DAY)


def reader(*grants, **fields):
    return Reader(user_id=7, grants=grants, **fields)


@pytest.mark.parametrize(
    ("story", "visitor", "full", "reason"),
    [
        (FREE, ANONYMOUS, True, Reason.FREE),
        (FREE, reader(is_pending=True), True, Reason.FREE),
        (REGISTERED, ANONYMOUS, False, Reason.SIGN_IN),
        (REGISTERED, reader(), True, Reason.REGISTERED),
        (REGISTERED, reader(is_pending=True), False, Reason.DEVICE_LIMIT),
        (PREMIUM, ANONYMOUS, False, Reason.SUBSCRIBE),
        (PREMIUM, reader(), False, Reason.SUBSCRIBE),
        (PREMIUM, reader(grant()), True, Reason.SUBSCRIBER),
        (PREMIUM, reader(grant(GrantKind.TRIAL)), True, Reason.TRIAL),
        (PREMIUM, reader(grant(GrantKind.COMP, ends=None)), True, Reason.COMPLIMENTARY),
        (PREMIUM, reader(grant(ends=-1)), False, Reason.EXPIRED),
        (PREMIUM, reader(grant(starts=1)), False, Reason.SUBSCRIBE),
        (PREMIUM, reader(grant(), is_pending=True), False, Reason.DEVICE_LIMIT),
        (PREMIUM, reader(is_staff=True), True, Reason.STAFF),
        (PREMIUM, Reader(is_staff=True), False, Reason.SUBSCRIBE),
        (PREMIUM, Reader(grants=(grant(),)), False, Reason.SUBSCRIBE),
    ],
)
def test_each_reader_gets_what_is_theirs_and_hears_why(story, visitor, full, reason):
    decision = decide(story, visitor, NOW)

    assert (decision.full, decision.reason) == (full, reason)


def test_an_access_that_the_code_does_not_know_stays_closed():
    assert not decide(Story(1, "secret"), ANONYMOUS, NOW).full
    assert not decide(Story(1, "secret"), reader(), NOW).full


def test_a_grant_ends_at_its_very_moment():
    story_at_its_end = decide(PREMIUM, reader(grant(ends=0)), NOW)

    assert not story_at_its_end.full
    assert decide(PREMIUM, reader(grant(ends=0)), NOW - dt.timedelta(microseconds=1)).full


def test_of_several_grants_the_one_that_lasts_longest_counts():
    decision = decide(PREMIUM, reader(grant(ends=2), grant(GrantKind.COMP, ends=9)), NOW)

    assert decision.reason is Reason.COMPLIMENTARY
    assert decision.until == NOW + 9 * DAY


def test_a_refusal_says_when_a_coming_grant_will_change_it():
    decision = decide(PREMIUM, reader(grant(ends=-5), grant(starts=3)), NOW)

    assert decision.reason is Reason.EXPIRED
    assert decision.until == NOW + 3 * DAY
