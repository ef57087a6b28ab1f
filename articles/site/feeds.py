"""RSS feeds: of the site, a section, an author, a topic.

A feed has no reader: each story is decided as for an anonymous one, so a story that is not free
gives its teaser and a link.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.html import format_html
from django.utils.http import http_date
from django.utils.xmlutils import SimplerXMLGenerator

from articles import body
from articles.models import (
    Author,
    AuthorListing,
    Image,
    PublishedArticle,
    Section,
    SectionListing,
    Topic,
    TopicListing,
)
from articles.photos.rights import Use, may
from articles.site import figures, leads, listings
from articles.site.caching import shared
from articles.site.due import is_due
from articles.site.frame import Frame, frame_of
from articles.site.head import absolute
from articles.site.paywall import decide
from articles.site.presenters import description_of, shown_html
from articles.site.reader import ANONYMOUS
from articles.site.reading import subject

ITEMS = 30
CONTENT_TYPE = "application/rss+xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed is of: its title, the page it belongs to, and its own address."""

    title: str
    text: str
    page: str
    address: str


class RssFeed(Rss201rev2Feed):
    """RSS 2.0 with the creator, the whole text and the lead picture of each item."""

    content_type = CONTENT_TYPE

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:media": "http://search.yahoo.com/mrss/",
        }

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["creators"]:
            handler.addQuickElement("dc:creator", name)
        handler.addQuickElement("content:encoded", item["content"])
        if item["picture"]:
            _add_picture(handler, item["picture"])


def _add_picture(handler: SimplerXMLGenerator, figure: figures.Figure) -> None:
    shown = figure.picture
    attributes = {
        "url": absolute(shown.largest_url),
        "type": "image/jpeg",
        "medium": "image",
        "width": str(shown.width),
        "height": str(shown.height),
    }
    handler.startElement("media:content", AttributesImpl(attributes))
    if figure.credit:
        handler.addQuickElement("media:credit", str(figure.credit))
    if figure.credit.licence:
        handler.addQuickElement(
            "media:license",
            figure.credit.licence,
            {"type": "text/html", "href": figure.credit.licence_url},
        )
    if figure.caption:
        handler.addQuickElement("media:description", figure.caption, {"type": "plain"})
    handler.endElement("media:content")


@shared
def site_feed(request: HttpRequest) -> HttpResponse:
    frame = frame_of(request)
    channel = Channel(
        frame.name, f"All stories from {frame.name}.", "/", reverse("articles:feed-rss")
    )
    now = timezone.now()
    return _answer(
        frame, channel, PublishedArticle.objects.on_fronts(now).newest_first()[:ITEMS], now
    )


@shared
def section_feed(request: HttpRequest, slug: str) -> HttpResponse:
    section = get_object_or_404(Section, slug=slug)
    rows = SectionListing.objects.filter(section=section)
    return _listed(request, section, "articles:section-feed-rss", section.description, rows)


