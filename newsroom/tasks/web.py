"""The web server: granian with its workers, as one child of the supervisor.

``python -m newsroom.tasks.web --port 8000 --ends-with 123`` serves until it is told to stop or the
process 123 is gone. Each granian worker imports ``application`` from here.
"""

import argparse
import logging
import multiprocessing
import os
import sys

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import MPServer

from newsroom.edge.shares import THREADS
from newsroom.tasks import lifeline
from newsroom.tasks.draining import Reloads, until_reload

STOP_WITHIN = 6
"""Seconds a worker may take to finish its requests; less than the supervisor grants."""

# The server copies the environment into every request. A proxy's address would pass for a header
# there, and passwords for facts that an error report may print.
PRIVATE_NAMES = {
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "DATABASE_URL",
    "EMAIL_URL",
    "METRICS_KEY",
    "REDIS_URL",
}


def application_of_worker():  # type: ignore[no-untyped-def]
    """The WSGI application, in a worker that ends with granian's main process."""
    if main := multiprocessing.parent_process():
        assert main.pid is not None  # noqa: S101
        lifeline.end_with(main.pid)
    # After a reload, the few modules that came with the fork are those of the version before.
    for name in [name for name in sys.modules if name.startswith("newsroom.")]:
        if name not in {__name__, lifeline.__name__}:
            del sys.modules[name]
    from newsroom.wsgi import application

    for name in list(os.environ):
        if name in PRIVATE_NAMES or name.startswith("HTTP_"):
            del os.environ[name]
    return until_reload(application, Reloads.of_worker())


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
    reloads = Reloads.begin()
    server = MPServer(
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
    server.on_reload(reloads.add)
    try:
        server.serve()
    finally:
        reloads.end()


if __name__ == "__main__":
    main()
