"""What a browser without an account opened this month: one signed cookie (rules §6)."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts import meter
from accounts.models import User
from articles.models import Publication
from articles.models.publication import MOST_METERED

_SALT = "openings"
# A month and a day: the period in it decides, not the browser.
_SECONDS = 32 * 24 * 3600


def read(request: HttpRequest, *, period: str) -> frozenset[int]:
    """The articles opened in ``period``; none if the cookie is missing, older, or not ours."""
    try:
        content = signing.loads(request.COOKIES[settings.OPENINGS_COOKIE_NAME], salt=_SALT)
    except (KeyError, signing.BadSignature):
        return frozenset()
    opened = content.get("opened", ()) if content.get("period") == period else ()
    return frozenset(opened[:MOST_METERED])


def carry_over(request: HttpRequest, user: User, *, at: dt.datetime) -> None:
    """Give the new account of ``user`` what this browser opened: it stays open, and counts."""
    ours = Publication.objects.first() or Publication()
    opened = read(request, period=meter.period_of(at, ours.zone_info))
    meter.carry_over(user, opened, publication=ours, at=at)


def write(response: HttpResponseBase, opened: Iterable[int], *, period: str) -> None:
    """Set the cookie to what is opened in ``period``."""
    content = {"period": period, "opened": sorted(opened)[:MOST_METERED]}
    response.set_cookie(
        settings.OPENINGS_COOKIE_NAME,
        signing.dumps(content, salt=_SALT),
        max_age=_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
