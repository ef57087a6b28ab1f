"""The page for a save that met a newer one: both texts, nothing lost."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from articles.desk import compare, conflicts, revisions, states
from articles.desk.admin import story_acts
from articles.models import Article


def answer(request: HttpRequest, article: Article, context: dict[str, Any]) -> HttpResponse:
    """Keep what was posted and show both texts, or go on if the story says it already.

    ``article`` is locked; ``context`` is the site's own. Nothing of the story changes.
    """
    mine = conflicts.posted_content(request.POST)
    if conflicts.is_the_same(article, mine):
        # The words of the newest revision are the very ones that were on this person's page.
        story_acts.take(request, article, seen=article.head)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
    kept = conflicts.keep_mine(article, mine, editor=request.user)
    newest = article.revisions.filter(number=article.head).select_related("created_by").first()
    by_me = newest is not None and newest.created_by_id == request.user.pk
    saver = newest.created_by.get_short_name() if newest and newest.created_by else "Someone"
    return TemplateResponse(
        request,
        "desk/conflict.html",
        {
            **context,
            "title": "Two versions of this story",
            "article": article,
            "saver": "You, in another window," if by_me else saver,
            "theirs_name": "Saved meanwhile",
            "saved": states.clock(article.saved_at),
            "kept": kept,
            "differences": compare.differences(mine, revisions.snapshot(article)),
            "again": conflicts.again(article, request.POST),
        },
        status=409,
    )
