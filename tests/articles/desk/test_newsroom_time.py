"""Times typed at the desk, also on the two nights on which the clocks change."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.desk.newsroom_time import (
    TimeComesTwice,
    UnclearTime,
    parse,
    posted,
    typed,
    zone_in_words,
)

NEW_YORK, BERLIN, UTC = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")


@pytest.mark.parametrize(
    ("text", "zone", "at"),
    [
        ("2026-07-01T15:30", NEW_YORK, "2026-07-01T19:30"),
        ("2026-01-01 15:30", NEW_YORK, "2026-01-01T20:30"),
        ("2026-01-01T15:30:20.5", UTC, "2026-01-01T15:30:20.5"),
        (" 2026-03-08T03:00 ", NEW_YORK, "2026-03-08T07:00"),
        ("2026-03-08T01:59", NEW_YORK, "2026-03-08T06:59"),
    ],
)
def test_a_time_is_read_on_the_newsrooms_clock(text, zone, at):
    moment = parse(text, zone)

    assert moment == dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)
    assert moment.tzinfo is dt.UTC


@pytest.mark.parametrize(
    ("text", "zone", "after"),
    [
        ("2026-03-08T02:00", NEW_YORK, "3 a.m."),
        ("2026-03-08T02:59", NEW_YORK, "3:59 a.m."),
        ("2026-03-29T02:30", BERLIN, "3:30 a.m."),
        ("2026-10-04T02:15", LORD_HOWE, "2:45 a.m."),
    ],
)
def test_a_time_that_does_not_exist_is_refused_with_one_that_does(text, zone, after):
    with pytest.raises(UnclearTime) as refusal:
        parse(text, zone)

    assert "does not exist on" in str(refusal.value)
    assert after in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "zone", "first", "second"),
    [
        ("2026-11-01T01:30", NEW_YORK, "2026-11-01T05:30", "2026-11-01T06:30"),
        ("2026-10-25T02:00", BERLIN, "2026-10-25T00:00", "2026-10-25T01:00"),
        ("2026-04-05T01:45", LORD_HOWE, "2026-04-04T14:45", "2026-04-04T15:15"),
    ],
)
def test_a_time_that_comes_twice_is_asked_about(text, zone, first, second):
    with pytest.raises(TimeComesTwice) as question:
        parse(text, zone)

    assert "comes twice" in str(question.value)
    answers = [parse(text, zone, fold=value) for value, _ in question.value.choices]
    assert answers == [
        dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC) for at in (first, second)
    ]
    assert len({words for _, words in question.value.choices}) == 2


@pytest.mark.parametrize(
    "text",
    [
        *("x", "2026-02-30T10:00", "2026-01-01", "2026-01-01T25:00", "0001-01-01T00:00"),
        *("9999-12-31T23:59", "275760-01-01T00:00", "2026-01-01T10:00Z", "\x00", "10" * 500),
    ],
)
def test_what_is_no_time_is_refused_in_words(text):
    with pytest.raises(UnclearTime):
        parse(text, NEW_YORK)


def test_a_field_left_empty_is_no_time():
    assert posted({"due_at": " "}, "due_at", NEW_YORK) is None
    assert posted({}, "due_at", NEW_YORK) is None
    data = {"due_at": "2026-11-01T01:30", "due_at_fold": "1"}
    assert posted(data, "due_at", NEW_YORK) == dt.datetime(2026, 11, 1, 6, 30, tzinfo=dt.UTC)
    with pytest.raises(TimeComesTwice):
        posted(data | {"due_at_fold": "2"}, "due_at", NEW_YORK)


@given(
    st.integers(40_000_000, 4_000_000_000),
    st.sampled_from([NEW_YORK, BERLIN, UTC, LORD_HOWE, ZoneInfo("Asia/Kathmandu")]),
)
def test_every_moment_is_typed_and_read_again(seconds, zone):
    at = dt.datetime.fromtimestamp(seconds - seconds % 60, dt.UTC)
    text = typed(at, zone)
    try:
        read = [parse(text, zone)]
    except TimeComesTwice as question:
        read = [parse(text, zone, fold=value) for value, _ in question.choices]

    assert at in read


def test_the_zone_is_named_beside_the_field():
    at = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)

    assert zone_in_words(NEW_YORK, at) == "New York time (ET)"
    assert zone_in_words(UTC, at) == "UTC"
