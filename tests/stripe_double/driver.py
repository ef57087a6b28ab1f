"""The double as tests use it: started, asked to do things, ended for sure."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
KEY = "sk_test_double"
SECRET = "whsec_double"
STARTS_WITHIN = 20.0
DAY = 86400


class StripeDouble:
    """A running double. ``url`` is what ``STRIPE_API_URL`` is set to."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.http = httpx.Client(base_url=self.url, timeout=300)

    def do(self, verb: str, **given: Any) -> Any:
        """A verb of its control side (control.py)."""
        answer = self.http.post(f"/_control/{verb}", json=given)
        assert answer.status_code == 200, f"{verb}: {answer.text}"
        return answer.json()

    def api(self, method: str, path: str, form: str = "", **headers: str) -> httpx.Response:
        """A request as the SDK makes it, by hand."""
        fixed = {
            "Authorization": f"Bearer {KEY}",
            "Stripe-Version": "2026-10-28.endive",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return self.http.request(method, f"/v1/{path}", content=form, headers=fixed | headers)

    def act(self, subscription: str, act: str, **more: Any) -> Any:
        return self.do("act", subscription=subscription, act=act, **more)

    def objects(self, kind: str) -> list[dict[str, Any]]:
        return self.do("objects", kind=kind)

    def object(self, name: str) -> dict[str, Any]:
        return self.do("object", name=name)

    def advance(self, *, days: float = 0, seconds: int = 0) -> int:
        return self.do("advance", seconds=int(days * DAY) + seconds)

    def price(self, *, amount: int = 800, currency: str = "usd", interval: str = "month") -> str:
        """A price with a product of its own. Out: its id."""
        product = self.api("POST", "products", "name=Premium").json()["id"]
        form = f"product={product}&unit_amount={amount}&currency={currency}"
        answer = self.api("POST", "prices", f"{form}&recurring[interval]={interval}")
        return str(answer.json()["id"])


@contextmanager
def running() -> Iterator[StripeDouble]:
    """A double in a process of its own, for as long as the block lasts."""
    port = free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.stripe_double.server"),
            *("--port", str(port), "--parent", str(os.getpid())),
        ],
        cwd=ROOT,
        process_group=0,
    )
    double = StripeDouble(port)
    try:
        _wait(double, process)
        yield double
    finally:
        double.http.close()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(double: StripeDouble, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        assert process.poll() is None, "The double ended at once"
        try:
            double.do("now")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"The double did not answer within {STARTS_WITHIN:.0f} s")
