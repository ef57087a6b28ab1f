"""Metered stories: some each month, opened by a click, and nothing of them before (rules §6)."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from accounts import meter
from accounts.models import Opening, User
from accounts.privacy import retention
from articles.models import Publication, PublishedArticle
from tests import cast
from tests.accounts.doors import FIREFOX, browser, fill, pending, sign_in, signed_in

pytestmark = pytest.mark.django_db

WITHHELD = "Zyxmeteredmark"
CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def story(**fields) -> PublishedArticle:
    return cast.make_story(
        access="metered",
        body=f'{cast.PARAGRAPH}<hr data-cut=""><p>{WITHHELD}</p>{cast.PARAGRAPH * 3}',
        **fields,
    )


@pytest.fixture(autouse=True)
def paper():
    cast.make_publication()


def address(published: PublishedArticle) -> str:
    return f"/account/open/{published.article_id}/"


def is_whole(client, published: PublishedArticle) -> bool:
    return WITHHELD in client.get(published.path).content.decode()


def open_(client, published: PublishedArticle, **extra):
    return client.post(address(published), **extra)


def said(response) -> str:
    return " ".join(re.sub("<[^>]+>", " ", response.content.decode()).split())


def test_a_visitor_gets_the_teaser_with_a_way_to_open_it():
    published = story()
    answer = browser().get(published.path)
    page = answer.content.decode()

    assert WITHHELD not in page
    assert f'href="{address(published)}"' in page
    assert "public" in answer["Cache-Control"]
    assert not answer.cookies


def test_opening_is_a_click_on_a_page_that_says_what_is_left():
    client, published = browser(), story()

    asked = client.get(address(published))
    assert "3 of 3 left" in said(asked)
    assert "no-store" in asked["Cache-Control"]
    assert not is_whole(client, published)

    opened = open_(client, published)
    assert (opened.status_code, opened["Location"]) == (303, published.path)
    cookie = opened.cookies["openings"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"

    page = client.get(published.path)
    assert WITHHELD in page.content.decode()
    assert "1 of 3 stories of this month" in said(page)
    assert page["Cache-Control"] == "private, no-store"


def test_once_opened_a_story_stays_open_and_counts_once():
    client, published = browser(), story()
    for _ in range(3):
        open_(client, published)

    assert is_whole(client, published)
    assert client.get(address(published)).status_code == 302
    assert "2 of 3 left" in said(client.get(address(story())))


def test_another_story_and_another_jar_get_the_teaser():
    client, published = browser(), story()
    open_(client, published)

    assert not is_whole(client, story())
    assert not is_whole(browser(), published)


def test_after_the_last_one_nothing_opens_and_what_is_open_stays():
    client, opened = browser(), [story() for _ in range(3)]
    for published in opened:
        open_(client, published)

    refused = open_(client, another := story())
    assert refused.status_code == 200
    assert "opened all 3 stories" in said(refused)
    assert not is_whole(client, another)
    assert "opened all your free stories" in said(client.get(another.path))
    assert all(is_whole(client, published) for published in opened)


@pytest.mark.parametrize("kind", ["anonymous", "registered"])
def test_looking_fetching_ahead_and_crawling_spend_nothing(kind):
    client = browser() if kind == "anonymous" else signed_in(cast.registered())
    published = story()
    for path in (published.path, address(published)):
        client.head(path)
        client.get(path, headers={"Sec-Purpose": "prefetch;prerender"})
        client.get(path, headers={"User-Agent": CRAWLER})
    open_(client, published, headers={"User-Agent": CRAWLER})
    open_(client, published, headers={"User-Agent": FIREFOX, "Sec-Purpose": "prefetch"})

    assert not is_whole(client, published)
    assert not Opening.objects.exists()
    assert "openings" not in client.cookies


def test_a_cookie_that_is_not_ours_opens_nothing():
    client, published = browser(), story()
    open_(client, published)
    client.cookies["openings"] = client.cookies["openings"].value[:-1] + "x"
    assert not is_whole(client, published)

    client.cookies["openings"] = "\x01"
    assert client.get(published.path).status_code == 200


def test_a_month_ends_on_the_newsrooms_clock(monkeypatch):
    zone = Publication(zone="America/New_York").zone_info
    before = dt.datetime(2026, 4, 1, 3, 59, 59, tzinfo=dt.UTC)

    assert meter.period_of(before, zone) == "2026-03"
    assert meter.period_end(before, zone) == dt.datetime(2026, 4, 1, 4, tzinfo=dt.UTC)
    assert meter.period_of(before + dt.timedelta(seconds=1), zone) == "2026-04"
    assert meter.period_end(dt.datetime(2026, 12, 31, tzinfo=dt.UTC), zone) == dt.datetime(
        2027, 1, 1, 5, tzinfo=dt.UTC
    )


def test_what_was_opened_last_month_is_closed_again():
    reader = cast.registered()
    client, published = signed_in(reader), story()
    open_(client, published)
    Opening.objects.update(period="2020-01")

    assert not is_whole(client, published)
    assert "5 of 5 left" in said(client.get(address(published)))


def test_a_signed_in_reader_has_a_pool_of_their_own_on_every_device():
    reader = cast.registered()
    one, other, published = signed_in(reader), signed_in(reader), story()
    open_(one, published)

    assert is_whole(other, published)
    assert "1 of 5 stories" in said(other.get(published.path))
    assert "4 of 5 left" in said(other.get(address(story())))


def test_subscribers_and_staff_read_without_counting():
    for client in (signed_in(cast.sam()), signed_in(cast.ed())):
        published = story()
        assert is_whole(client, published)
        assert client.get(address(published))["Location"] == published.path
        assert open_(client, published).status_code == 302
    assert not Opening.objects.exists()


def test_a_lapsed_subscriber_has_the_meter():
    client, published = signed_in(cast.lapsed()), story()
    assert not is_whole(client, published)
    open_(client, published)
    assert is_whole(client, published)


def test_one_device_too_many_opens_nothing_new():
    reader = cast.registered()
    fill(reader)
    client, published = pending(reader), story()

    assert "one device too many" in said(client.get(published.path))
    assert not is_whole(client, published)


def test_what_was_opened_without_an_account_comes_along_and_counts():
    client, published = browser(), story()
    open_(client, published)
    client.get("/account/sign-up/")
    client.post(
        "/account/sign-up/", {"email": "new@example.com", "password1": cast.PASSWORD, "name": "New"}
    )

    reader = User.objects.get(email="new@example.com")
    assert [row.article_id for row in reader.openings.all()] == [published.article_id]


def test_signing_in_leaves_open_what_this_browser_opened():
    client, published = browser(), story()
    open_(client, published)
    sign_in(client, cast.registered().email)

    assert is_whole(client, published)
    assert "5 of 5 left" in said(client.get(address(story())))


@pytest.mark.parametrize("access", ["free", "registered", "premium"])
def test_other_stories_are_led_to_and_never_counted(access):
    client = browser()
    published = cast.make_story(access=access, body=cast.PARAGRAPH * 6)

    assert client.get(address(published))["Location"] == published.path
    assert open_(client, published)["Location"] == published.path
    assert "openings" not in client.cookies


def test_a_story_that_is_not_on_the_site_cannot_be_opened():
    assert browser().get("/account/open/987654/").status_code == 404


def test_no_meter_at_all_is_a_meter_of_none():
    Publication.objects.update(meter_anonymous=0)
    client, published = browser(), story()

    assert "for readers with an account" in said(client.get(address(published)))
    open_(client, published)
    assert not is_whole(client, published)


def test_old_openings_are_forgotten():
    reader, published = cast.registered(), story()
    now, ours = timezone.now(), Publication.objects.get()
    meter.spend(reader, published.article_id, publication=ours, at=now - dt.timedelta(days=63))
    meter.spend(reader, published.article_id, publication=ours, at=now)

    gone = {rule.what: count for rule, count in retention.purge(now)}

    assert gone["Metered stories you opened"] == 1
    assert Opening.objects.get().opened_at == now


def test_the_last_one_cannot_be_taken_twice():
    reader, ours, now = cast.registered(), Publication.objects.get(), timezone.now()
    ours.meter_registered = 1
    meter.spend(reader, story().article_id, publication=ours, at=now)

    with pytest.raises(meter.MeterSpent):
        meter.spend(reader, story().article_id, publication=ours, at=now)
