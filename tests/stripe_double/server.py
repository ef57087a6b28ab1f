"""The double as a server: ``python -m tests.stripe_double.server --port 8123 --parent 4242``."""

import argparse
import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from tests.stripe_double import pages
from tests.stripe_double.api import Api, Reply
from tests.stripe_double.billing import Billing
from tests.stripe_double.control import Control
from tests.stripe_double.refusals import Refusal
from tests.stripe_double.store import Store
from tests.stripe_double.troubles import Troubles
from tests.stripe_double.webhooks import Webhooks

CONTROL = "/_control/"


class Double:
    """All parts of it, put together."""

    def __init__(self, base: str) -> None:
        self.lock = threading.RLock()
        self.webhooks = Webhooks()
        store = Store()
        store.on_event = self.webhooks.take
        self.billing = Billing(store, base)
        self.api = Api(self.billing, Troubles(), self.lock)
        self.control = Control(self.billing, self.api, self.webhooks)

    def answer(self, method: str, target: str, headers: "Headers", body: str) -> Reply:
        path = urlsplit(target).path
        if path.startswith("/v1/"):
            return self.api.answer(method, target, headers, body)
        if path == f"{CONTROL}deliver":
            # It takes long, and what we send makes others ask us.
            found = self.webhooks.deliver(**json.loads(body or "{}"))
            return Reply(200, json.dumps(found).encode(), {"Content-Type": "application/json"})
        with self.lock:
            if path.startswith(CONTROL):
                return self.control.answer(path.removeprefix(CONTROL), json.loads(body or "{}"))
            return pages.answer(self.billing, method, path, dict(parse_qsl(body)))


Headers = dict[str, str]


class Handler(BaseHTTPRequestHandler):
    """HTTP/1.1 with one write an answer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    double: Double

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        headers = {name.title(): value for name, value in self.headers.items()}
        try:
            reply = self.double.answer(self.command, self.path, headers, body)
        except Refusal as refusal:
            reply = Reply(refusal.status, json.dumps(refusal.body).encode())
        except Exception as error:  # the test that caused it shall read it
            reply = Reply(599, repr(error).encode(), {"Content-Type": "text/plain"})
        if reply.is_cut:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    do_GET = do_POST = do_DELETE = _serve  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: tests ask the control side what was asked."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Quiet: a killed worker leaves its lines as they are."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--parent", type=int, required=True)
    given = parser.parse_args()
    Handler.double = Double(f"http://127.0.0.1:{given.port}")
    threading.Thread(target=_end_with, args=(given.parent,), daemon=True).start()
    Server(("127.0.0.1", given.port), Handler).serve_forever()


def _end_with(parent: int) -> None:
    """Whatever becomes of the tests, no double is left behind."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


if __name__ == "__main__":
    main()
