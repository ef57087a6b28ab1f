"""One database beside another, each measured by a process of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure
from tests.live import ROOT


@dataclass(frozen=True, slots=True)
class Place:
    """A database of the corpus, and a folder for what a newsroom keeps beside it."""

    url: str
    data: Path

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DATABASE_URL": self.url,
            "NEWSROOM_DATA": str(self.data),
            "NEWSROOM_MODE": "test",
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        }


def measure(small: Place, large: Place) -> tuple[dict[str, Figure], dict[str, Any]]:
    """The figures of a report, and its rows: of both sizes everything, page by page.

    ``million_vs_ten_thousand_buffers``: over all pages, what each reads of the large database for
    what it reads of the small one (PostgreSQL only). ``search_p95_ms``: over all kinds of search.
    """
    few, many = measured(small), measured(large)
    ratios = ratios_of(few["buffers"], many["buffers"])
    figures = {"search_p95_ms": Figure.of(each["p95"] for each in many["searches"].values())}
    if ratios:
        figures["million_vs_ten_thousand_buffers"] = Figure.of(ratios.values())
    return figures, {"small": few, "large": many, "buffers": ratios}


def measured(place: Place) -> dict[str, Any]:
    """Everything of one database, by a new process."""
    command = [sys.executable, "-m", "tests.bench.scale.here"]
    run = subprocess.run(
        command, cwd=ROOT, env=place.environment, stdout=subprocess.PIPE, check=True
    )
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def ratios_of(few: dict[str, int], many: dict[str, int]) -> dict[str, float]:
    """Of each page that both know, how often the one goes into the other."""
    return {name: round(many[name] / few[name], 3) for name in few if many.get(name)}
