"""The token cookie: believed only whole, ours, in time, beside its session, while nothing moved."""

import base64
import datetime as dt
import re

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Device, Subscription
from accounts.readers import Visit
from articles.site.reader import ANONYMOUS, Grant, GrantKind, Level, Reader
from newsroom.edge import counters, tables, watch
from newsroom.edge.counters import Counters
from newsroom.edge.minting import level_for
from newsroom.edge.passes import ANYBODY, Passes
from newsroom.edge.tokens import LONGEST_SECONDS, Keys, Token, cookie_name
from tests import cast
from tests.accounts import doors

NOW = 1_800_000_000
SESSION = "s" * 32


@pytest.fixture
def shared(tmp_path) -> Counters:
    return Counters(tmp_path / "edge.counters")


def token_of(shared: Counters, level: Level | None = Level.PREMIUM, **fields: int) -> Token:
    given = {"user_id": 7, "device_id": 9, "ends_at": NOW + 60} | fields
    return Token.build(level, before=shared.snapshot(), **given)


def passes(*secrets: str) -> Passes:
    return Passes(Keys(secrets or ["key"]), session="session", token="token", openings="openings")


def name_of(shared: Counters) -> str:
    return cookie_name("token", shared)


def variant(shared: Counters, text: str, *, at: float = NOW, secrets=("key",), **more: str):
    """What a browser with this token is given; ``more``: other cookies, in place of ours or not."""
    cookies = {"session": SESSION, name_of(shared): text} | more
    header = "; ".join(f"{name}={value}" for name, value in cookies.items())
    asked = passes(*secrets)
    found = asked.variant(header, shared, at)
    # What is remembered says the same as what is proven.
    assert asked.variant(header, shared, at) == found
    return found


def signed(shared: Counters, level: Level | None = Level.PREMIUM, **fields: int) -> str:
    return Keys(["key"]).sign(token_of(shared, level, **fields), session=SESSION)


# --- What is believed ---------------------------------------------------------------------------


def test_a_token_gives_its_level_beside_the_session_it_was_made_for(shared):
    assert variant(shared, signed(shared)) == "p"
    assert variant(shared, signed(shared, Level.REGISTERED)) == "r"
    assert variant(shared, signed(shared, None)) is None
    assert variant(shared, signed(shared), session="t" * 32) is None


def test_any_letter_that_is_changed_makes_it_none(shared):
    text = signed(shared, Level.REGISTERED)
    for place, letter in enumerate(text):
        other = "A" if letter != "A" else "B"
        assert variant(shared, text[:place] + other + text[place + 1 :]) is None, place
    raw = base64.urlsafe_b64decode(text)
    raised = base64.urlsafe_b64encode(b"p" + raw[1:]).decode()
    assert variant(shared, raised) is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "",
        lambda text: text[:-1],
        lambda text: text[:40],
        lambda text: text + "A",
        lambda text: text + "=",
        lambda text: f'"{text}"',
        lambda text: text.replace(text[5], " ", 1),
        lambda text: text.replace(text[5], "\u00e9", 1),
        lambda text: f"{text}; session={SESSION}",
        lambda text: "p",
        lambda text: "A" * 92,
        lambda text: "%00" * 40,
        lambda text: "x" * 100_000,
    ],
)
def test_whatever_is_not_exactly_a_token_is_none(shared, spoil):
    assert variant(shared, spoil(signed(shared))) is None


def test_two_of_them_are_none_and_so_is_one_of_another_host(shared, tmp_path):
    text = signed(shared)
    assert variant(shared, f"{text}; {name_of(shared)}={text}") is None
    other = Counters(tmp_path / "other.counters")
    assert variant(other, text) is None
    assert name_of(other) != name_of(shared)


def test_a_token_of_another_key_is_none_and_one_of_a_former_key_counts(shared):
    text = signed(shared)
    assert variant(shared, text, secrets=["new"]) is None
    assert variant(shared, text, secrets=["new", "older", "key"]) == "p"
    new = Keys(["new", "key"]).sign(token_of(shared), session=SESSION)
    assert variant(shared, new) is None, "the first one signs"


def test_it_ends_with_its_time_and_one_that_ends_too_late_is_none(shared):
    text = signed(shared, ends_at=NOW + 60)
    assert variant(shared, text, at=NOW + 59.9) == "p"
    assert variant(shared, text, at=NOW + 60) is None
    late = signed(shared, ends_at=NOW + 2 * LONGEST_SECONDS)
    assert variant(shared, late) is None, "the clock was set back, or nobody minted it"


