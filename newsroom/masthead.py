"""The head of every page: the frame of the publication, the date and where it is read."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from articles.site.frame import frame_of
from newsroom import weather
from newsroom.weather import Weather


@dataclass(frozen=True, slots=True)
class Masthead:
    """What the masthead prints beside the publication's name.

    ``has_session`` says only that the browser sent a session cookie, which costs no query: the
    page then offers the account instead of signing in, and is answered as private.
    """

    today: dt.date
    weather: Weather | None
    has_session: bool


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every template. Lazy, so that an error page without a database still renders."""
    return {
        "frame": SimpleLazyObject(lambda: frame_of(request)),
        "masthead": SimpleLazyObject(lambda: masthead_of(request)),
        "site_url": settings.SITE_URL,
        "site_host": urlsplit(settings.SITE_URL).netloc,
    }


def masthead_of(request: HttpRequest) -> Masthead:
    frame = frame_of(request)
    return Masthead(
        today=timezone.now().astimezone(frame.zone).date(),
        weather=weather.current(frame.latitude, frame.longitude),
        has_session=settings.SESSION_COOKIE_NAME in request.COOKIES,
    )
