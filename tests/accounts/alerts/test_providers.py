"""Mails by a provider's interface over HTTP (anymail), spoken by a loopback server."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone

from accounts.alerts.deliver import deliver_due
from accounts.alerts.fan_out import announce_due
from accounts.models import Delivery
from tests import cast
from tests.accounts.alerts.people import follower
from tests.ports import free_port

pytestmark = pytest.mark.django_db

STATE = Delivery.State
TAKEN = {"ErrorCode": 0, "Message": "OK", "MessageID": "1", "To": "rosa@example.com"}


class Provider:
    """Answers as Postmark does; ``status`` and ``answer`` are set by the test."""

    def __init__(self) -> None:
        self.status, self.answer, self.seen = 200, TAKEN, []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers["Content-Length"]))
                provider.seen.append(json.loads(text))
                if provider.status == 0:
                    return
                self.send_response(provider.status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(provider.answer).encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        self.thread = threading.Thread(target=self.server.serve_forever)


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    provider = Provider()
    provider.thread.start()
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "key", "POSTMARK_API_URL": provider.url}
    yield provider
    provider.server.shutdown()
    provider.thread.join()
    provider.server.server_close()


@pytest.fixture
def row() -> Delivery:
    follower(email="rosa@example.com")
    cast.make_story()
    announce_due(timezone.now())
    return Delivery.objects.get()


def state_after(row: Delivery) -> str:
    deliver_due(timezone.now())
    row.refresh_from_db()
    return row.state


def test_a_mail_goes_out_with_all_its_headers(provider: Provider, row: Delivery):
    assert state_after(row) == STATE.SENT
    [mail] = provider.seen
    assert mail["To"] == "rosa@example.com"
    headers = {header["Name"]: header["Value"] for header in mail["Headers"]}
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/account/unsubscribe/" in headers["List-Unsubscribe"]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (401, STATE.QUEUED),
        (429, STATE.QUEUED),
        (404, STATE.FAILED),
        (500, STATE.UNKNOWN),
        (503, STATE.UNKNOWN),
        (0, STATE.UNKNOWN),
    ],
    ids=["bad key", "too fast", "nonsense", "broke", "busy", "hung up"],
)
def test_an_answer_decides_whether_it_may_be_tried_again(
    provider: Provider, row: Delivery, status: int, state: str
):
    provider.status, provider.answer = status, {"ErrorCode": 10, "Message": "No."}

    assert state_after(row) == state
    assert row.error
    assert deliver_due(timezone.now()).total == 0
    assert len(provider.seen) == 1


def test_an_answer_that_makes_no_sense_leaves_the_mail_unknown(provider: Provider, row: Delivery):
    provider.answer = TAKEN | {"To": ""}

    assert state_after(row) == STATE.UNKNOWN


def test_a_reader_whom_the_provider_refuses_has_failed(provider: Provider, row: Delivery):
    words = (
        "Found inactive addresses: rosa@example.com.\nInactive recipients are those that bounced."
    )
    provider.status, provider.answer = 422, {"ErrorCode": 406, "Message": words}

    assert state_after(row) == STATE.FAILED


def test_a_provider_out_of_reach_took_nothing(provider: Provider, row: Delivery, settings: Any):
    settings.ANYMAIL = settings.ANYMAIL | {"POSTMARK_API_URL": f"http://127.0.0.1:{free_port()}/"}

    assert state_after(row) == STATE.QUEUED
    assert row.attempts == 1
