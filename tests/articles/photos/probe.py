"""What a child might do that it should not; run by ``children`` in tests."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable


def answer(data: bytes, act: str, *arguments: str) -> bytes:
    return _ACTS[act](data, *arguments)


def _hang(data: bytes) -> bytes:
    time.sleep(600)
    return data


def _spin(data: bytes) -> bytes:
    while True:
        data = data[::-1]


def _take_memory(data: bytes) -> bytes:
    return data * 2_000_000_000


def _write(data: bytes) -> bytes:
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"more than nothing")
    except OSError:
        return b"refused"
    return b"written"


def _start_another(data: bytes, fifo: str) -> bytes:
    """Only root may, and then it goes with its parent."""
    code = f"import time; f = open({fifo!r}, 'w'); time.sleep(600)"
    quiet = subprocess.DEVNULL
    try:
        subprocess.Popen([sys.executable, "-c", code], stdin=quiet, stdout=quiet, stderr=quiet)
        time.sleep(1)
    except OSError:
        os.open(fifo, os.O_WRONLY)
    return b"started"


def _talk(data: bytes) -> bytes:
    while True:
        os.write(1, b"and " * 10_000)


def _crash(data: bytes) -> bytes:
    os.kill(os.getpid(), signal.SIGSEGV)
    return data


def _hang_holding(data: bytes, fifo: str) -> bytes:
    os.write(os.open(fifo, os.O_WRONLY), b"here")
    return _hang(data)


_ACTS: dict[str, Callable[..., bytes]] = {
    "echo": lambda data: data,
    "environment": lambda data: "\n".join(os.environ).encode(),
    "fail": lambda data: data[:1] + data["no"],  # type: ignore[call-overload]
    "hang": _hang,
    "hang holding": _hang_holding,
    "spin": _spin,
    "take memory": _take_memory,
    "write": _write,
    "start another": _start_another,
    "talk": _talk,
    "crash": _crash,
}
