"""The web server: granian with its workers, as one child of the supervisor.

``python -m newsroom.tasks.web --port 8000 --ends-with 123`` serves until it is told to stop or the
process 123 is gone. The workers are forked from this process, which has loaded the application by
then; after a reload each loads it by itself.
"""

import argparse
import atexit
import logging
import multiprocessing
import os
import signal
import time
from functools import partial
from importlib import import_module
from typing import Any

import django
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import MPServer, mp

from newsroom.edge.rota import rota
from newsroom.edge.shares import THREADS
from newsroom.tasks import lifeline, memory
from newsroom.tasks.answering import answering
from newsroom.tasks.draining import Reloads, until_reload

STOP_WITHIN = 6
FINISH_WITHIN, READY_WITHIN = 30, 60
"""Seconds a worker may take to finish its requests at the end of all (less than the supervisor
grants) and at a reload; and to load the application."""


def application_of_worker():  # type: ignore[no-untyped-def]
    """The WSGI application, in a worker that ends with granian's main process."""
    # The fork brought the main process's handlers along: a worker told to end while it still
    # starts would not hear of it. The server sets its own as soon as we are done here.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    if main := multiprocessing.parent_process():
        assert main.pid is not None  # noqa: S101
        lifeline.end_with(main.pid)
    with memory.kept():
        from newsroom.wsgi import application
    atexit.register(rota.close)
    mp._wsgi_call_wrap = answering  # type: ignore[attr-defined,assignment]
    reloads = Reloads.of_worker()
    reloads.note_ready()
    return until_reload(application, reloads)


def load_application() -> None:
    """All modules that answer requests, and nothing that is open: no file, no connection."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    django.setup()
    for name in ("newsroom.urls", "newsroom.edge.application"):
        import_module(name)


class Server(MPServer):
    """granian, which at a reload lets an old worker go only when the new one is ready.

    By itself it waits for a fixed time, in which a busy machine has not loaded the application.
    """

    reloads: Reloads

    def _respawn_workers(
        self, workers: Any, spawn_target: Any, target_loader: Any, delay: float = 0
    ) -> None:
        # What a worker has begun it may finish; at the end of all, the supervisor does not wait.
        self.workers_kill_timeout = FINISH_WITHIN if delay else STOP_WITHIN
        try:
            super()._respawn_workers(workers, spawn_target, target_loader, delay)
        finally:
            self.workers_kill_timeout = STOP_WITHIN

    def _spawn_worker(self, *arguments: Any, **named: Any) -> Any:
        worker: Any = super()._spawn_worker(*arguments, **named)
        start = worker.start

        def start_and_wait() -> None:
            start()
            until = time.monotonic() + READY_WITHIN
            while self.reloads.ready() != worker.inner.pid and time.monotonic() < until:
                if not worker.is_alive():
                    break
                time.sleep(0.05)

        if self.reloads.count():
            worker.start = start_and_wait
        return worker


def _allows_many_threads(record: logging.LogRecord) -> bool:
    """The server takes many threads for a mistake. Most of ours wait: few work at a time."""
    return "Python threads" not in record.getMessage()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=max(2, os.cpu_count() or 1))
    parser.add_argument("--ends-with", type=int)
    options = parser.parse_args()
    if options.ends_with:
        lifeline.end_with(options.ends_with)
    logging.getLogger("_granian").addFilter(_allows_many_threads)
    memory.share_heaps()
    # The workers are forked from here: what is loaded by then lies in memory once for all of them.
    with memory.kept():
        load_application()
    reloads = Reloads.begin()
    server = Server(
        "newsroom.tasks.web:application_of_worker",
        factory=True,
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=options.workers,
        blocking_threads=THREADS,
        workers_kill_timeout=STOP_WITHIN,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    )
    server.reloads = reloads
    server.on_reload(reloads.add)
    # What is loaded here is the version before. From now on, workers load what lies on the disk.
    server.on_reload(partial(multiprocessing.set_start_method, "spawn", force=True))
    try:
        server.serve()
    finally:
        reloads.end()


if __name__ == "__main__":
    main()
