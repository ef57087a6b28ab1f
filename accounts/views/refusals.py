"""Answers that say: not now."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def too_many(request: HttpRequest, *, retry_after: int = 60) -> HttpResponse:
    """The 429 page, which says when to come back."""
    minutes = -(-retry_after // 60)
    context = {"seconds": retry_after, "minutes": minutes}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(retry_after)
    return response


def mail_not_sent(request: HttpRequest) -> HttpResponse:
    """The 503 page for somebody who waits for a mail of ours."""
    response = render(request, "accounts/mail_not_sent.html", status=503)
    response["Retry-After"] = "120"
    return response


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The 403 page for a form that did not come from a page of ours, or from one too old."""
    return render(request, "accounts/form_expired.html", status=403)
