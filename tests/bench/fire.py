"""Answers that contradict what was committed, while stories, rights and processes come and go."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure
from tests.live import ROOT

FEW, MANY = 3_000, 100_000
"""Reads: of every bench, and of the full size."""


def measure(*, reads: int) -> tuple[dict[str, Figure], dict[str, Any]]:
    """The checker of the tests, with so many reads, on a database of its own."""
    with tempfile.TemporaryDirectory(prefix="newsroom-fire-") as folder:
        report = Path(folder, "report.json")
        environment = os.environ | {"FIRE_READS": str(reads), "FIRE_REPORT": str(report)}
        for name in ("NEWSROOM_DATA", "DJANGO_SETTINGS_MODULE"):
            environment.pop(name, None)
        test = "tests/newsroom/edge/test_under_fire.py"
        command = [sys.executable, "-m", "pytest", "-q", test, "-k", "contradicts"]
        subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=False)
        seen: dict[str, Any] = json.loads(report.read_text())
    return {"wrong_answers": Figure.of([seen["wrong"]])}, seen
