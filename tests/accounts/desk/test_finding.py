"""Finding a reader, and narrowing the list down (issue: the subscriptions desk)."""

import datetime as dt
import itertools
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import entitlements
from accounts.desk import states
from accounts.entitlements import State
from accounts.models import Customer, Subscription, User
from tests import cast

pytestmark = pytest.mark.django_db

LIST = reverse("admin:accounts_user_changelist")
NOW = timezone.now()
DAY = dt.timedelta(days=1)


def listed(desk, **asked):
    page = desk.get(LIST, asked)
    assert page.status_code == 200
    return {user.email for user in page.context["cl"].result_list}


@pytest.mark.parametrize(
    "term",
    [
        "zoe.ohm@example.com",
        "  ZOE.OHM @ Example.com ",
        "zoé",
        "ÖHM",
        "öhm zoé",
        "cus_Zoe9",
        "CUS_ZOE9",
        "ohm@exam",
    ],
)
def test_a_reader_is_found_by_address_name_and_the_providers_id(desk, term):
    zoe = cast.make_user("zoe.ohm@example.com", name="Zoé Öhm")
    Customer.objects.create(user=zoe, provider="stripe", provider_id="cus_Zoe9")
    cast.make_user("other@example.net", name="Zoltan")

    assert listed(desk, q=term) == {"zoe.ohm@example.com"}


@pytest.mark.parametrize("write", [str, lambda it: it.hex, lambda it: f" {str(it).upper()} "])
def test_a_reader_is_found_by_the_id_of_the_log(desk, reader, write):
    assert listed(desk, q=write(reader.public_id)) == {reader.email}
    assert listed(desk, q=write(uuid.uuid4())) == set()


def test_an_address_that_waits_for_its_confirmation_finds_its_reader(desk, reader):
    reader.emailaddress_set.create(email="new-place@example.org")

    assert listed(desk, q="new-place@example.org") == {reader.email}


@pytest.mark.parametrize("term", ["%", "_", "' OR 1=1 --", "a@b@c", "x" * 5000])
def test_odd_searches_find_nobody_and_break_nothing(desk, reader, term):
    assert listed(desk, q=term) == set()


@pytest.mark.parametrize("term", ["@", "\x00", " "])
def test_a_search_for_nothing_in_particular_shows_the_list(desk, reader, term):
    assert reader.email in listed(desk, q=term)


def test_each_filter_shows_whom_it_names(desk):
    ends = {"starts_at": NOW - 40 * DAY, "ends_at": NOW - 10 * DAY}
    rows = {
        "trial": {"kind": "trial"},
        "active": {},
        "past-due": {"failed_at": NOW - DAY},
        "unpaid": {"failed_at": NOW - 9 * DAY},
        "cancelled": {"cancelled_at": NOW - DAY},
        "paused": {"paused_at": NOW - DAY},
        "comped": {"kind": "comp", "ends_at": None},
        "upcoming": {"starts_at": NOW + DAY},
        "refunded": {"ended_at": NOW - DAY / 2, "ending": "refunded"},
        "disputed": {"ended_at": NOW - DAY / 2, "ending": "disputed"},
        "expired": ends,
    }
    for name, fields in rows.items():
        cast.make_subscription(cast.make_user(f"{name}@example.com"), **fields)
    both = cast.make_user("both@example.com")
    cast.make_subscription(both, **ends)
    cast.make_subscription(both)

    for name in rows:
        over = {"unpaid", "refunded", "disputed"}
        expected = {name, *(over if name == "expired" else ()), *(["both"] * (name == "active"))}
        assert listed(desk, state=name) == {f"{each}@example.com" for each in expected}, name
    assert listed(desk, state="none") == {"subscriptions-desk@example.com"}
    assert len(listed(desk, state="odd")) == len(rows) + 2


def test_the_query_says_of_each_subscription_what_the_rule_says():
    """All combinations of dates before, at and after now, in every kind and ending."""
    user, plan = cast.make_user(), cast.make_plan()
    far, near, soon = NOW - 8 * DAY, NOW - DAY / 2, NOW + DAY
    dates = [None, far, NOW, soon]
    made = []
    for kind, starts, ends, cancelled, ended, failed in itertools.product(
        ["trial", "paid", "comp"],
        [NOW - 90 * DAY, NOW, soon],
        [far, near, NOW, NOW + 2 * DAY, None],
        [None, near, soon],
        dates,
        [None, far, NOW - 7 * DAY, near, soon],
    ):
        if (ends is None and kind != "comp") or (ends is not None and ends <= starts):
            continue
        row = {"kind": kind, "starts_at": starts, "ends_at": ends, "cancelled_at": cancelled}
        endings = ["", "refunded", "disputed", "by_desk"] if ended and not failed else [""]
        for ending in endings:
            made.append(row | {"ended_at": ended, "failed_at": failed, "ending": ending})
        if not ended:
            for unpaid, paused, resumes in itertools.product(
                [None, near, soon], [None, near], [None, near, soon]
            ):
                more = {"unpaid_at": unpaid, "paused_at": paused, "resumes_at": resumes}
                made.append(row | more | {"failed_at": failed})
    Subscription.objects.bulk_create(
        [Subscription(user=user, plan=plan, reason="x", **fields) for fields in made], 500
    )

    told = {row.pk: entitlements.state_of(row, NOW) for row in Subscription.objects.all()}

    assert set(told.values()) == set(State)
    for state in State:
        found = Subscription.objects.filter(states.in_state(state, NOW))
        assert set(found.values_list("pk", flat=True)) == {
            pk for pk, is_in in told.items() if is_in is state
        }, state


def test_the_list_stays_as_cheap_with_twenty_thousand_readers(desk, django_assert_max_num_queries):
    User.objects.bulk_create(
        [User(email=f"many{number}@example.com", name=f"Many {number}") for number in range(20000)],
        2000,
    )

    for asked in ({}, {"q": "many 1999"}, {"state": "none"}, {"state": "active", "q": "many"}):
        with django_assert_max_num_queries(16):
            assert desk.get(LIST, asked).status_code == 200
