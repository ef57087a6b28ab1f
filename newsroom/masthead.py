"""The head of every page: the frame of the publication, the date and where it is read."""

import datetime as dt
import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from articles.site.caching import is_for_account
from articles.site.frame import Frame, frame_of
from newsroom import weather
from newsroom.weather import Weather

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Masthead:
    """What the masthead prints beside the publication's name.

    ``has_session`` says only that the browser sent a session cookie, which costs no query, or that
    the page is shared among readers with an account: it then offers the account instead of
    signing in, and is answered as private.
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
    about = frame_of(request)
    return Masthead(
        today=timezone.now().astimezone(about.zone).date(),
        weather=_weather(about),
        has_session=is_for_account(request),
    )


def _weather(about: Frame) -> Weather | None:
    """The temperature, if there is one. A cache that does not answer costs no page."""
    try:
        return weather.current(about.latitude, about.longitude)
    except Exception:
        logger.exception("The temperature could not be read")
        return None
