"""The temperature in the masthead, asked of a loopback server that speaks Open-Meteo's shapes."""

import datetime as dt
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.utils import timezone

from newsroom import weather
from newsroom.weather import WeatherError
from tests.cast import make_publication

pytestmark = pytest.mark.django_db

PLACE = {"latitude": "40.71427", "longitude": "-74.00597"}


def answer(celsius: object = -4.6, *, minutes_ago: float = 5, **more: object) -> dict[str, object]:
    """What the service answers to a question for the current temperature."""
    at = timezone.now() - dt.timedelta(minutes=minutes_ago)
    return {
        "latitude": 40.710335,
        "longitude": -73.99309,
        "generationtime_ms": 0.0213,
        "utc_offset_seconds": 0,
        "timezone": "GMT",
        "timezone_abbreviation": "GMT",
        "elevation": 32.0,
        "current_units": {"time": "iso8601", "interval": "seconds", "temperature_2m": "°C"},
        "current": {"time": f"{at:%Y-%m-%dT%H:%M}", "interval": 900, "temperature_2m": celsius},
    } | more


class Service(ThreadingHTTPServer):
    """Open-Meteo on loopback: answers what the test lays down."""

    daemon_threads = True
    status = 200
    body: bytes = b""
    pause = 0.0
    drip = False

    def __init__(self) -> None:
        self.questions: list[str] = []
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> "Service":
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def will_say(self, what: object, *, status: int = 200) -> None:
        self.status, self.body = status, json.dumps(what).encode()


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        self.server.questions.append(self.path)
        time.sleep(self.server.pause)
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        if not self.server.drip:
            self.wfile.write(self.server.body)
            return
        try:
            for byte in self.server.body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(0.1)
        except OSError:
            pass  # the client had enough

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def service(settings) -> Iterator[Service]:
    with Service() as server:
        settings.OPEN_METEO_URL = server.url
        weather.forget()
        yield server
    weather.forget()


def masthead(client) -> str:
    weather.forget()
    html = client.get("/").content.decode()
    return html.partition("masthead__place")[2].partition("</p>")[0]


def test_the_masthead_shows_the_temperature_at_the_place(client, service):
    make_publication(**PLACE)
    service.will_say(answer(-4.6))
    weather.refresh()
    assert "−5 °C New York" in masthead(client)


def test_the_question_is_as_the_service_documents_it(service):
    make_publication(**PLACE)
    service.will_say(answer())
    weather.refresh()
    (question,) = service.questions
    address = urlsplit(question)
    assert address.path == "/v1/forecast"
    assert parse_qs(address.query) == {
        "latitude": ["40.71427"],
        "longitude": ["-74.00597"],
        "current": ["temperature_2m"],
    }


def test_without_coordinates_nobody_is_asked_and_nothing_shown(client, service):
    make_publication()
    weather.refresh()
    assert service.questions == []
    assert "°C" not in masthead(client)
    assert "New York" in masthead(client)


def test_removing_the_coordinates_removes_the_temperature_at_once(client, service):
    make_publication(**PLACE)
    service.will_say(answer())
    weather.refresh()
    make_publication(latitude=None, longitude=None)
    assert "°C" not in masthead(client)
    weather.refresh()
    assert cache.get(weather.KEY) is None


def test_the_temperature_of_the_former_place_is_not_shown_for_the_new_one(client, service):
    make_publication(**PLACE)
    service.will_say(answer())
    weather.refresh()
    make_publication(place="Oslo", latitude="59.91273", longitude="10.74609")
    assert "°C" not in masthead(client)


@pytest.mark.parametrize(("minutes", "shown"), [(89, True), (91, False)])
def test_only_a_temperature_of_the_last_90_minutes_is_shown(client, service, minutes, shown):
    make_publication(**PLACE)
    service.will_say(answer(minutes_ago=minutes))
    weather.refresh()
    assert ("°C" in masthead(client)) is shown


