"""Sitemaps and robots.txt, parsed as crawlers do."""

import datetime as dt
import xml.etree.ElementTree as ET

import pytest
from django.utils import timezone

from articles import publishing
from articles.models import PlainPage, PublishedArticle
from articles.site import sitemaps
from tests import cast

pytestmark = pytest.mark.django_db

NS = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}


def xml(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert answer["Content-Type"].startswith("application/xml")
    return ET.fromstring(answer.content)  # noqa: S314 - our own file


def addresses(root):
    return [node.text for node in root.iterfind(".//s:loc", NS)]


def story_maps(client) -> dict[str, dt.datetime | None]:
    """The listed sitemaps of stories, each with the time it says."""
    said = {
        node.findtext("s:loc", namespaces=NS): node.findtext("s:lastmod", namespaces=NS)
        for node in xml(client, "/sitemap.xml").iterfind("s:sitemap", NS)
    }
    return {
        address: dt.datetime.fromisoformat(at) if at else None
        for address, at in said.items()
        if "/stories-" in address
    }


def test_the_index_leads_to_every_live_page(client, settings):
    story = cast.make_story(topics=[cast.make_topic()])
    gone = cast.make_story()
    publishing.unpublish(gone.article, editor=cast.ed())
    cast.make_section("Empty")
    PlainPage.objects.create(title="About us", slug="us")
    found = []
    for address in addresses(xml(client, "/sitemap.xml")):
        found += addresses(xml(client, address.removeprefix(settings.SITE_URL)))
    paths = {address.removeprefix(settings.SITE_URL) for address in found}
    assert paths == {
        "/",
        "/latest/",
        "/world/",
        "/topics/shipping/",
        "/authors/lisa-berg/",
        "/about/us/",
        story.path,
    }
    for path in paths:
        assert client.get(path).status_code == 200


def test_the_time_of_a_change_is_that_of_the_words(client):
    story = cast.make_story()
    root = xml(client, "/sitemaps/stories-0.xml")
    changed = dt.datetime.fromisoformat(root.findtext(".//s:lastmod", namespaces=NS))
    assert changed == PublishedArticle.objects.live(timezone.now()).get(pk=story.pk).changed_at


def test_stories_are_cut_by_their_numbers(client, monkeypatch, settings):
    stories = [cast.make_story() for _ in range(5)]
    monkeypatch.setattr(sitemaps, "A_SPAN", 2)
    spans = story_maps(client)
    assert len(spans) >= 3
    maps = [xml(client, span.removeprefix(settings.SITE_URL)) for span in spans]
    found = [address for root in maps for address in addresses(root)]
    assert sorted(found) == sorted(f"{settings.SITE_URL}{story.path}" for story in stories)


def test_a_span_between_others_may_be_empty_and_one_beyond_them_is_not_there(
    client, monkeypatch, settings
):
    monkeypatch.setattr(sitemaps, "A_SPAN", 1)
    gone_first, first, gone, last, gone_last = (cast.make_story() for _ in range(5))
    for story in (gone_first, gone, gone_last):
        publishing.unpublish(story.article, editor=cast.ed())
    path = "/sitemaps/stories-{}.xml"

    assert list(story_maps(client)) == [
        f"{settings.SITE_URL}{path.format(number)}" for number in (first.pk, gone.pk, last.pk)
    ]
    assert addresses(xml(client, path.format(gone.pk))) == []
    for story in (gone_first, gone_last):
        assert client.get(path.format(story.pk)).status_code == 404


def test_the_list_says_when_a_span_was_changed_where_that_was_lately(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "A_SPAN", 1)
    monkeypatch.setattr(sitemaps, "LATEST_CHANGES", 2)
    stories = [cast.make_story() for _ in range(3)]
    public = PublishedArticle.objects.in_bulk(story.pk for story in stories)
    changed = [public[story.pk].changed_at for story in stories]

    assert list(story_maps(client).values()) == [None, *changed[1:]]


def test_a_newsroom_without_stories_lists_none(client):
    assert story_maps(client) == {}
    assert client.get("/sitemaps/stories-0.xml").status_code == 404


def test_the_news_sitemap_holds_two_days(client, settings):
    cast.make_publication(name="The Testing Post")
    new = cast.make_story(headline="Fresh & new", language="en-GB")
    old = cast.make_article()
    cast.publish(old, at=timezone.now() - dt.timedelta(days=2, minutes=1))
    root = xml(client, "/news-sitemap.xml")
    assert addresses(root) == [f"{settings.SITE_URL}{new.path}"]
    news = root.find(".//n:news", NS)
    assert news.findtext("n:publication/n:name", namespaces=NS) == "The Testing Post"
    assert news.findtext("n:publication/n:language", namespaces=NS) == "en"
    assert news.findtext("n:title", namespaces=NS) == "Fresh & new"
    published = dt.datetime.fromisoformat(news.findtext("n:publication_date", namespaces=NS))
    assert published.tzinfo is not None


def test_more_news_than_a_file_holds_becomes_an_index(client, monkeypatch, settings):
    for _ in range(5):
        cast.make_story()
    monkeypatch.setattr(sitemaps, "NEWS_IN_A_FILE", 2)
    parts = addresses(xml(client, "/news-sitemap.xml"))
    assert len(parts) == 3
    found = [a for p in parts for a in addresses(xml(client, p.removeprefix(settings.SITE_URL)))]
    assert len(set(found)) == 5


def test_an_empty_newsroom_has_valid_sitemaps(client):
    for path in ("/sitemap.xml", "/sitemaps/pages.xml", "/news-sitemap.xml"):
        xml(client, path)


def test_robots_txt_names_the_sitemaps_and_what_is_closed(client, settings):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    lines = answer.content.decode().splitlines()
    for line in (
        "Disallow: /admin/",
        "Disallow: /account/",
        "Disallow: /search/",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
        f"Sitemap: {settings.SITE_URL}/news-sitemap.xml",
    ):
        assert line in lines


def test_the_editor_decides_about_crawlers_that_train_models(client):
    assert "User-agent: GPTBot" in client.get("/robots.txt").content.decode()
    cast.make_publication(allows_ai_crawlers=True)
    assert "GPTBot" not in client.get("/robots.txt").content.decode()
