"""The page and the feed of all corrections."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.http import http_date

from articles.site import corrections, head, structured_data
from articles.site.caching import shared
from articles.site.feeds import CONTENT_TYPE, ITEMS, tag_uri
from articles.site.frame import frame_of
from articles.site.head import absolute
from articles.site.list_views import place_of

TITLE = "Corrections"
TEXT = "What we have put right in our stories, said in the open."


@shared
def correction_list(request: HttpRequest) -> HttpResponse:
    """Every correction of a story that is public, or was retracted, page by page."""
    frame, place, path = frame_of(request), place_of(request), reverse("articles:corrections")
    page = corrections.page_at(timezone.now(), place, frame)
    if place.after is not None and page.newer is None:
        # The top is reached: the first page shows it whole.
        return redirect(path)
    way = [(frame.name, "/"), (TITLE, path)]
    context = {
        "title": TITLE,
        "text": TEXT,
        "path": path,
        "feed": reverse("articles:corrections-feed-rss"),
        "page": page,
        "is_first_page": place.is_first,
        "head": head.of_list(
            title=TITLE,
            description=f"Corrections and clarifications of stories from {frame.name}.",
            path=f"{path}{place.query}",
            frame=frame,
            feed=reverse("articles:corrections-feed-rss"),
            is_indexed=bool(page.entries),
            scripts=(structured_data.script(structured_data.breadcrumbs(way)),),
        ),
    }
    return render(request, "articles/corrections.html", context)


@shared
def correction_feed(request: HttpRequest) -> HttpResponse:
    frame = frame_of(request)
    entries = corrections.newest(timezone.now(), frame, size=ITEMS)
    feed = Rss201rev2Feed(
        title=f"{frame.name}: {TITLE}",
        link=absolute(reverse("articles:corrections")),
        description=TEXT,
        language=frame.language,
        feed_url=absolute(reverse("articles:corrections-feed-rss")),
    )
    for entry in entries:
        feed.add_item(
            title=f"{entry.label}: {entry.headline}",
            link=absolute(entry.url),
            description=entry.text,
            unique_id=tag_uri(entry.at, entry.anchor),
            unique_id_is_permalink=False,
            pubdate=entry.at,
        )
    response = HttpResponse(feed.writeString("utf-8"), content_type=CONTENT_TYPE)
    if entries:
        response["Last-Modified"] = http_date(entries[0].at.timestamp())
    return response
