"""The API's protocol: keys, versions, idempotency, lists, errors. Objects are others' business."""

import base64
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.stripe_double import API_VERSION, resources
from tests.stripe_double.billing import Billing
from tests.stripe_double.expanding import expanded
from tests.stripe_double.forms import parse
from tests.stripe_double.refusals import Refusal, invalid
from tests.stripe_double.shapes import Thing, a_list, new_id
from tests.stripe_double.troubles import Troubles

KEY_PREFIXES = ("sk_test_", "rk_test_")
WRONG_KEY = "sk_test_wrong"


@dataclass
class Reply:
    """What goes out. ``is_cut``: the line is cut instead, though all was done."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    is_cut: bool = False


class Api:
    """Answers requests one at a time; waits, where it is told to be slow, side by side."""

    def __init__(self, billing: Billing, troubles: Troubles, lock: threading.RLock) -> None:
        self.billing = billing
        self.troubles = troubles
        self.asked: list[Thing] = []
        self._lock = lock
        self._kept: dict[str, tuple[str, int, bytes]] = {}

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: str) -> Reply:
        trouble = self.troubles.next(method)
        if trouble.seconds:
            time.sleep(trouble.seconds)
        with self._lock:
            if trouble.status:
                status, content, more = trouble.status, trouble.body, {}
            else:
                status, content, more = self._answer(method, target, headers, body)
            self._note(method, target, headers, body, status)
        fixed = {"Content-Type": "application/json", "Request-Id": new_id("req")}
        fixed |= {"Stripe-Version": API_VERSION} | more
        return Reply(status, content, fixed, is_cut=trouble.is_cut)

    def _answer(
        self, method: str, target: str, headers: Mapping[str, str], body: str
    ) -> tuple[int, bytes, dict[str, str]]:
        key = headers.get("Idempotency-Key", "") if method == "POST" else ""
        mark = f"{method} {target}\n{body}"
        if key and key in self._kept:
            return self._again(key, mark)
        try:
            self._check(headers)
            answer = self._done(method, target, body)
            status, content = 200, json.dumps(answer).encode()
        except Refusal as refusal:
            status, content = refusal.status, json.dumps(refusal.body).encode()
        if key and status in {200, 402}:
            self._kept[key] = (mark, status, content)
        return status, content, {"Idempotency-Key": key} if key else {}

    def _again(self, key: str, mark: str) -> tuple[int, bytes, dict[str, str]]:
        """The first answer once more, if the question is the same."""
        first, status, content = self._kept[key]
        if first != mark:
            words = "Keys for idempotent requests can only be used with the same parameters."
            error = {"error": {"type": "idempotency_error", "message": words}}
            return 400, json.dumps(error).encode(), {}
        return status, content, {"Idempotency-Key": key, "Idempotent-Replayed": "true"}

    def _check(self, headers: Mapping[str, str]) -> None:
        key = _key(headers.get("Authorization", ""))
        if not key.startswith(KEY_PREFIXES) or key == WRONG_KEY:
            raise Refusal(401, "Invalid API Key provided.")
        if headers.get("Stripe-Version") != API_VERSION:
            raise invalid(f"The double speaks {API_VERSION} only.")

    def _done(self, method: str, target: str, body: str) -> Thing:
        parts = urlsplit(target)
        params = parse(body if method == "POST" else parts.query or body)
        found = resources.find(method, parts.path, params)
        if found is None:
            raise Refusal(404, f"Unrecognized request URL ({method}: {parts.path}).")
        function, ids = found
        self.billing.store.request = {"id": None, "idempotency_key": None}
        try:
            answer = function(self.billing, params, *ids)
        except (KeyError, IndexError) as error:
            raise invalid(f"Missing required param: {error}.", code="parameter_missing") from error
        finally:
            self.billing.store.request = None
        if isinstance(answer, list):
            answer = _page(answer, parts.path, params)
        return expanded(self.billing.store, answer, params.get("expand", []))

    def _note(
        self, method: str, target: str, headers: Mapping[str, str], body: str, status: int
    ) -> None:
        self.asked.append(
            {
                "method": method,
                "target": target,
                "body": body,
                "idempotency_key": headers.get("Idempotency-Key"),
                "version": headers.get("Stripe-Version"),
                "status": status,
            }
        )


def _key(authorization: str) -> str:
    kind, _, value = authorization.partition(" ")
    if kind == "Basic":
        return base64.b64decode(value).decode().partition(":")[0]
    return value if kind == "Bearer" else ""


def _page(rows: list[Thing], path: str, params: dict[str, Any]) -> Thing:
    limit = int(params.get("limit", 10))
    if not 1 <= limit <= 100:
        raise invalid("Invalid integer: it must be between 1 and 100.", "limit")
    if after := params.get("starting_after"):
        ids = [row["id"] for row in rows]
        if after not in ids:
            raise invalid(f"No such object: '{after}'", "starting_after", "resource_missing")
        rows = rows[ids.index(after) + 1 :]
    return a_list(rows[:limit], path, has_more=len(rows) > limit)
