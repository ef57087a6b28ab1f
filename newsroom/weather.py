"""The temperature in the masthead, from Open-Meteo's forecast API.

The worker asks every 15 minutes and keeps the answer in the shared cache; pages only read it
there. Off unless the publication has coordinates. Errors of the other side are logged, and the
masthead does without as soon as the last measurement is too old.
"""

import datetime as dt
import logging
import time
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from articles.models import Publication

if TYPE_CHECKING:
    import httpx

logger = logging.getLogger(__name__)

TIMEOUT = 10.0
FRESH_FOR = dt.timedelta(minutes=90)
AHEAD_AT_MOST = dt.timedelta(minutes=20)
"""The service gives the time of a step of 15 minutes, which may just be beginning."""
COLDEST, HOTTEST = -95.0, 65.0
"""°C: a little beyond what has ever been measured outdoors. Anything else is nonsense."""
LARGEST_ANSWER = 64 * 1024

KEY = "weather"
REMEMBER_FOR = 60.0
"""Seconds a server process goes without looking into the shared cache again."""


@dataclass(frozen=True, slots=True)
class Weather:
    """A temperature in °C at a place, and when it was measured."""

    celsius: float
    measured_at: dt.datetime
    latitude: float
    longitude: float

    def __str__(self) -> str:
        """As printed: a whole number with a true minus sign, and never minus zero."""
        degrees = round(self.celsius)
        return f"{'−' if degrees < 0 else ''}{abs(degrees)} °C"


class WeatherError(Exception):
    """The service could not be asked, or gave an answer that makes no sense."""


def refresh() -> None:
    """Ask for the temperature at the publication's place and keep it. A job of the worker."""
    place = Publication.objects.exclude(latitude=None).first()
    if place is None or place.latitude is None or place.longitude is None:
        cache.delete(KEY)
        return
    weather = ask(place.latitude, place.longitude)
    cache.set(KEY, weather, timeout=FRESH_FOR.total_seconds())


def ask(latitude: Decimal, longitude: Decimal) -> Weather:
    """The temperature now at a place. Raises WeatherError."""
    # Only the worker asks: the processes that answer readers do without what it takes.
    import httpx

    try:
        with httpx.stream(
            "GET",
            f"{settings.OPEN_METEO_URL}/v1/forecast",
            params={
                "latitude": str(latitude),
                "longitude": str(longitude),
                "current": "temperature_2m",
            },
            timeout=TIMEOUT,
        ) as response:
            body = _read(response)
    except httpx.HTTPError as error:
        raise WeatherError(f"Open-Meteo could not be asked: {error!r}") from error
    if response.status_code != 200:
        raise WeatherError(f"Open-Meteo answered {response.status_code}: {body[:200]!r}")
    return _parse(httpx.Response(200, content=body), float(latitude), float(longitude))


def current(latitude: object, longitude: object) -> Weather | None:
    """What the masthead shows: the kept temperature, if it is of this place and fresh."""
    if latitude is None or longitude is None:
        return None
    weather = _recall()
    if weather is None:
        return None
    here = (float(str(latitude)), float(str(longitude)))
    age = timezone.now() - weather.measured_at
    return weather if (weather.latitude, weather.longitude) == here and age < FRESH_FOR else None


def forget() -> None:
    """Look into the shared cache at the next question."""
    global _recalled
    _recalled = (float("-inf"), None)


_recalled: tuple[float, Weather | None] = (float("-inf"), None)


def _recall() -> Weather | None:
    # Pages are many and the temperature changes rarely: one look a minute is enough.
    global _recalled
    if time.monotonic() - _recalled[0] > REMEMBER_FOR:
        _recalled = (time.monotonic(), cache.get(KEY))
    return _recalled[1]


def _read(response: "httpx.Response") -> bytes:
    """The answer's body. A time limit for the whole: a drop every nine seconds is no answer."""
    body, until = b"", time.monotonic() + TIMEOUT
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise WeatherError("Open-Meteo's answer is far too long")
        if time.monotonic() > until:
            raise WeatherError("Open-Meteo answers too slowly")
    return body


def _parse(response: "httpx.Response", latitude: float, longitude: float) -> Weather:
    try:
        answer = response.json()
        celsius = float(answer["current"]["temperature_2m"])
        # The time is local to the offset, which is 0 as long as no time zone is asked for.
        offset = dt.timezone(dt.timedelta(seconds=int(answer["utc_offset_seconds"])))
        naive = dt.datetime.fromisoformat(answer["current"]["time"])
        measured_at = naive.replace(tzinfo=offset).astimezone(dt.UTC)
        unit = answer["current_units"]["temperature_2m"]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise WeatherError(f"Open-Meteo's answer has another shape: {error!r}") from error
    if unit != "°C" or not COLDEST <= celsius <= HOTTEST:
        raise WeatherError(f"Open-Meteo's answer makes no sense: {celsius} {unit}")
    if measured_at > timezone.now() + AHEAD_AT_MOST:
        raise WeatherError(f"Open-Meteo's answer comes from the future: {measured_at}")
    return Weather(celsius, measured_at, latitude, longitude)
