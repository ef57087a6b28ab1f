"""Real processes for tests: web server, worker, commands, and a sink for their mail.

Races, browsers and killed workers are tried against these, never against threads of the test's own
process. They share the database under test, so a test may look at rows with the ORM.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connections

from tests.ports import free_port

ROOT = Path(__file__).resolve().parent.parent
STARTS_WITHIN = 60.0
"""Seconds; a busy machine takes its time."""


def child_environment(data: Path, **more: str) -> dict[str, str]:
    """The environment of a process that works on the database under test."""
    settings = connections["default"].settings_dict
    if settings["ENGINE"].endswith("sqlite3"):
        url = f"sqlite:///{settings['NAME']}"
    else:
        user = f"{settings['USER']}:{settings['PASSWORD']}@"
        url = f"postgres://{user}{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    return os.environ | {"DATABASE_URL": url, "NEWSROOM_DATA": str(data)} | more


class LiveSite:
    """Server processes at one address, and whatever else a test starts beside them."""

    def __init__(self, *, data: Path, port: int, mail_port: int) -> None:
        self.port = port
        self.url = f"http://localhost:{port}"
        self._data = data
        self._mail_port = mail_port
        self._server: subprocess.Popen[bytes] | None = None
        self._others: list[subprocess.Popen[bytes]] = []

    @property
    def environment(self) -> dict[str, str]:
        return child_environment(self._data, EMAIL_URL=f"smtp://127.0.0.1:{self._mail_port}")

    def ensure_running(self) -> None:
        if self._server is None or self._server.poll() is not None:
            self.restart()

    def restart(self, *, processes: int = 2, **environment: str) -> None:
        """Start the web server anew with that many worker processes; wait until it answers."""
        self.stop()
        command = ["-m", "newsroom.tasks.web", f"--port={self.port}", f"--workers={processes}"]
        self._server = self._popen(*command, **environment)
        # Whatever hosts are allowed, its own is one of them.
        host = urlsplit(environment.get("SITE_URL", self.url)).netloc
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until:
            try:
                url = f"http://127.0.0.1:{self.port}/healthz"
                if httpx.get(url, headers={"Host": host}).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError(f"The server did not answer within {STARTS_WITHIN:.0f} s")

    def processes(self) -> list[int]:
        """The ids of the processes that answer, which the server's main process starts anew."""
        assert self._server is not None
        main = self._server.pid
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        commands = {int(child): Path(f"/proc/{child}/cmdline").read_bytes() for child in children}
        # Beside them runs Python's own tracker of resources.
        return [child for child, command in commands.items() if b"tracker" not in command]

    def start_worker(self, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker process; it is killed at the end of the session if it still lives."""
        worker = self._popen("manage.py", "worker", **environment)
        self._others.append(worker)
        return worker

    def manage(
        self, *arguments: str, timeout: float = 120, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a management command to its end. Raises when it fails."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=True,
        )

    def client(self, **options: Any) -> httpx.Client:
        """A cookie jar of its own: one browser profile."""
        return httpx.Client(base_url=self.url, follow_redirects=True, timeout=30, **options)

    def stop(self) -> None:
        """End the server and whatever else was started."""
        self.stop_others()
        if self._server is not None:
            _end([self._server])
        self._server = None

    def stop_others(self) -> None:
        """Kill the workers: what a test leaves must not touch the rows of the next one."""
        for process in self._others:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._others = []

    def _popen(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *arguments, f"--ends-with={os.getpid()}"],
            cwd=ROOT,
            env=self.environment | environment,
            process_group=0,
        )


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
    for process in processes:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class MailSink:
    """An SMTP server on loopback that keeps what it is given."""

    def __init__(self) -> None:
        self.port = free_port()
        self.messages: list[EmailMessage] = []
        self._arrived = threading.Condition()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> "MailSink":
        self._controller.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._controller.stop()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        message["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        with self._arrived:
            self.messages.append(message)
            self._arrived.notify_all()
        return "250 Taken"

    def clear(self) -> None:
        self.messages.clear()

    def to(self, address: str) -> list[EmailMessage]:
        """The mails to one address."""
        return [m for m in self.messages if address in m["X-Envelope-To"]]

    def wait_for(self, address: str, *, count: int = 1, within: float = 20) -> list[EmailMessage]:
        """The mails to an address, as soon as there are ``count`` of them."""
        with self._arrived:
            self._arrived.wait_for(lambda: len(self.to(address)) >= count, timeout=within)
        found = self.to(address)
        assert len(found) >= count, f"{len(found)} of {count} mails came to {address}"
        return found
