"""One round of ``wrk`` against a server, with the processor's time of all of its processes."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 8
_TICKS = os.sysconf("SC_CLK_TCK")

# Asks the paths in turn, and says at the end what wrk's own words round.
_SCRIPT = """
local paths, turn = {}, 0
init = function(args) paths = args end
request = function()
  turn = turn % #paths + 1
  return wrk.format("GET", paths[turn])
end
done = function(summary, latency)
  local lost = summary.errors
  io.write(string.format(
    '\\nRESULT {"requests": %d, "us": %d, "not_ok": %d, "lost": %d, "p50": %d, "p99": %d}\\n',
    summary.requests, summary.duration, lost.status,
    lost.connect + lost.read + lost.write + lost.timeout,
    latency:percentile(50), latency:percentile(99)))
end
"""


@dataclass(frozen=True, slots=True)
class Round:
    """Microseconds of processor a request, requests a second, milliseconds until an answer."""

    cpu_us: float
    a_second: float
    p50_ms: float
    p99_ms: float
    not_ok: int
    """Answers of another status than 2xx or 3xx, and requests without an answer."""


def is_possible() -> bool:
    return shutil.which("wrk") is not None


def hammer(
    port: int,
    paths: Sequence[str],
    *,
    processes: Sequence[int],
    scheme: str = "http",
    seconds: float = 3,
    connections: int = CONNECTIONS,
    **headers: str,
) -> Round:
    """Ask for ``paths`` in turn on all connections; ``processes``: the servers' main ones."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_SCRIPT)
        script.flush()
        command = [
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{seconds:g}s",
            "--timeout=10s",
            "-s",
            script.name,
        ]
        for name, value in {"Accept-Encoding": "gzip", **headers}.items():
            command += ["-H", f"{name}: {value}"]
        command += [f"{scheme}://localhost:{port}/", "--", *paths]
        before = sum(map(cpu_of, processes))
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        spent = sum(map(cpu_of, processes)) - before
    result = json.loads(said.rsplit("RESULT ", 1)[1])
    return Round(
        cpu_us=spent / result["requests"] * 1_000_000,
        a_second=result["requests"] / result["us"] * 1_000_000,
        p50_ms=result["p50"] / 1000,
        p99_ms=result["p99"] / 1000,
        not_ok=result["not_ok"] + result["lost"],
    )


def cpu_of(process: int) -> float:
    """Seconds of processor that a process and its children have had."""
    own = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return (int(own[11]) + int(own[12])) / _TICKS + sum(cpu_of(int(each)) for each in children)
