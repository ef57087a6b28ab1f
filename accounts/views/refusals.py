"""Answers that say: not now."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_SECRETS = {"code", "credential"}
_MOST_FIELDS = 20
_LONGEST_FIELD = 500


def too_many(request: HttpRequest, *, retry_after: int = 60) -> HttpResponse:
    """The 429 page, which says when to come back."""
    minutes = -(-retry_after // 60)
    context = {"seconds": retry_after, "minutes": minutes, "typed": _typed(request)}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(retry_after)
    response["Cache-Control"] = "private, no-store"
    return response


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed into the refused form, to be sent again; never a password.

    Empty for a form that is about a secret itself: without it there is nothing to send.
    """
    if _SECRETS & request.POST.keys():
        return []
    return [
        (name, value)
        for name, values in list(request.POST.lists())[:_MOST_FIELDS]
        if "password" not in name and name != "csrfmiddlewaretoken"
        for value in values[:_MOST_FIELDS]
        if len(value) <= _LONGEST_FIELD
    ]


def mail_not_sent(request: HttpRequest) -> HttpResponse:
    """The 503 page for somebody who waits for a mail of ours."""
    response = render(request, "accounts/mail_not_sent.html", status=503)
    response["Retry-After"] = "120"
    return response


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The 403 page for a form that did not come from a page of ours, or from one too old."""
    return render(request, "accounts/form_expired.html", status=403)
