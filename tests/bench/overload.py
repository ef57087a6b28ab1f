"""How the server stands four times as many readers as it can serve, by ``tests/bench/flood.py``."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests import cast
from tests.bench.servers import newsroom
from tests.live import ROOT


def measure(data: Path) -> dict[str, Any]:
    """A server with the page cache under four times the misses it can do.

    What comes out: see ``flood.figures``.
    """
    path = cast.make_story().path
    with newsroom(data, EDGE="1") as server:
        # A process of its own, for it must not wait for anything of ours.
        arguments = [f"--port={server.port}", f"--hit={path}"]
        command = [sys.executable, "-m", "tests.bench.flood", *arguments]
        said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    figures: dict[str, Any] = json.loads(said)
    return figures
