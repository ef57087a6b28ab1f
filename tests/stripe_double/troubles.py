"""What goes wrong on the way, on demand: refusals, slowness, cut lines."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Trouble:
    seconds: float = 0
    status: int = 0
    body: bytes = b""
    is_cut: bool = False


NONE = Trouble()
_WORDS = {
    409: b'{"error": {"type": "idempotency_error", "code": "idempotency_key_in_use", '
    b'"message": "There is another request in progress with this key."}}',
    429: b'{"error": {"type": "invalid_request_error", "code": "lock_timeout", '
    b'"message": "This object cannot be accessed right now."}}',
    500: b'{"error": {"type": "api_error", "message": "An unknown error occurred"}}',
    502: b"<html>Bad gateway</html>",
    200: b"<html>A hotel's page</html>",
}


class Troubles:
    """Rates for all requests, and a list for the very next ones."""

    def __init__(self) -> None:
        self.fail_rate = 0.0
        self.slow_rate = 0.0
        self.slow_seconds = 5.0
        self.coming: list[dict[str, float]] = []
        self._chance = random.Random(7)

    def next(self, method: str) -> Trouble:
        if self.coming:
            return _made(self.coming.pop(0))
        draw = self._chance.random()
        if draw < self.fail_rate:
            return _made({"status": self._chance.choice([429, 500, 502])})
        if draw < self.fail_rate + self.slow_rate:
            return Trouble(seconds=self.slow_seconds)
        return NONE


def _made(given: dict[str, float]) -> Trouble:
    status = int(given.get("status", 0))
    body = _WORDS.get(status, _WORDS[500])
    return Trouble(
        seconds=given.get("seconds", 0),
        status=status,
        body=body,
        is_cut=bool(given.get("cut", False)),
    )
