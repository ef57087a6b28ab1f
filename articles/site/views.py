"""The readers' pages of stories and lists."""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone

from articles.models import PublishedArticle
from articles.models.article import Access
from articles.readership import tally
from articles.site import caching, due, embed_boxes, head, reading, retracted, structured_data
from articles.site.caching import shared
from articles.site.frame import Frame, frame_of
from articles.site.paywall import decide
from articles.site.presenters import ArticlePage
from articles.site.reader import ANONYMOUS, Level, Meter, Reader


@embed_boxes.may_frame
@shared
def article_detail(
    request: HttpRequest, year: str, month: str, day: str, slug: str
) -> HttpResponse:
    """The page of one story: whole, or the teaser and the reason why."""
    now = timezone.now()
    path = f"/{year}/{month}/{day}/{slug}/"
    live = reading.live_story(path, now)
    if live is None:
        return _elsewhere(request, path, now)
    caching.hang_on(request, live.article_id)
    shown = due.shown_at(live, now)
    story = shown.story
    if _needs_the_reader(request, story):
        return caching.not_shared(request)
    reader = reader_for(request, story)
    decision = decide(reading.subject(story), reader, now)
    frame = frame_of(request)
    page = reading.page_of(shown, decision, frame=frame, at=now, reader=reader)
    embed_boxes.allow(request, page.frame_hosts)
    response = render(
        request,
        "articles/article.html",
        {
            "page": page,
            "head": article_head(page, frame),
            "current_section_id": page.section.id,
        },
    )
    if reader is not ANONYMOUS and reader.level is None:
        response["Cache-Control"] = caching.PRIVATE
    _count(request, story)
    return response


def _count(request: HttpRequest, story: PublishedArticle) -> None:
    """Count a read that no page cache answers; that one counts what it sends by itself."""
    if request.method != "GET" or caching.is_for_page_cache(request):
        return
    if not caching.has_session(request) or not request.reader.is_staff:  # type: ignore[attr-defined]
        tally.count(story.article_id)


def reader_for(request: HttpRequest, story: PublishedArticle) -> Reader:
    """Who reads a story. A free story costs no query, nor does a browser without our cookies."""
    if story.access == Access.METERED and caching.has_opened(request):
        return _with_meter(request)
    if story.access == Access.FREE or not caching.is_for_account(request):
        return ANONYMOUS
    reader: Reader = request.reader  # type: ignore[attr-defined]
    if reader.level is not None:
        return reader
    return _with_meter(request) if story.access == Access.METERED else reader


def _needs_the_reader(request: HttpRequest, story: PublishedArticle) -> bool:
    """Whether the page cache asks for what readers of its level do not share: a metered story,
    which some of them have opened."""
    return story.access == Access.METERED and caching.level_of(request) == Level.REGISTERED


def _with_meter(request: HttpRequest) -> Reader:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    meter: Meter = request.meter  # type: ignore[attr-defined]
    return reader.with_meter(meter)


def article_head(page: ArticlePage, frame: Frame) -> head.Head:
    data = structured_data.article(page, frame)
    way = [(frame.name, "/"), (page.section.name, page.section.url), (page.headline, page.path)]
    scripts = (
        structured_data.script(data),
        structured_data.script(structured_data.breadcrumbs(way)),
    )
    return head.of_article(page, frame, scripts)


def _elsewhere(request: HttpRequest, path: str, at: dt.datetime) -> HttpResponse:
    """One hop to where the story is now, or that it was taken back, or 404."""
    there = reading.moved_to(path, at)
    if there is not None:
        return HttpResponsePermanentRedirect(there)
    story = retracted.find(path)
    if story is None:
        raise Http404
    page = retracted.RetractedPage.build(story, frame=frame_of(request), at=at)
    return render(request, "articles/retracted.html", {"page": page}, status=410)
