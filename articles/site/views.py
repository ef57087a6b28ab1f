"""The readers' pages of stories and lists."""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone

from articles.models import PublishedArticle
from articles.models.article import Access
from articles.site import caching, due, embed_boxes, head, reading, retracted, structured_data
from articles.site.caching import shared
from articles.site.frame import Frame, frame_of
from articles.site.paywall import decide
from articles.site.presenters import ArticlePage
from articles.site.reader import ANONYMOUS, Reader


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
    shown = due.shown_at(live, now)
    story = shown.story
    decision = decide(reading.subject(story), reader_for(request, story), now)
    frame = frame_of(request)
    page = reading.page_of(shown, decision, frame=frame, at=now)
    embed_boxes.allow(request, page.frame_hosts)
    return render(
        request,
        "articles/article.html",
        {
            "page": page,
            "head": article_head(page, frame),
            "current_section_id": page.section.id,
        },
    )


def reader_for(request: HttpRequest, story: PublishedArticle) -> Reader:
    """Who reads a story. A free story, or a browser without a session, costs no query."""
    if story.access == Access.FREE or not caching.has_session(request):
        return ANONYMOUS
    reader: Reader = request.reader  # type: ignore[attr-defined]
    return reader


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
