"""What leaves the site is gone from everywhere at once, with no worker to see to it."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from articles import publishing
from articles.site.search import checks, index
from tests import cast
from tests.articles.site.crowd import gather
from tests.articles.site.public_acts import ago, archive, change, move, pass_take_off, retract
from tests.articles.site.surfaces import FRONTS, LISTS, finds, mails_about, naming, text_of

pytestmark = pytest.mark.django_db

WORD = "vanishing"
EVERYWHERE = {*FRONTS, *LISTS, "beside another story", "search"}


def unpublish(story):
    publishing.unpublish(story.article, editor=cast.ed())


GONE = [unpublish, retract, pass_take_off]


@pytest.fixture
def story():
    return cast.make_story(
        headline="The vanishing pier",
        prominence="lead",
        lead_image=cast.make_image(),
        topics=[cast.make_topic()],
    )


def test_a_live_story_is_everywhere(story):
    assert naming(story, word=WORD) == EVERYWHERE
    assert len(mails_about(story)) == 1


@pytest.mark.parametrize("leave", GONE)
def test_a_story_that_left_is_nowhere(story, leave):
    leave(story)
    known = naming(story, word=WORD)
    # A retraction is told of, in the one list that is for it.
    assert known == ({"/corrections/", "/corrections/feeds/rss/"} if leave is retract else set())
    assert Client().get(story.path).status_code == (410 if leave is retract else 404)
    assert mails_about(story) == []


def test_a_story_of_the_archive_is_off_the_fronts_and_stays_in_every_other_list(story):
    archive(story)
    assert naming(story, word=WORD) == {*LISTS, "search"}
    assert Client().get(story.path).status_code == 200


@pytest.mark.parametrize("leave", GONE)
def test_what_only_a_story_made_public_leaves_with_it(client, story, leave):
    assert client.get("/authors/lisa-berg/").status_code == 200
    leave(story)
    follow = f"/account/follow/author/{cast.lisa().pk}/"
    for path in ("/authors/lisa-berg/", "/authors/lisa-berg/feeds/rss/", follow):
        assert client.get(path).status_code == 404, path
    pages = text_of(client, "/sitemaps/pages.xml")
    for path in ("/authors/", "/topics/", "/world/"):
        assert path not in pages, path
    for path in ("/world/", "/topics/shipping/"):
        assert '<meta name="robots" content="noindex">' in text_of(client, path), path
    assert client.get("/sitemaps/stories-0.xml").status_code == 404
    assert "stories-0" not in text_of(client, "/sitemap.xml")


def test_the_time_of_a_span_is_that_of_a_story_still_on_the_site(client, story):
    stays = cast.make_story()
    change(stays, changed_at=dt.datetime(2026, 1, 2, tzinfo=dt.UTC))
    pass_take_off(story)
    lastmod = re.findall("<lastmod>(.*?)</lastmod>", text_of(client, "/sitemap.xml"))
    assert [time[:10] for time in lastmod] == ["2026-01-02"]


def test_an_end_that_lies_ahead_changes_nothing_yet(story):
    change(story, off_at=timezone.now() + dt.timedelta(hours=1))
    assert naming(story, word=WORD) == EVERYWHERE


def _gather_and_take_off_every_second():
    stories = gather(stories=90, sections=1)
    for story in stories[::2]:
        change(story, off_at=ago(seconds=30), published_at=story.published_at)
    return [story.path for story in stories[1::2]]


LISTS_OF_90 = ["/latest/", "/section-0/", "/topics/shipping/", "/authors/lisa-berg/"]


@pytest.mark.parametrize("path", LISTS_OF_90)
def test_pages_of_a_list_stay_full_and_lead_on_when_stories_left_by_time(client, path):
    wanted = _gather_and_take_off_every_second()
    pages, here = [], path
    while here:
        html = text_of(client, here)
        river = html.split("<main", 1)[1].split('aria-labelledby="h-latest"', 1)[0]
        pages.append(re.findall(r'story-card__headline"><a href="([^"]*)"', river))
        found = re.search(r'href="([^"]+)" rel="next"', html)
        here = found and found[1]
    assert [len(found) for found in pages] == [20, 20, 5]
    assert [story for found in pages for story in found] == wanted


def test_a_feed_is_full_when_stories_left_by_time(client):
    wanted = _gather_and_take_off_every_second()
    feed = text_of(client, "/section-0/feeds/rss/")
    found = re.findall(r"<item><title>[^<]*</title><link>https?://[^/]*([^<]*)</link>", feed)
    assert found == wanted[:30]


def test_results_of_a_search_are_counted_and_paged_without_what_left_by_time(client):
    wanted = _gather_and_take_off_every_second()
    index.rebuild()
    assert finds(client, "story") == (45, True)
    html = text_of(client, "/search/?q=story")
    assert re.findall(r'story-card__headline"><a href="([^"]*)"', html) == wanted[:20]


def test_the_front_page_fills_a_sections_block_with_stories_still_on_the_site(client):
    _gather_and_take_off_every_second()
    html = text_of(client, "/")
    block = html.split("section-head__title", 2)[-1]
    assert block.count("story-card__headline") >= 3


def test_the_index_keeps_a_story_that_has_an_end_and_one_that_is_due_later(client, story):
    change(story, off_at=timezone.now() + dt.timedelta(hours=1))
    later = cast.make_story(headline="A later pier")
    move(later, published_at=timezone.now() + dt.timedelta(minutes=30))
    assert index.rebuild() == 2
    assert finds(client, "pier") == (1, True)
    assert checks.index_is_whole(databases=["default"]) == []
    pass_take_off(story)
    assert finds(client, "pier") == (0, False)
    assert checks.index_is_whole(databases=["default"]) == []
