"""A cache in front, as far as it can be told anything: it notes what it was told."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Front:
    """Listens at ``port``. ``told``: method, path and Surrogate-Key; ``answer``: its status."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, str]] = []
        self.answer = 200
        front = self

        class Handler(BaseHTTPRequestHandler):
            def _take(self) -> None:
                keys = self.headers.get("Surrogate-Key", "")
                front.told.append((self.command, self.path, keys))
                self.send_response(front.answer)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_BAN = do_PURGE = _take  # noqa: N815

            def log_message(self, *_args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
