"""What was measured, as it is kept: the middle of all rounds beside the least and the most."""

import datetime as dt
import json
import os
import statistics
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

RATIOS = (
    "anonymous_vs_nginx_cpu",
    "anonymous_through_nginx_vs_nginx_cpu",
    "subscriber_vs_anonymous_cpu",
    "publishing_vs_quiet",
    "uncached_queries",
    "uncached_cpu_ms",
    "visible_p95_ms",
    "wrong_answers",
    "million_vs_ten_thousand_buffers",
    "search_p95_ms",
    "worker_pss_mb",
)
"""The keys that every report has; one that was not measured is null."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured in several rounds."""

    rounds: int
    median: float
    minimum: float
    maximum: float

    @classmethod
    def of(cls, values: Iterable[float]) -> "Figure":
        """From the value of each round; at least one."""
        each = sorted(values)
        return cls(len(each), *(round(v, 4) for v in (statistics.median(each), each[0], each[-1])))

    @classmethod
    def p95(cls, values: Iterable[float]) -> "Figure":
        """The value that 95 of 100 stay below, in the place of the middle."""
        each = sorted(values)
        middle = each[max(0, -(-len(each) * 95 // 100) - 1)]
        return cls(len(each), *(round(v, 4) for v in (middle, each[0], each[-1])))

    def __str__(self) -> str:
        return f"{self.median:.3g} ({self.minimum:.3g} to {self.maximum:.3g})"


class Report:
    """A run's figures, written to a file after each part, so that a killed run leaves what it had.

    Of an earlier file whatever is not measured again stays as it was.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        known = json.loads(path.read_text()) if path.exists() else {}
        self._known: dict[str, Any] = {
            "ratios": dict.fromkeys(RATIOS) | known.get("ratios", {}),
            "rows": known.get("rows", {}),
            "measured": known.get("measured", {}),
        }

    @property
    def ratios(self) -> dict[str, Any]:
        return dict(self._known["ratios"])

    def add(self, part: str, ratios: dict[str, Figure], rows: dict[str, Any] | None = None) -> None:
        """Keep a part's ratios, and its rows by name; ``part`` is noted with time and load."""
        self._known["ratios"] |= {name: asdict(figure) for name, figure in ratios.items()}
        if rows is not None:
            self._known["rows"][part] = rows
        self._known["measured"][part] = {
            "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "load": [round(each, 2) for each in os.getloadavg()],
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(self._known, indent=2) + "\n")