def test_a_time_with_an_offset_is_understood(service):
    make_publication(**PLACE)
    service.will_say(
        answer(
            utc_offset_seconds=-18000,
            current={"time": "2025-01-24T07:15", "interval": 900, "temperature_2m": 3.2},
        )
    )
    weather.refresh()
    assert cache.get(weather.KEY).measured_at == dt.datetime(2025, 1, 24, 12, 15, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("celsius", "printed"),
    [(-0.4, "0 °C"), (0, "0 °C"), (21.5, "22 °C"), (-12.7, "−13 °C")],
)
def test_temperatures_are_whole_with_a_true_minus_and_never_minus_zero(service, celsius, printed):
    service.will_say(answer(celsius))
    assert str(weather.ask(PLACE["latitude"], PLACE["longitude"])) == printed


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        [],
        "sunny",
        None,
        answer(None),
        answer("warm"),
        answer(float("nan")),
        answer(400),
        answer(-300),
        answer(minutes_ago=-600),
        answer(current=None),
        answer(current={"time": "soon", "temperature_2m": 3}),
        answer(current={"temperature_2m": 3}),
        answer(utc_offset_seconds=10**9),
        answer(current_units={"temperature_2m": "°F"}),
    ],
)
def test_nonsense_is_refused_and_the_last_good_answer_stays(service, nonsense):
    make_publication(**PLACE)
    service.will_say(answer(7))
    weather.refresh()
    service.will_say(nonsense)
    with pytest.raises(WeatherError):
        weather.refresh()
    assert cache.get(weather.KEY).celsius == 7


def test_an_error_of_the_service_is_told_in_its_own_words(service):
    make_publication(**PLACE)
    service.will_say({"error": True, "reason": "Daily API request limit exceeded."}, status=429)
    with pytest.raises(WeatherError, match=r"429.*Daily API request limit"):
        weather.refresh()


def test_an_answer_that_is_no_json_is_refused(service):
    service.body = b"<html>maintenance</html>"
    with pytest.raises(WeatherError):
        weather.ask(PLACE["latitude"], PLACE["longitude"])


def test_an_endless_answer_is_cut_off(service):
    service.body = b" " * (weather.LARGEST_ANSWER * 4)
    with pytest.raises(WeatherError, match="too long"):
        weather.ask(PLACE["latitude"], PLACE["longitude"])


def test_a_redirect_is_not_followed(service):
    service.will_say({}, status=302)
    with pytest.raises(WeatherError, match="302"):
        weather.ask(PLACE["latitude"], PLACE["longitude"])


def test_a_service_that_does_not_answer_in_time_is_given_up(service, monkeypatch):
    monkeypatch.setattr(weather, "TIMEOUT", 0.3)
    service.will_say(answer())
    service.pause = 1.5
    with pytest.raises(WeatherError):
        weather.ask(PLACE["latitude"], PLACE["longitude"])


def test_a_service_that_answers_drop_by_drop_is_given_up(service, monkeypatch):
    monkeypatch.setattr(weather, "TIMEOUT", 0.5)
    service.will_say(answer())
    service.drip = True
    began = time.monotonic()
    with pytest.raises(WeatherError, match="slowly"):
        weather.ask(PLACE["latitude"], PLACE["longitude"])
    assert time.monotonic() - began < 2


def test_nobody_listening_is_an_error_like_any_other(service, settings):
    settings.OPEN_METEO_URL = "http://127.0.0.1:1"
    with pytest.raises(WeatherError, match="could not be asked"):
        weather.ask(PLACE["latitude"], PLACE["longitude"])


def test_pages_look_into_the_shared_cache_once_a_minute(client, service, django_assert_num_queries):
    make_publication(**PLACE)
    service.will_say(answer())
    weather.refresh()
    weather.forget()
    from django.db import connections

    with django_assert_num_queries(1, connection=connections["cache"]):
        for _ in range(3):
            client.get("/")
