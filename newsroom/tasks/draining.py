"""Letting go of connections before a worker is replaced, so that no request meets a closed one.

A client that keeps its connection may send a request at the very moment an old worker closes it. So
from the moment a reload begins, the workers it replaces say ``Connection: close`` in every answer,
and are told to end only some seconds later.
"""

import mmap
import os
import tempfile
from collections.abc import Callable, Iterable
from typing import Any

_VARIABLE = "NEWSROOM_RELOADS"
_RELOADS, _READY = 0, 1

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Reloads:
    """How often the server was reloaded, and how many workers have begun to answer, in memory that
    its processes share."""

    def __init__(self, file: int) -> None:
        self._values = memoryview(mmap.mmap(file, 16)).cast("Q")

    @classmethod
    def begin(cls) -> "Reloads":
        """In the server's main process: the workers find it by their environment."""
        file, path = tempfile.mkstemp(prefix="newsroom-reloads-")
        os.write(file, bytes(16))
        os.environ[_VARIABLE] = path
        reloads = cls(file)
        os.close(file)
        return reloads

    @classmethod
    def of_worker(cls) -> "Reloads":
        file = os.open(os.environ[_VARIABLE], os.O_RDWR)
        reloads = cls(file)
        os.close(file)
        return reloads

    @staticmethod
    def end() -> None:
        os.unlink(os.environ.pop(_VARIABLE))

    def count(self) -> int:
        return self._values[_RELOADS]

    def add(self) -> None:
        self._values[_RELOADS] += 1

    def ready(self) -> int:
        """The process of the worker that was ready last."""
        return self._values[_READY]

    def note_ready(self) -> None:
        self._values[_READY] = os.getpid()


def until_reload(application: Application, reloads: Reloads) -> Application:
    """``application``, whose answers close their connections once a reload has begun."""
    own = reloads.count()

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if reloads.count() == own:
            return application(environ, start_response)

        def closing(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, ("Connection", "close")], *rest)

        return application(environ, closing)

    return answer
