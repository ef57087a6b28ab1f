"""The front page in every state of the newsroom."""

import datetime as dt
import re
from collections import Counter

import pytest
from django.utils import timezone

from articles import publishing
from articles.models import Author, PublishedArticle
from tests import cast

pytestmark = pytest.mark.django_db


def front(client):
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def lead_of(html):
    return re.search(r'story-card--lead.*?<h2[^>]*><a href="[^"]*">(.*?)</a>', html, re.DOTALL)[1]


def age(story, **ago):
    """Make a published story older, as time does."""
    then = timezone.now() - dt.timedelta(**ago)
    PublishedArticle.objects.filter(pk=story.pk).update(published_at=then, prominent_since=then)


def test_an_empty_newsroom_says_so(client):
    html = front(client)
    assert "No stories yet" in html
    assert html.count("<h1") == 1


def test_one_story_is_the_lead_and_stands_once(client):
    cast.make_publication(name="The Testing Post")
    story = cast.make_story(headline="Only one")
    html = front(client)
    assert lead_of(html) == "Only one"
    assert html.count(f'href="{story.path}"') == 1
    assert "The Testing Post: front page" in html


def test_a_lead_stands_above_newer_stories_and_falls_back_after_a_day(client):
    lead = cast.make_story(headline="The lead", prominence="lead")
    cast.make_story(headline="Newer")
    assert lead_of(front(client)) == "The lead"
    age(lead, hours=23)
    assert lead_of(front(client)) == "The lead"
    age(lead, hours=25)
    html = front(client)
    assert lead_of(html) == "Newer"
    assert ">The lead</a>" in html


def test_seconds_stand_beside_the_lead(client):
    second = cast.make_story(headline="A second", prominence="second")
    for number in range(6):
        cast.make_story(headline=f"Plain {number}")
    html = front(client)
    top = html[: html.index('id="h-latest"')]
    assert f'href="{second.path}"' in top


def test_a_story_stands_once_outside_the_lists(client):
    for number in range(30):
        cast.make_story(
            headline=f"Story {number}",
            section=cast.make_section(f"Section {number % 4}"),
            kind="opinion" if number % 3 == 0 else "news",
            prominence=("lead", "second", "normal")[number % 3],
        )
    html = front(client)
    outside = re.sub(r'<ol class="latest">.*?</ol>', "", html, flags=re.DOTALL)
    links = Counter(re.findall(r'story-card__headline"><a href="(/20[^"]*)"', outside))
    assert len(links) > 10
    assert set(links.values()) == {1}


def test_sections_stand_in_the_desks_order_and_empty_ones_do_not(client):
    for position, name in enumerate(["Zebra", "Apple", "Empty"]):
        cast.make_section(name, position=position)
    for name in ("Apple", "Zebra"):
        for _ in range(5):
            cast.make_story(section=cast.make_section(name))
    html = front(client)
    assert html.index("More from Zebra") < html.index("More from Apple")
    assert "More from Empty" not in html


def test_opinion_shows_the_face_of_its_author_and_stands_for_its_section(client):
    author = Author.objects.create(name="Tom Hale", slug="tom-hale", portrait=cast.make_image())
    section = cast.make_section("Opinion")
    cast.make_story(headline="News on top")
    for number in range(5):
        cast.make_story(
            headline=f"View {number}", kind="opinion", authors=[author], section=section
        )
        age(PublishedArticle.objects.live(timezone.now()).get(headline=f"View {number}"), days=4)
    age(cast.make_story(headline="News below"), days=5)
    html = front(client)
    block = html[html.index('id="h-opinion"') :]
    assert author.portrait.rendition_name in block
    assert "More opinion" in block
    assert "More from Opinion" not in html


def test_a_premium_story_is_marked(client):
    cast.make_story(access="premium")
    assert '<span class="premium-mark">Premium</span>' in front(client)


def test_an_unpublished_story_leaves_at_once(client):
    story = cast.make_story(prominence="lead")
    assert story.path in front(client)
    publishing.unpublish(story.article, editor=cast.ed())
    assert story.path not in front(client)


def test_the_band_leads_to_what_can_be_followed_and_posts_nothing(client):
    html = front(client)
    band = html[html.index('class="band"') :]
    assert 'href="/account/notifications/"' in band[: band.index("</section>")]
    assert "<form" not in band


def test_the_masthead_names_the_day_in_the_newsrooms_zone(client, monkeypatch):
    cast.make_publication(zone="Pacific/Auckland", place="Auckland")
    late = dt.datetime(2025, 1, 23, 22, 0, tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: late)
    html = front(client)
    assert '<time datetime="2025-01-24">Friday, January 24, 2025</time>' in html
    assert "<span>Auckland</span>" in html


def test_it_is_shared_and_can_be_asked_again(client):
    cast.make_story()
    answer = client.get("/")
    assert answer["Cache-Control"].startswith("public, max-age=0, s-maxage=")
    assert not answer.cookies
    again = client.get("/", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
