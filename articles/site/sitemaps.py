"""Sitemaps for search engines, cut by the numbers of stories, and robots.txt."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from articles.models import (
    Author,
    AuthorListing,
    PlainPage,
    Publication,
    PublishedArticle,
    Section,
    SectionListing,
    Topic,
    TopicListing,
)
from articles.photos import rights
from articles.photos.renditions import picture
from articles.site import corrections, leads, listings
from articles.site.caching import shared
from articles.site.due import is_due
from articles.site.frame import frame_of
from articles.site.head import absolute

# How many story numbers one sitemap spans; a file may hold 50,000 addresses at most.
A_SPAN = 10_000
LATEST_CHANGES = 500
NEWS_AGE = dt.timedelta(days=2)
NEWS_IN_A_FILE = 1000

AI_CRAWLERS = (
    "Amazonbot",
    "Applebot-Extended",
    "Bytespider",
    "CCBot",
    "ClaudeBot",
    "Google-Extended",
    "GPTBot",
    "Meta-ExternalAgent",
    "PerplexityBot",
)

Entry = tuple[str, dt.datetime | None]


@shared
def index(request: HttpRequest) -> HttpResponse:
    """The list of sitemaps: the pages, and one for each span of stories.

    Spans are worked out from the first and the last live story: to ask each for its stories would
    cost the more, the more there are. One between them may be empty. A time stands with those that
    the latest changes fell into.
    """
    now = timezone.now()
    changed = _changed(now)
    entries: list[Entry] = [(absolute(reverse("articles:sitemap-pages")), None)]
    for span in _spans(now):
        address = absolute(reverse("articles:sitemap-stories", args=[span]))
        entries.append((address, changed.get(span)))
    return _xml(request, "articles/sitemap_index.xml", {"entries": entries})


def _spans(at: dt.datetime) -> range:
    """From the span of the first live story at ``at`` to that of the last."""
    numbers = PublishedArticle.objects.live(at).values_list("pk", flat=True)
    first, last = numbers.order_by("pk").first(), numbers.order_by("-pk").first()
    if first is None or last is None:
        return range(0)
    return range(first // A_SPAN, last // A_SPAN + 1)


def _changed(at: dt.datetime) -> dict[int, dt.datetime]:
    """The newest change of each span that one of the latest changes fell into."""
    latest = (
        PublishedArticle.objects.live(at)
        .filter(changed_at__lte=at)
        .order_by("-changed_at", "-pk")
        .values_list("pk", "changed_at")
    )
    found: dict[int, dt.datetime] = {}
    for number, changed_at in latest[:LATEST_CHANGES]:
        found.setdefault(number // A_SPAN, changed_at)
    return found


@shared
def stories(request: HttpRequest, span: int) -> HttpResponse:
    """The live stories of one span of numbers, each with its lead picture."""
    now = timezone.now()
    rows = (
        PublishedArticle.objects.live(now)
        .filter(pk__gte=span * A_SPAN, pk__lt=(span + 1) * A_SPAN)
        .order_by("pk")
        .select_related(*leads.WITH_PICTURES)
        .only("path", "changed_at", "next_at", "section__id", *leads.NARROW)
    )
    entries = [(absolute(row.path), row.changed_at, _picture(row, now)) for row in rows]
    if not entries and span not in _spans(now):
        raise Http404
    return _xml(request, "articles/sitemap.xml", {"entries": entries})


def _picture(story: PublishedArticle, at: dt.datetime) -> str:
    """The address of the picture that its page shows at ``at``; none while an update is due."""
    image = None if is_due(story, at) else leads.image_of(story, rights.Use.WEB, at)
    return absolute(picture(image).largest_url) if image else ""


@shared
def pages(request: HttpRequest) -> HttpResponse:
    """Front page, lists and plain pages: those that show something."""
    entries = [(address, changed, "") for address, changed in _pages(timezone.now())]
    return _xml(request, "articles/sitemap.xml", {"entries": entries})


def _pages(at: dt.datetime) -> Iterator[Entry]:
    yield absolute("/"), None
    yield absolute(reverse("articles:latest")), None
    if corrections.are_there(at):
        yield absolute(reverse("articles:corrections")), None
    lists: tuple[tuple[Any, str, QuerySet[Any]], ...] = (
        (Section, "articles:section", SectionListing.objects.filter(section=OuterRef("pk"))),
        (Topic, "articles:topic", TopicListing.objects.filter(topic=OuterRef("pk"))),
        (Author, "articles:author", AuthorListing.objects.filter(author=OuterRef("pk"))),
    )
    for model, name, listed in lists:
        # Limited, so that it stays a look into the index: a join would read every row.
        newest = listings.live(listed, at).order_by("-published_at", "-published_id")
        has_one = Subquery(newest.values("published_id")[:1])
        shown = model.objects.annotate(newest=has_one).exclude(newest=None).order_by("pk")
        for slug in shown.values_list("slug", flat=True):
            yield absolute(reverse(name, args=[slug])), None
    for slug, changed in PlainPage.objects.order_by("pk").values_list("slug", "changed_at"):
        yield absolute(reverse("articles:page", args=[slug])), changed


@shared
def news(request: HttpRequest) -> HttpResponse:
    """The stories of the last two days; an index of parts where there are over a thousand."""
    count = _news_rows(timezone.now()).count()
    if count <= NEWS_IN_A_FILE:
        return _news(request, part=0)
    parts = range((count + NEWS_IN_A_FILE - 1) // NEWS_IN_A_FILE)
    entries = [(absolute(reverse("articles:news-part", args=[part])), None) for part in parts]
    return _xml(request, "articles/sitemap_index.xml", {"entries": entries})


@shared
def news_part(request: HttpRequest, part: int) -> HttpResponse:
    return _news(request, part=part)


def _news_rows(at: dt.datetime) -> QuerySet[PublishedArticle]:
    return (
        PublishedArticle.objects.on_fronts(at)
        .filter(published_at__gt=at - NEWS_AGE)
        .newest_first()
        .only("path", "headline", "published_at", "language")
    )


def _news(request: HttpRequest, *, part: int) -> HttpResponse:
    start = part * NEWS_IN_A_FILE
    found = list(_news_rows(timezone.now())[start : start + NEWS_IN_A_FILE])
    entries = [
        (absolute(story.path), news_language(story.language), story.published_at, story.headline)
        for story in found
    ]
    context = {"entries": entries, "name": frame_of(request).name}
    return _xml(request, "articles/news_sitemap.xml", context)


def news_language(tag: str) -> str:
    """A language tag as news sitemaps want it: ISO 639 alone, but Chinese with its country."""
    tag = tag.lower()
    return tag if tag in {"zh-cn", "zh-tw"} else tag.split("-")[0]


@shared
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may fetch. The editor decides about those that train models."""
    publication = Publication.objects.only("allows_ai_crawlers").first() or Publication()
    context = {
        "refused": () if publication.allows_ai_crawlers else AI_CRAWLERS,
        "closed": ("/admin/", reverse("articles:search"), "/account/", "/preview/"),
        "sitemaps": [
            absolute(reverse("articles:sitemap")),
            absolute(reverse("articles:news-sitemap")),
        ],
    }
    return render(request, "articles/robots.txt", context, content_type="text/plain")


def _xml(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, content_type="application/xml")
