"""RSS feeds, parsed as a reader's program does."""

import email.utils
import xml.etree.ElementTree as ET

import pytest

from articles import publishing
from tests import cast

pytestmark = pytest.mark.django_db

NS = {
    "atom": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "media": "http://search.yahoo.com/mrss/",
}
FEEDS = {
    "/feeds/rss/": "/",
    "/world/feeds/rss/": "/world/",
    "/topics/shipping/feeds/rss/": "/topics/shipping/",
    "/authors/lisa-berg/feeds/rss/": "/authors/lisa-berg/",
}


def channel(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/rss+xml; charset=utf-8"
    return ET.fromstring(answer.content).find("channel")  # noqa: S314 - our own feed


@pytest.mark.parametrize(("path", "home"), FEEDS.items())
def test_a_feed_names_itself_and_its_page(client, settings, path, home):
    cast.make_story(topics=[cast.make_topic()])
    feed = channel(client, path)
    assert feed.findtext("link") == f"{settings.SITE_URL}{home}"
    itself = feed.find("atom:link[@rel='self']", NS)
    assert itself.get("href") == f"{settings.SITE_URL}{path}"
    assert len(feed.findall("item")) == 1
    page = client.get(home).content.decode()
    assert f'type="application/rss+xml" title="{feed.findtext("title")}' in page


def test_an_item_holds_a_free_story_whole_with_absolute_pictures(client, settings):
    figure = cast.make_image()
    story = cast.make_story(
        headline="Ships & <wind>",
        body=f'<p>First.</p><figure data-image="{figure.pk}"></figure><p>Second.</p><p>Third.</p>',
        lead_image=cast.make_image(),
    )
    item = channel(client, "/feeds/rss/").find("item")
    assert item.findtext("title") == "Ships & <wind>"
    assert item.findtext("link") == f"{settings.SITE_URL}{story.path}"
    assert item.find("guid").get("isPermaLink") == "false"
    assert item.findtext("dc:creator", namespaces=NS) == "Lisa Berg"
    assert email.utils.parsedate_to_datetime(item.findtext("pubDate")).tzinfo is not None
    content = item.findtext("content:encoded", namespaces=NS)
    assert "<p>Third.</p>" in content
    assert f'<img src="{settings.SITE_URL}/media/r/{figure.rendition_name}/' in content
    assert "Ana Duarte / Testing Pictures" in content
    picture = item.find("media:content", NS)
    assert picture.get("url").startswith(f"{settings.SITE_URL}/media/r/")
    assert picture.get("type") == "image/jpeg"


@pytest.mark.parametrize("access", ["registered", "premium"])
def test_a_gated_item_is_the_teaser_and_a_link(client, settings, access):
    story = cast.make_story(
        access=access,
        body=f'{cast.PARAGRAPH}<hr data-cut=""><p>Behind the cut.</p>{cast.PARAGRAPH * 3}',
    )
    content = channel(client, "/feeds/rss/").find("item").findtext("content:encoded", None, NS)
    assert "eleven ships" in content
    assert "Behind the cut" not in content
    assert content.endswith(
        f'<a href="{settings.SITE_URL}{story.path}">Read the whole story on the site</a></p>'
    )


def test_the_guid_stays_when_the_address_changes(client):
    article = cast.make_article(slug="first")
    cast.publish(article)
    before = channel(client, "/feeds/rss/").find("item/guid").text
    article.slug = "second"
    article.save()
    cast.publish(article)
    item = channel(client, "/feeds/rss/").find("item")
    assert item.find("guid").text == before
    assert item.findtext("link").endswith("/second/")


def test_an_unpublished_story_leaves_the_feeds(client):
    story = cast.make_story()
    publishing.unpublish(story.article, editor=cast.ed())
    assert channel(client, "/feeds/rss/").find("item") is None
    assert channel(client, "/world/feeds/rss/").find("item") is None


def test_a_feed_can_be_asked_again(client):
    cast.make_story()
    answer = client.get("/feeds/rss/")
    for header, value in (
        ("If-None-Match", answer["ETag"]),
        ("If-Modified-Since", answer["Last-Modified"]),
    ):
        assert client.get("/feeds/rss/", headers={header: value}).status_code == 304
    assert not answer.cookies


@pytest.mark.parametrize("path", ["/feeds/atom/", "/feeds/json/", "/nothing/feeds/rss/"])
def test_other_feeds_are_not_there_yet(client, path):
    assert client.get(path).status_code == 404