def test_it_ends_when_the_counter_of_its_reader_or_of_all_moves(shared):
    for place, ends in (
        (counters.of_reader(7), True),
        (counters.READERS, True),
        (counters.of_reader(8), False),
        (counters.SITE, False),
        (counters.of_story(7), False),
    ):
        text, asked = signed(shared), passes()
        cookies = f"session={SESSION}; {name_of(shared)}={text}"
        assert asked.variant(cookies, shared, NOW) == "p"
        shared.dirty([place])
        assert asked.variant(cookies, shared, NOW) == (None if ends else "p"), place


def test_without_our_cookies_it_is_anybody_and_what_was_opened_is_djangos_but_for_subscribers(
    shared,
):
    asked, text = passes(), signed(shared)
    assert asked.variant(f"_ga=1.2; {name_of(shared)}={text}", shared, NOW) == ANYBODY
    assert asked.variant("openings=x", shared, NOW) is None
    assert asked.variant("session=" + SESSION, shared, NOW) is None
    assert variant(shared, text, openings="x") == "p"
    assert variant(shared, signed(shared, Level.REGISTERED), openings="x") is None


def test_no_more_headers_are_remembered_than_allowed(shared, monkeypatch):
    monkeypatch.setattr("newsroom.edge.passes.MOST_KNOWN", 3)
    asked, text = passes(), signed(shared)
    for number in range(9):
        header = f"a={number}; session={SESSION}; {name_of(shared)}={text}"
        assert asked.variant(header, shared, NOW) == "p"
    long = f"a={'x' * 5000}; session={SESSION}; {name_of(shared)}={text}"
    assert asked.variant(long, shared, NOW) == "p"
    assert len(asked._known) == 3


# --- Counters of readers ------------------------------------------------------------------------


def test_a_readers_change_ends_no_page_and_lets_pages_be_kept_meanwhile(shared):
    places = (counters.ANY, counters.SITE, counters.LISTS)
    before = [shared[place] for place in places]
    ticket = shared.dirty([counters.of_reader(7)])
    seen = shared.snapshot()
    assert (seen.is_dirty, seen.is_in_doubt) == (False, True)
    shared.clean([counters.of_reader(7)], ticket)
    assert not shared.snapshot().is_in_doubt
    assert [shared[place] for place in places] == before
    ticket = shared.dirty([counters.of_reader(7), counters.SITE])
    assert shared.snapshot().is_dirty
    shared.clean([counters.of_reader(7), counters.SITE], ticket)
    assert not shared.snapshot().is_in_doubt


# --- Which statements ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ('SELECT * FROM "accounts_user" FOR UPDATE', None),
        ('UPDATE "accounts_user" SET "last_login" = %s WHERE "accounts_user"."id" = %s', None),
        ('UPDATE "accounts_user" SET "name" = %s, "last_login" = NULL WHERE "id" = %s', None),
        (
            'UPDATE "accounts_user" SET "name" = %s, "password" = %s WHERE "id" = %s',
            "accounts_user",
        ),
        ('UPDATE "accounts_user" SET "name" = (SELECT 1) WHERE "id" = %s', "accounts_user"),
        ('UPDATE "accounts_user" SET "is_active" = %s WHERE "id" = %s', "accounts_user"),
        ('UPDATE "accounts_device" SET "last_seen_at" = %s WHERE ("id" = %s)', None),
        ('UPDATE "accounts_device" SET "ended_at" = %s WHERE ("id" = %s)', "accounts_device"),
        (
            'UPDATE "accounts_subscription" SET "reason" = %s WHERE "id" = 1',
            "accounts_subscription",
        ),
        ('INSERT INTO "accounts_user" ("id") VALUES (%s)', None),
        ('INSERT INTO "accounts_device" ("id") VALUES (%s)', None),
        ('INSERT INTO "accounts_subscription" ("id") VALUES (%s)', "accounts_subscription"),
        (
            'INSERT INTO "accounts_user" VALUES (%s) ON CONFLICT DO UPDATE SET x = 1',
            "accounts_user",
        ),
        ('INSERT OR REPLACE INTO "accounts_device" VALUES (%s)', "accounts_device"),
        ('DELETE FROM "accounts_device" WHERE "id" IN (%s)', "accounts_device"),
        ("delete from accounts_subscription", "accounts_subscription"),
        ("WITH a AS (SELECT 1) DELETE FROM accounts_device WHERE 1", tables.ANY_TABLE),
        ('WITH a AS (SELECT 1) UPDATE "articles_author" SET name = 1', None),
        ('TRUNCATE "django_session", "accounts_device"', tables.ANY_TABLE),
        ("/* a remark */ DELETE FROM accounts_device", tables.ANY_TABLE),
        ('DELETE FROM "django_session"', tables.ANY_TABLE),
        ('DELETE FROM "django_session" WHERE "django_session"."session_data" = %s', "*"),
        ('DELETE FROM "django_session" WHERE "django_session"."session_key" IN (%s)', None),
        ('DELETE FROM "django_session" WHERE "django_session"."expire_date" < %s', None),
        ('UPDATE "django_session" SET "session_data" = %s WHERE 1', None),
        ('UPDATE "articles_author" SET "name" = %s', None),
        ('INSERT INTO "accounts_follow" VALUES (1)', None),
    ],
)
def test_a_statement_says_whether_it_changes_what_readers_may(sql, table):
    assert tables.decides_level(sql) == table


