"""The front page and the pages for errors."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone

from articles.site import front as front_page
from articles.site import head, structured_data
from articles.site.caching import PRIVATE, shared
from articles.site.frame import frame_of

# Seconds after which a visitor of a site that is down should come again.
RETRY_AFTER = 120


@shared
def front(request: HttpRequest) -> HttpResponse:
    """The front page."""
    frame = frame_of(request)
    context = {
        "is_front": True,
        "page": front_page.build(frame, timezone.now()),
        "head": head.of_front(
            frame,
            feed=reverse("articles:feed-rss"),
            scripts=(structured_data.script(structured_data.website(frame)),),
        ),
    }
    return render(request, "articles/front.html", context)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain("400.html", 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain("403.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The 404 page. Never stored: a story may stand at this address in a second."""
    response = render(request, "404.html", status=404)
    response["Cache-Control"] = PRIVATE
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for our own faults; 503 if the database does not answer."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = _plain("503.html", 503)
        response["Retry-After"] = str(RETRY_AFTER)
        return response
    return _plain("500.html", 500)


def _plain(template: str, status: int) -> HttpResponse:
    """A page that needs nothing: no database, no context, no tag that can fail."""
    response = HttpResponse(get_template(template).render(), status=status)
    response["Cache-Control"] = PRIVATE
    return response
