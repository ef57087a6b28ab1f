"""Events on their way to us: signed, and on demand shuffled, doubled or lost."""

import hashlib
import hmac
import http.client
import json
import queue
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.stripe_double.shapes import Thing

TRIES = 20
PAUSE = 0.25


@dataclass
class Endpoint:
    """Where events go. ``kinds``: which; none for all. ``is_held``: not before ``deliver``."""

    url: str = ""
    secrets: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    is_held: bool = False


class Webhooks:
    """The sender. Events wait here while the endpoint is held."""

    def __init__(self) -> None:
        self.endpoint = Endpoint()
        self.held: list[Thing] = []
        self._due: queue.SimpleQueue[Thing] = queue.SimpleQueue()
        threading.Thread(target=self._send_due, daemon=True).start()

    def take(self, event: Thing) -> None:
        """An event has happened."""
        where = self.endpoint
        if not where.url or (where.kinds and event["type"] not in where.kinds):
            return
        if where.is_held:
            self.held.append(event)
        else:
            self._due.put(event)

    def deliver(
        self, *, double: float = 0, lose: float = 0, seed: int = 0, at_once: int = 4
    ) -> Thing:
        """Send what is held, in no order. Out: what was sent, and which were lost."""
        chance = random.Random(seed)
        events, self.held = self.held, []
        lost = [event for event in events if chance.random() < lose]
        gone = {event["id"] for event in lost}
        kept = [event for event in events if event["id"] not in gone]
        kept += [event for event in kept if chance.random() < double]
        chance.shuffle(kept)
        with ThreadPoolExecutor(at_once) as pool:
            statuses = list(pool.map(self._send, kept))
        return {
            "happened": len(events),
            "sent": len(kept),
            "refused": sum(status != 200 for status in statuses),
            "lost": [{"id": event["id"], "about": event["data"]["object"]["id"]} for event in lost],
        }

    def _send_due(self) -> None:
        while True:
            self._send(self._due.get())

    def _send(self, event: Thing) -> int:
        """Try until it is taken, as Stripe does for days. Out: the last status."""
        body = json.dumps(event).encode()
        status = 0
        for number in range(TRIES):
            if number:
                time.sleep(PAUSE)
            status = _post(self.endpoint, body)
            if 200 <= status < 300:
                break
        return status


def signature(body: bytes, secrets: list[str], at: int) -> str:
    """The header, with one v1 for each secret."""
    signed = f"{at}.".encode() + body
    marks = [hmac.new(key.encode(), signed, hashlib.sha256).hexdigest() for key in secrets]
    return ",".join([f"t={at}", *(f"v1={mark}" for mark in marks)])


_lines = threading.local()


def _post(where: Endpoint, body: bytes) -> int:
    parts = urlsplit(where.url)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signature(body, where.secrets, int(time.time())),
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    }
    try:
        line = getattr(_lines, "line", None)
        if line is None or _lines.host != parts.netloc:
            _lines.line = line = http.client.HTTPConnection(parts.netloc, timeout=30)
            _lines.host = parts.netloc
        line.request("POST", parts.path, body, headers)
        answer = line.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        _lines.line = None
        return 0
    return answer.status
