"""Lists of stories, page by page, and the plain pages."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from articles import publishing
from articles.models import AuthorLink, PlainPage
from articles.site.keyset import PAGE_SIZE, BadKey, Key
from tests import cast
from tests.articles.site.crowd import gather
from tests.articles.site.public_acts import ago, change

pytestmark = pytest.mark.django_db

LISTS = ["/latest/", "/section-0/", "/topics/shipping/", "/authors/lisa-berg/"]


def headlines(html):
    return re.findall(r'story-card__headline"><a href="[^"]*">(Story \d+)</a>', html)


def link(html, words):
    found = re.search(rf'<a(?: class="[^"]*")? href="([^"]+)" rel="\w+">{words}</a>', html)
    return found and found[1]


@pytest.mark.parametrize("path", LISTS)
def test_every_story_is_met_once_going_down(client, path):
    gather(stories=47, sections=1)
    pages, here = [], path
    while here:
        html = client.get(here).content.decode()
        pages.append(headlines(html))
        here = link(html, "Older stories")
    assert [story for page in pages for story in page] == [f"Story {n}" for n in range(47)]
    assert [len(page) for page in pages] == [PAGE_SIZE, PAGE_SIZE, 7]


def cards(html):
    return re.findall(r'<article class="story-card.*?</article>', html, re.S)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"headline": "The harbour opens"}, "The harbour opens"),
        ({"standfirst": "By noon."}, "By noon."),
        ({"access": "premium"}, "Premium"),
        ({"path": "/world/2026/another-address/"}, "/another-address/"),
        ({"published_at": dt.datetime(2020, 5, 4, 12, tzinfo=dt.UTC)}, "May 4, 2020"),
    ],
)
def test_a_card_that_was_shown_before_shows_what_has_changed(client, changed, words):
    story = cast.make_story(headline="The harbour closes", at=ago(hours=1))
    (before,) = cards(client.get("/latest/").content.decode())
    change(story, **changed)
    (after,) = cards(client.get("/latest/").content.decode())
    assert words not in before
    assert words in after


def test_a_section_of_another_name_has_it_on_the_cards_of_its_stories(client):
    story = cast.make_story(headline="The harbour closes", at=ago(hours=1))
    client.get("/latest/")
    type(story.section).objects.filter(pk=story.section_id).update(name="Sea and Coast")
    assert "Sea and Coast</a></p>" in cards(client.get("/latest/").content.decode())[0]


def test_one_story_has_a_card_of_its_own_for_each_kind_of_list(client):
    gather(stories=1, sections=1)
    with_kicker = cards(client.get("/latest/").content.decode())[0]
    without = cards(client.get("/section-0/").content.decode())[0]
    on_front = cards(client.get("/").content.decode())[0]
    assert ('class="kicker"' in with_kicker, 'class="kicker"' in without) == (True, False)
    assert "story-card--lead" in on_front
    assert client.get("/latest/").content.decode().count(with_kicker) == 1


def test_going_up_to_the_top_leads_to_the_first_page(client):
    gather(stories=30, sections=1)
    second = _second_page(client, "/latest/")
    answer = client.get(link(second, "Newer stories"))
    assert (answer.status_code, answer["Location"]) == (302, "/latest/")


def _second_page(client, path):
    return client.get(link(client.get(path).content.decode(), "Older stories")).content.decode()


def test_a_page_in_the_middle_shows_the_stories_just_above(client):
    gather(stories=70, sections=1)
    second = _second_page(client, "/latest/")
    third = client.get(link(second, "Older stories")).content.decode()
    answer = client.get(link(third, "Newer stories"))
    assert headlines(answer.content.decode()) == headlines(second)


def test_stories_of_the_same_moment_are_not_lost_between_pages(client):
    at = timezone.now() - dt.timedelta(hours=1)
    for number in range(PAGE_SIZE + 3):
        cast.make_story(headline=f"Story {number}", at=at)
    first = client.get("/latest/").content.decode()
    second = client.get(link(first, "Older stories")).content.decode()
    assert len(set(headlines(first) + headlines(second))) == PAGE_SIZE + 3


@pytest.mark.parametrize("path", [*LISTS, "/search/"])
@pytest.mark.parametrize(
    "query",
    [
        "before=",
        "before=0",
        "before=x",
        "before=20250101T000000000000-",
        "before=99999999T999999999999-1",
        "before=20250101T000000000000-9999999999999999999",
        "after=%00",
        "after=-1",
        "before=20250101T000000000000-1'",
        "before=%FF",
        "page=-1",
        "page=x",
        "q=%00&before=1",
    ],
)
def test_a_key_that_is_not_ours_is_no_error(client, path, query):
    gather(stories=3, sections=1)
    assert client.get(f"{path}?{query}").status_code in {200, 404}


def test_a_key_survives_its_way_through_an_address():
    key = Key(dt.datetime(2025, 1, 24, 14, 40, 1, 5, tzinfo=dt.UTC), 7)
    assert Key.parse(str(key)) == key
    for bad in ("", "7", "20250124T144001000005", "20251324T144001000005-7", f"{key} "):
        with pytest.raises(BadKey):
            Key.parse(bad)


def test_each_page_of_a_list_is_canonical_to_itself(client, settings):
    gather(stories=30, sections=1)
    first = client.get("/latest/?utm_source=x").content.decode()
    assert f'<link rel="canonical" href="{settings.SITE_URL}/latest/">' in first
    older = link(first, "Older stories")
    second = client.get(older).content.decode()
    assert f'<link rel="canonical" href="{settings.SITE_URL}{older}">' in second


def test_a_page_after_the_last_story_says_so_and_leads_back(client):
    gather(stories=3, sections=1)
    html = client.get("/latest/?before=20000101T000000000000-1").content.decode()
    assert "There are no older stories." in html
    assert 'content="noindex"' in html


def test_an_author_is_public_from_the_first_live_story(client):
    author = cast.lisa()
    assert client.get("/authors/lisa-berg/").status_code == 404
    assert client.get("/authors/lisa-berg/feeds/rss/").status_code == 404
    AuthorLink.objects.create(author=author, label="Website", url="https://example.com/lisa")
    author.portrait = cast.make_image()
    author.save()
    story = cast.make_story()
    html = client.get("/authors/lisa-berg/").content.decode()
    for part in (
        "Lisa writes.",
        "Harbour correspondent",
        'alt="Portrait of Lisa Berg"',
        'href="https://example.com/lisa"',
        f'href="/account/follow/author/{author.pk}/"',
        story.path,
        '"@type":"ProfilePage"',
    ):
        assert part in html, part
    publishing.unpublish(story.article, editor=cast.ed())
    assert client.get("/authors/lisa-berg/").status_code == 404


def test_an_empty_section_and_topic_are_pages_but_not_for_search_engines(client):
    cast.make_section("World")
    cast.make_topic("Shipping")
    for path in ("/world/", "/topics/shipping/"):
        html = client.get(path).content.decode()
        assert "Nothing here yet" in html
        assert '<meta name="robots" content="noindex">' in html


def test_a_section_names_itself_and_can_be_followed(client):
    section = cast.make_section("World", description="Near and far.")
    for _ in range(6):
        cast.make_story(section=section)
    html = client.get("/world/").content.decode()
    assert "<h1>World</h1>" in html
    assert "Near and far." in html
    assert f'href="/account/follow/section/{section.pk}/"' in html
    assert '<a href="/world/" aria-current="true">World</a>' in html
    assert 'type="application/rss+xml"' in html
    assert 'href="/world/feeds/rss/"' in html


def test_a_topic_names_its_ticker(client):
    cast.make_topic("Harbour Holding", ticker="HRB", exchange="NYSE")
    assert "Topic · HRB, NYSE" in client.get("/topics/harbour-holding/").content.decode()


def test_a_plain_page_shows_its_text_made_harmless(client):
    PlainPage.objects.create(
        title="Privacy",
        slug="privacy",
        body="<h2>What we keep</h2><p>Little.<script>x</script></p>",
    )
    answer = client.get("/about/privacy/")
    html = answer.content.decode()
    assert "<h1>Privacy</h1>" in html
    assert "<h2>What we keep</h2><p>Little.</p>" in html
    assert '<a href="/about/privacy/">Privacy</a>' in html
    assert client.get("/about/nothing/").status_code == 404


@pytest.mark.parametrize("path", ["/nothing/", "/authors/nobody/", "/topics/nothing/"])
def test_what_does_not_exist_is_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_shared(client, path):
    gather(stories=3, sections=1)
    answer = client.get(path)
    assert answer["Cache-Control"].startswith("public, max-age=0")
    assert not answer.cookies