def test_what_is_asked_to_find_out_who_reads_is_listed(db, rf):
    client = doors.signed_in(cast.sam())
    request = rf.get("/")
    request.session = client.session
    with CaptureQueriesContext(connection) as queries:
        reader = Visit(request).reader
    read = {
        name for query in queries for name in re.findall(r'(?:FROM|JOIN) "?(\w+)"?', query["sql"])
    }
    assert level_for(reader, timezone.now())[0] == Level.PREMIUM
    assert read - {"django_session"} == set(tables.LEVELS)


def moved(act, *places: int) -> list[bool]:
    shared = watch.shared_counters()
    before = [shared[place] for place in places]
    act()
    return [shared[place] != value for place, value in zip(places, before, strict=True)]


@pytest.mark.django_db(transaction=True)
def test_a_save_of_one_reader_moves_theirs_and_anything_else_moves_all():
    sam, max_ = cast.sam(), cast.max_()
    places = (counters.READERS, counters.of_reader(sam.pk), counters.of_reader(max_.pk))
    row = sam.subscriptions.get()

    def both() -> None:
        with transaction.atomic():
            row.save(update_fields=["ends_at"])
            Subscription.objects.filter(user=max_).update(ended_at=timezone.now())

    def fail_and_change() -> None:
        with pytest.raises(ValueError, match="expected a number"):
            Subscription(pk=row.pk, user=sam, plan_id="x").save(update_fields=["plan"])
        Subscription.objects.filter(user=max_).update(ended_at=timezone.now())

    assert moved(lambda: row.save(update_fields=["ends_at"]), *places) == [False, True, False]
    assert moved(lambda: sam.save(), *places) == [False, True, False]
    assert moved(lambda: cast.make_subscription(max_), *places) == [False, False, True]
    assert moved(both, *places) == [True, True, False]
    assert moved(fail_and_change, *places)[0]
    # It may have been another's until now.
    assert moved(lambda: row.save(), *places)[0]
    assert moved(lambda: Device.objects.filter(user=sam).update(name="x"), *places) == [
        False,
        False,
        False,
    ]
    assert moved(lambda: sam.delete(), *places)[0]


# --- Levels -------------------------------------------------------------------------------------

AT = timezone.now()
DAY = dt.timedelta(days=1)


def grant(starts: int, ends: int | None, kind: GrantKind = GrantKind.PAID) -> Grant:
    return Grant(kind, AT + starts * DAY, None if ends is None else AT + ends * DAY)


@pytest.mark.parametrize(
    ("reader", "level", "until"),
    [
        (ANONYMOUS, None, None),
        (Reader(is_pending=True), None, None),
        (Reader(user_id=1, is_pending=True, grants=(grant(-1, 1),)), None, None),
        (Reader(user_id=1, is_staff=True), None, None),
        (Reader(user_id=1, is_staff=True, grants=(grant(-1, 1),)), None, None),
        (Reader(user_id=1), Level.REGISTERED, None),
        (Reader(user_id=1, grants=(grant(2, 9),)), Level.REGISTERED, AT + 2 * DAY),
        (Reader(user_id=1, grants=(grant(-9, -1),)), None, None),
        (Reader(user_id=1, grants=(grant(-9, 0),)), None, None),
        (Reader(user_id=1, grants=(grant(-1, None),)), Level.PREMIUM, None),
        (Reader(user_id=1, grants=(grant(-1, 1),)), Level.PREMIUM, AT + DAY),
        (Reader(user_id=1, grants=(grant(-1, 1, GrantKind.GRACE),)), Level.PREMIUM, AT + DAY),
        (Reader(user_id=1, grants=(grant(-1, 1), grant(0, 3))), Level.PREMIUM, AT + 3 * DAY),
    ],
)
def test_a_level_is_what_the_one_decision_gives_for_every_story(reader, level, until):
    found, end = level_for(reader, AT)
    assert found == level
    assert end == (until or AT + dt.timedelta(seconds=LONGEST_SECONDS))
