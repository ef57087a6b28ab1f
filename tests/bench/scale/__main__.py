"""``python -m tests.bench.scale``: very many stories against few, on two databases that are kept.

A run that was stopped goes on where it was: the databases stay in ``--folder``. Figures go into
the report ``--into``, beside what other parts have written there.
"""

# ruff: noqa: T201  printing is what this is for

import argparse
import os
from pathlib import Path
from typing import Any

from tests.bench.figures import Report
from tests.bench.scale.compared import measure
from tests.bench.scale.databases import fill, places

PART = {False: "scale", True: "scale on SQLite"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.scale")
    parser.add_argument("--articles", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--few", type=int, default=10_000, metavar="N")
    parser.add_argument("--folder", type=Path, default=Path("var/bench/scale"))
    parser.add_argument("--into", type=Path, default=Path("var/bench/scale.json"))
    parser.add_argument("--sqlite", action="store_true", help="SQLite instead of PostgreSQL")
    options = parser.parse_args()
    folder = options.folder / ("sqlite" if options.sqlite else "postgresql")
    with places(folder, on_sqlite=options.sqlite) as (small, large):
        fill(small, articles=options.few)
        fill(large, articles=options.articles)
        print(f"Measuring; load of the machine: {os.getloadavg()[0]:.1f}", flush=True)
        figures, rows = measure(small, large)
    # The keys of the report are PostgreSQL's.
    kept = {} if options.sqlite else figures
    Report(options.into).add(PART[options.sqlite], kept, rows)
    _show(rows)


def _show(rows: dict[str, Any]) -> None:
    few, many = rows["small"], rows["large"]
    print(f"\n{few['stories']:,} stories, then {many['stories']:,}; ms by the clock, of processors")
    for name, ratio in rows["buffers"].items():
        print(f"{name:34}{few['buffers'][name]:>8}{many['buffers'][name]:>8} buffers{ratio:>8.2f}")
    for part in ("searches", "desk"):
        for name, each in many[part].items():
            before = few[part][name]
            print(
                f"{name:34}{before['p95']:>8.1f}{each['p95']:>8.1f} p95"
                f"{before['cpu_p95']:>10.1f}{each['cpu_p95']:>8.1f} CPU"
                f"{'' if each.get('is_right', True) else '  WRONG'}"
            )


if __name__ == "__main__":
    main()
