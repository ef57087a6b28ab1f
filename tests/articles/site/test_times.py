"""Times as readers see them."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from articles.site import times

NEW_YORK = ZoneInfo("America/New_York")
AT = dt.datetime(2025, 1, 24, 14, 40, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("America/New_York", "ET"),
        ("America/Los_Angeles", "PT"),
        ("Europe/Berlin", "CET"),
        ("Europe/London", "GMT"),
        ("UTC", "UTC"),
        ("Asia/Kolkata", "IST"),
        ("Asia/Dubai", "UTC+4"),
        ("America/Sao_Paulo", "UTC-3"),
        ("Asia/Kathmandu", "UTC+5:45"),
    ],
)
def test_a_zone_goes_by_its_name_or_its_offset(zone, name):
    assert times.zone_name(AT.astimezone(ZoneInfo(zone))) == name


def test_a_time_in_full_names_day_clock_and_zone():
    moment = times.in_full(AT, NEW_YORK)
    assert moment.text == "January 24, 2025, 9:40 a.m. ET"
    assert moment.iso == "2025-01-24T09:40:00-05:00"


def test_an_update_of_the_same_day_gives_the_clock_alone():
    later = AT + dt.timedelta(hours=2)
    assert times.since(later, NEW_YORK, first=AT).text == "11:40 a.m. ET"
    tomorrow = AT + dt.timedelta(days=1)
    assert times.since(tomorrow, NEW_YORK, first=AT).text == "January 25, 2025, 9:40 a.m. ET"


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (dt.timedelta(hours=2), "7:40 a.m."),
        (dt.timedelta(hours=12), "Yesterday"),
        (dt.timedelta(days=3), "Jan 21"),
        (dt.timedelta(days=40), "Dec 15, 2024"),
    ],
)
def test_a_card_says_today_and_yesterday_in_words(ago, text):
    assert times.on_card(AT - ago, NEW_YORK, now=AT).text == text
