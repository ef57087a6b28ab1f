"""How long readers wait for a server that starts: from the command to the first answer.

On a busy machine the seconds are those of its queue; those of the processor say what a quiet one
would need, of all processes together.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from tests.bench.figures import Figure
from tests.bench.hammer import cpu_of
from tests.live import ROOT, child_environment
from tests.ports import free_port

STARTS = 5
WORKERS = 2
UP_WITHIN = 120.0


def measure(data: Path, *, starts: int = STARTS, path: str = "/") -> dict[str, Figure]:
    """Out: ``seconds`` until the first 200, and ``cpu_seconds`` of all processes until then."""
    with tempfile.TemporaryDirectory(prefix="newsroom-bytecode-") as bytecode:
        # As on a machine where it ran before: with Python's bytecode kept, whoever measures.
        environment = child_environment(data, EDGE="1", PYTHONPYCACHEPREFIX=bytecode)
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        _start(environment, path)
        each = [_start(environment, path) for _ in range(starts)]
    return {
        "seconds": Figure.of(seconds for seconds, _ in each),
        "cpu_seconds": Figure.of(cpu for _, cpu in each),
    }


def _start(environment: dict[str, str], path: str) -> tuple[float, float]:
    port = free_port()
    command = [sys.executable, "-m", "newsroom.tasks.web"]
    command += [f"--port={port}", f"--workers={WORKERS}"]
    began = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, env=environment | {"PORT": str(port)}) as process:
        try:
            while time.monotonic() < began + UP_WITHIN:
                if _answers(f"http://localhost:{port}{path}"):
                    return time.monotonic() - began, cpu_of(process.pid)
                time.sleep(0.01)
        finally:
            process.terminate()
    raise AssertionError("The server does not answer")


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=30).status_code == 200
    except httpx.TransportError:
        return False
