"""The supervisor: prepares the newsroom, runs server and worker, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

from newsroom.tasks import lifeline
from newsroom.tasks.children import Child, stop

STOP_WITHIN = 8.0
"""Seconds the children get to end before they are killed; all is gone within ten."""


class CannotServeError(Exception):
    """Serving is impossible; the text says why and what to do."""


@dataclass
class Supervisor:
    """Runs the children until a signal asks for the end."""

    host: str
    port: int
    say: Callable[[str], None]
    is_dev: bool = False
    ends_with: int | None = None
    signals: list[int] = field(default_factory=list)

    def run(self, *, announce: Callable[[], None]) -> None:
        """Prepare, serve, and return when all children are gone.

        Raises CannotServeError when the port is taken or the preparation failed.
        """
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda received, frame: self.signals.append(received))
        if self.ends_with is not None:
            lifeline.end_with(self.ends_with, grace=STOP_WITHIN + 1)
        ensure_port_is_free(self.host, self.port)
        if not self._prepare():
            return
        self._serve(announce)

    def _prepare(self) -> bool:
        command = [sys.executable, "manage.py", "prepare", f"--ends-with={os.getpid()}"]
        process = subprocess.Popen(command, process_group=0)  # noqa: S603
        child = Child(name="preparation", command=command, process=process)
        while child.is_running and not self.signals:
            time.sleep(0.05)
        if self.signals:
            stop([child], within=STOP_WITHIN)
            return False
        if process.returncode:
            raise CannotServeError("The newsroom could not be prepared; the reason stands above.")
        return True

    def _serve(self, announce: Callable[[], None]) -> None:
        tail = [f"--ends-with={os.getpid()}"]
        if self.is_dev:
            server = ["manage.py", "devserver", f"{self.host}:{self.port}"]
        else:
            server = ["-m", "newsroom.tasks.web", f"--host={self.host}", f"--port={self.port}"]
        web = Child("web server", [sys.executable, *server, *tail])
        worker = Child("worker", [sys.executable, "manage.py", "worker", *tail])
        announced = False
        try:
            while not self.signals:
                for child in (web, worker):
                    if words := child.look():
                        self.say(words)
                if not announced and answers(self.host, self.port):
                    announced = True
                    announce()
                time.sleep(0.2)
        finally:
            stop([web, worker], within=STOP_WITHIN)


def ensure_port_is_free(host: str, port: int) -> None:
    """Raises CannotServeError if something listens there already, or we may not."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as trial:
        # Without it an address stays taken for a minute after its last connection.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise CannotServeError(
                f"Port {port} on {host} cannot be used ({error.strerror}). "
                f"Choose another one: make run PORT={port + 123}"
            ) from error


def answers(host: str, port: int) -> bool:
    """Whether something listens at the address."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as trial:
        trial.settimeout(1)
        return trial.connect_ex((host, port)) == 0
