"""The supervisor: prepares the newsroom, runs server and worker, and leaves nothing behind.

The signal USR1 lets it take over the version that now lies on the disk, see ``takeover``.
"""

import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

from django.core.management import execute_from_command_line

from newsroom.tasks import lifeline
from newsroom.tasks.children import Child, stop
from newsroom.tasks.takeover import Takeover

STOP_WITHIN = 8.0
"""Seconds the children get to end before they are killed; all is gone within ten."""


WORKER_WAITS = 15.0
"""Seconds the worker waits at most for the server to answer."""


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
        """Run ``manage.py prepare`` in a child. Out: False if we were told to end meanwhile."""
        # Forked, for Django is loaded here already, and to load it again would take seconds.
        child = multiprocessing.get_context("fork").Process(target=_prepare, args=(os.getpid(),))
        child.start()
        while child.is_alive() and not self.signals:
            child.join(0.05)
        if not self.signals:
            if child.exitcode:
                raise CannotServeError(
                    "The newsroom could not be prepared; the reason stands above."
                )
            return True
        child.terminate()
        child.join(STOP_WITHIN)
        child.kill()
        child.join()
        return False

    def _serve(self, announce: Callable[[], None]) -> None:
        tail = [f"--ends-with={os.getpid()}"]
        if self.is_dev:
            server = ["manage.py", "devserver", f"{self.host}:{self.port}"]
        else:
            server = ["-m", "newsroom.tasks.web", f"--host={self.host}", f"--port={self.port}"]
        web = Child("web server", [sys.executable, *server, *tail])
        # The readers come first: the worker waits until the server answers, but not for ever.
        worker = Child("worker", [sys.executable, "manage.py", "worker", *tail])
        worker.due = time.monotonic() + WORKER_WAITS
        takeover = Takeover(web, worker)
        if not self.is_dev:
            signal.signal(signal.SIGUSR1, lambda received, frame: takeover.ask())
        announced = False
        try:
            while not self.signals:
                if words := takeover.look():
                    self.say(words)
                for child in (web, worker):
                    if words := child.look():
                        self.say(words)
                if not announced and answers(self.host, self.port):
                    announced, worker.due = True, 0.0
                    announce()
                time.sleep(0.2)
        finally:
            takeover.stop()
            stop([web, worker], within=STOP_WITHIN)


def _prepare(parent: int) -> None:
    """What the child of a preparation does: leave our group and signals, and run the command."""
    os.setpgid(0, 0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    execute_from_command_line(["manage.py", "prepare", f"--ends-with={parent}"])


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
