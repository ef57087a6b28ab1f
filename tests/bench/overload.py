"""How the server stands four times as many readers as it can serve, by ``tests/bench/flood.py``."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bench import served
from tests.cast import make_article, publish
from tests.live import ROOT


def measure(data: Path) -> dict[str, Any]:
    """A server with the page cache under four times the misses it can do.

    What comes out: see ``flood.figures``.
    """
    for number in range(30):
        path = publish(make_article(headline=f"A long day, part {number}")).get_absolute_url()
    with served.newsroom(data, EDGE="1") as (port, _process):
        # A process of its own, for it must not wait for anything of ours.
        command = [sys.executable, "-m", "tests.bench.flood", f"--port={port}", f"--hit={path}"]
        said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    figures: dict[str, Any] = json.loads(said)
    return figures