@shared
def author_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The feed of an author, who is public from the first live story."""
    author = get_object_or_404(Author, slug=slug)
    rows = AuthorListing.objects.filter(author=author)
    if not listings.live(rows, timezone.now()).exists():
        raise Http404
    return _listed(request, author, "articles:author-feed-rss", author.bio, rows)


@shared
def topic_feed(request: HttpRequest, slug: str) -> HttpResponse:
    topic = get_object_or_404(Topic, slug=slug)
    rows = TopicListing.objects.filter(topic=topic)
    return _listed(request, topic, "articles:topic-feed-rss", topic.description, rows)


def _listed(
    request: HttpRequest, thing: Section | Author | Topic, name: str, text: str, rows: Any
) -> HttpResponse:
    frame = frame_of(request)
    channel = Channel(
        title=f"{frame.name}: {thing.name}",
        text=text or f"Stories from {frame.name}: {thing.name}.",
        page=thing.get_absolute_url(),
        address=reverse(name, args=[thing.slug]),
    )
    now = timezone.now()
    newest = listings.live(rows, now).order_by("-published_at", "-published_id")
    numbers = newest.values("published_id")[:ITEMS]
    stories = PublishedArticle.objects.live(now).filter(pk__in=numbers).newest_first()
    return _answer(frame, channel, stories, now)


def _answer(
    frame: Frame, channel: Channel, chosen: QuerySet[PublishedArticle], now: dt.datetime
) -> HttpResponse:
    stories = list(chosen.select_related(*leads.WITH_PICTURES))
    feed = RssFeed(
        title=channel.title,
        link=absolute(channel.page),
        description=channel.text,
        language=frame.language,
        feed_url=absolute(channel.address),
        feed_copyright=frame.rights_note or None,
    )
    images = _images(stories, now)
    for story in stories:
        item = _headline_item(story) if is_due(story, now) else _item(story, images, now)
        feed.add_item(**item)
    response = HttpResponse(feed.writeString("utf-8"), content_type=CONTENT_TYPE)
    # What is due, or left out until its rights change, changes the feed when no row tells of it.
    is_whole = not any(
        is_due(story, now) or _lacks_pictures(story, images, now) for story in stories
    )
    if stories and is_whole:
        newest = max(story.changed_at for story in stories)
        response["Last-Modified"] = http_date(newest.timestamp())
    return response


def _item(story: PublishedArticle, images: Mapping[int, Image], at: dt.datetime) -> dict[str, Any]:
    return _headline_item(story) | {
        "description": description_of(story),
        "categories": [story.section.name],
        "creators": [line["name"] for line in story.byline],
        "content": _content(story, images, at),
        "picture": leads.figure_of(story, Use.WEB, at),
    }


def _lacks_pictures(story: PublishedArticle, images: Mapping[int, Image], at: dt.datetime) -> bool:
    """Whether a picture of the story may not be shown at ``at``."""
    shown = shown_html(story, decide(subject(story), ANONYMOUS, at))
    placed = (images[number] for number in body.image_ids(shown) if number in images)
    return leads.is_held_back(story, Use.WEB, at) or any(
        not may(image, Use.WEB, at) for image in placed
    )


def _headline_item(story: PublishedArticle) -> dict[str, Any]:
    """All that a feed says of a story while an update of it is due."""
    return {
        "title": story.headline,
        "link": absolute(story.path),
        "description": None,
        "unique_id": guid(story),
        "unique_id_is_permalink": False,
        "pubdate": story.published_at,
        "updateddate": story.changed_at,
        "creators": [],
        "content": _way_on(story),
        "picture": None,
    }


def guid(story: PublishedArticle) -> str:
    """A name that stays when the address changes: it holds the story's number."""
    return tag_uri(story.published_at, f"story-{story.article_id}")


def tag_uri(at: dt.datetime, name: str) -> str:
    """A name for all time (RFC 4151): of this host, from the day of ``at``."""
    host = absolute("").split("://", 1)[1].split(":")[0]
    return f"tag:{host},{at:%Y-%m-%d}:{name}"


def _content(story: PublishedArticle, images: Mapping[int, Image], at: dt.datetime) -> str:
    decision = decide(subject(story), ANONYMOUS, at)
    html = body.fill(
        shown_html(story, decision),
        lambda reference: _figure(reference, images, at),
        lambda _, ticker: format_html("{}", ticker),
    )
    if decision.full:
        return html
    return html + _way_on(story)


def _way_on(story: PublishedArticle) -> str:
    return format_html(
        '<p><a href="{}">Read the whole story on the site</a></p>', absolute(story.path)
    )


def _images(stories: Iterable[PublishedArticle], at: dt.datetime) -> dict[int, Image]:
    """The pictures in what the feed shows, in one query."""
    wanted: set[int] = set()
    for story in stories:
        if is_due(story, at):
            continue
        shown = shown_html(story, decide(subject(story), ANONYMOUS, at))
        wanted.update(body.image_ids(shown))
    return Image.objects.in_bulk(wanted) if wanted else {}


def _figure(reference: body.FigureReference, images: Mapping[int, Image], at: dt.datetime) -> str:
    image = images.get(reference.image_id)
    if image is None or not may(image, Use.WEB, at):
        return ""
    figure = figures.figure_of(image, caption=reference.caption, alt=reference.alt)
    return format_html(
        '<figure><img src="{}" width="{}" height="{}" alt="{}">'
        "<figcaption>{} {}</figcaption></figure>",
        absolute(figure.picture.largest_url),
        figure.picture.width,
        figure.picture.height,
        figure.alt,
        figure.caption,
        figure.credit.html,
    )
