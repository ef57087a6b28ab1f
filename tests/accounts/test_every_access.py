"""Every state of a subscription × moment × access × visitor × meter, by the rules (§5 to §8).

What is expected stands here as a table of days, made from the rules and not from the code.
"""

import datetime as dt
import itertools

import pytest

from accounts import entitlements
from accounts.models import Plan, Subscription
from articles.site.paywall import Reason, Story, decide
from articles.site.reader import ANONYMOUS, Meter, Reader

NOW = dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
TICK = dt.timedelta(microseconds=1)
EVER = 10_000


def row(kind="paid", *, starts=-10, ends=10, ending="", **moments):
    def at(days):
        return None if days is None else NOW + days * DAY

    return Subscription(
        plan=Plan(name="Digital"),
        kind=kind,
        starts_at=at(starts),
        ends_at=at(ends),
        ending=ending,
        **{f"{name}_at": at(days) for name, days in moments.items()},
    )


# What a reader holds, and the days from NOW from which and until which that opens premium.
HELD = {
    "nothing": ([], None),
    "trial": ([row("trial")], (-10, 10)),
    "trial, cancelled": ([row("trial", cancelled=-1)], (-10, 10)),
    "trial, over": ([row("trial", ends=-2)], (-10, -2)),
    "active": ([row()], (-10, 11)),
    "active, to begin": ([row(starts=2, ends=32)], (2, 33)),
    "cancelled": ([row(cancelled=-3)], (-10, 10)),
    "cancelled, over": ([row(cancelled=-9, ends=-1)], (-10, -1)),
    "past due": ([row(failed=-2, ends=28)], (-10, 5)),
    "past due, grace over": ([row(failed=-8, ends=22)], (-10, -1)),
    "unpaid": ([row(failed=-3, unpaid=-1, ends=27)], (-10, -1)),
    "paused": ([row(paused=-1)], None),
    "paused until": ([row(paused=-1, resumes=3)], (3, 11)),
    "comped": ([row("comp")], (-10, 10)),
    "comped without end": ([row("comp", ends=None)], (-10, EVER)),
    "comped, ended": ([row("comp", ends=None, ended=-1)], (-10, -1)),
    "refunded": ([row(ended=-1, ending="refunded")], (-10, -1)),
    "disputed": ([row(ended=-4, ending="disputed")], (-10, -4)),
    "ended before it began": ([row(ended=-11, ending="over")], None),
    "past due and comped": ([row(failed=-8, ends=22), row("comp", ends=4)], (-10, 4)),
    "trial and paid": ([row("trial", ends=2), row(starts=2, ends=32)], (-10, 33)),
}
ACCESS = ("free", "registered", "metered", "premium", "of-another-kind")
WHO = ("anonymous", "pending", "reader", "staff")
METER = ("none", "left", "opened", "spent")
STORY = 7


def moments(span):
    edges = {-12, 0, 60} | (set(span) - {EVER} if span else set())
    return sorted({NOW + day * DAY + tick for day in edges for tick in (-TICK, 0 * DAY)})


def meter(name):
    if name == "none":
        return None
    return Meter(
        opened=frozenset({STORY} if name == "opened" else {1}),
        spent=3 if name == "spent" else 1,
        limit=3,
        ends_at=NOW + 90 * DAY,
    )


def visitor(who, held, counted):
    grants = entitlements.grants_of(held)
    made = {
        "anonymous": ANONYMOUS,
        # On a device too many nothing of the account is known.
        "pending": Reader(is_pending=True),
        "reader": Reader(user_id=1, grants=grants),
        "staff": Reader(user_id=1, is_staff=True, grants=grants),
    }[who]
    return made if counted is None else made.with_meter(counted)


def expected(access, who, counted, *, is_open):
    if access == "free" or who == "staff":
        return True
    if access == "registered":
        return who == "reader"
    subscribes = who == "reader" and is_open
    if access == "metered":
        return subscribes or counted == "opened"
    return subscribes


@pytest.mark.parametrize("name", HELD)
def test_access_is_what_the_rules_say(name):
    held, span = HELD[name]
    looked_at = 0
    for at, access, who, counted in itertools.product(moments(span), ACCESS, WHO, METER):
        is_open = span is not None and NOW + span[0] * DAY <= at < NOW + span[1] * DAY
        decision = decide(Story(STORY, access), visitor(who, held, meter(counted)), at)
        case = f"{name}, {at}, {access}, {who}, meter {counted}: {decision}"
        assert decision.full is expected(access, who, counted, is_open=is_open), case
        assert isinstance(decision.reason, Reason), case
        assert decision.until is None or decision.until > at, case
        looked_at += 1
    assert looked_at >= 6 * len(ACCESS) * len(WHO) * len(METER)


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("trial", "trial"),
        ("active", "active"),
        ("active, to begin", "upcoming"),
        ("cancelled", "cancelled"),
        ("cancelled, over", "expired"),
        ("past due", "past due"),
        ("past due, grace over", "unpaid"),
        ("unpaid", "unpaid"),
        ("paused", "paused"),
        ("paused until", "paused"),
        ("comped", "comped"),
        ("refunded", "refunded"),
        ("disputed", "disputed"),
        ("comped, ended", "expired"),
    ],
)
def test_each_state_has_its_word(name, state):
    assert entitlements.state_of(HELD[name][0][0], NOW) == state


def test_grace_is_named_as_the_reason():
    held, _ = HELD["past due"]
    decision = decide(Story(STORY, "premium"), visitor("reader", held, None), NOW)

    assert decision.reason is Reason.GRACE
    assert decision.until == NOW + 5 * DAY
