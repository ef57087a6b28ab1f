"""Most read on the front page: the order of the last 24 hours, of what is on the site."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from articles import publishing
from articles.models import HourlyReads, MostRead
from articles.readership import jobs, keeping, rolling_up
from newsroom.edge import counters, watch
from tests import cast
from tests.articles.readership.reads import read
from tests.articles.site.public_acts import archive, move, pass_take_off, retract
from tests.newsroom.edge.test_inside import moved

pytestmark = pytest.mark.django_db


def listed() -> list[str]:
    """The headlines of the block, in its order; none where there is no block."""
    html = Client().get("/").content.decode()
    found = re.search(r'<ol class="most-read">(.*?)</ol>', html, re.DOTALL)
    assert (found is not None) == ('id="h-most"' in html)
    return re.findall(r"<li><a href=\"/20[^\"]*\">(.*?)</a></li>", found[1]) if found else []


def make(*headlines: str, **fields):
    return [cast.make_story(headline=headline, **fields) for headline in headlines]


def test_a_newsroom_that_nobody_has_read_shows_no_block():
    assert listed() == []
    make("One", "Two")
    jobs.renew_most_read()
    assert listed() == []


def test_one_story_that_was_read_is_enough():
    one, _ = make("One", "Two")
    read((one, 1))
    assert listed() == ["One"]


def test_the_five_most_read_stand_in_their_order_of_the_last_day():
    stories = make(*(f"Story {number}" for number in range(7)))
    read(*((story, place + 1) for place, story in enumerate(stories)))
    assert listed() == [f"Story {number}" for number in (6, 5, 4, 3, 2)]
    # Summed over the hours of the day, and not beyond.
    read((stories[0], 50), hours=5)
    read((stories[1], 500), hours=25)
    assert listed() == [f"Story {number}" for number in (0, 6, 5, 4, 3)]


def test_of_two_that_were_read_as_often_the_newer_one_comes_first():
    older, newer = make("Older", "Newer")
    read((newer, 3), (older, 3))
    assert listed() == ["Newer", "Older"]


@pytest.mark.parametrize(
    "leave",
    [retract, pass_take_off, archive, lambda s: publishing.unpublish(s.article, editor=cast.ed())],
)
def test_a_story_that_leaves_is_gone_at_once_and_the_next_one_moves_up(leave):
    stories = make(*(f"Story {number}" for number in range(6)))
    read(*((story, 10 - place) for place, story in enumerate(stories)))
    assert listed()[:2] == ["Story 0", "Story 1"]
    leave(stories[0])
    assert listed() == [f"Story {number}" for number in (1, 2, 3, 4, 5)]
    jobs.renew_most_read()
    assert listed() == [f"Story {number}" for number in (1, 2, 3, 4, 5)]


def test_a_story_whose_time_has_not_come_is_not_among_them():
    [later] = make("Later")
    move(later, published_at=timezone.now() + dt.timedelta(hours=1))
    [now] = make("Now")
    read((later, 9), (now, 1))
    assert listed() == ["Now"]


def test_of_a_premium_story_it_shows_the_headline_alone():
    [story] = make("Behind the wall", access="premium", standfirst="A standfirst of its own.")
    make(*(f"Newer {number}" for number in range(20)))
    read((story, 1))
    block = Client().get("/").content.decode().split('class="most-read"')[1].split("</ol>")[0]
    assert re.sub(r"<[^>]+>", "", block).strip("> ") == "Behind the wall"


def test_the_list_shares_its_row_with_the_last_section_and_stands_without_one():
    [first] = make("First")
    read((first, 1))
    html = Client().get("/").content.decode()
    assert "columns--aside" not in html
    for position, name in enumerate(["World", "Business"]):
        section = cast.make_section(name, position=position)
        make(*(f"{name} {number}" for number in range(9)), section=section)
    html = Client().get("/").content.decode()
    row = html.split("columns--aside", 1)[1]
    assert row.index("More from Business") < row.index('id="h-most"')
    assert html.count("More from Business") == 1


PLACES = (counters.SITE, counters.LISTS)


@pytest.mark.django_db(transaction=True)
def test_another_order_ends_the_lists_and_no_story_and_the_same_order_ends_nothing():
    one, two = make("One", "Two")
    keeping.add({one.article_id: 2, two.article_id: 1}, at=timezone.now())
    places = (*PLACES, counters.of_story(one.article_id))
    assert moved(jobs.renew_most_read, places) == [False, True, False]
    assert moved(jobs.renew_most_read, places) == [False, False, False]
    keeping.add({one.article_id: 5}, at=timezone.now())
    assert moved(jobs.renew_most_read, places) == [False, False, False]
    keeping.add({two.article_id: 50}, at=timezone.now())
    assert moved(jobs.renew_most_read, places) == [False, True, False]
    write = lambda: keeping.add({two.article_id: 1}, at=timezone.now())  # noqa: E731
    assert moved(write, places) == [False, False, False]
    keys = watch.purges.keys_of((), whole_site=False)
    assert keys == ("lists",)


def test_some_stand_by_for_those_that_leave_and_no_more_than_twenty():
    stories = make(*(f"Story {number}" for number in range(22)))
    read(*((story, 1) for story in stories))
    assert MostRead.objects.count() == rolling_up.KEPT == 20
    assert HourlyReads.objects.count() == 22
