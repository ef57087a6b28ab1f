"""``make bench``: what the site costs this machine. Only ratios within one run compare.

``ARGS=pages`` (or any other of the parts) takes one part only, ``ARGS="pictures --full"`` all
photographs. Each part is written to ``var/bench/<time>.json`` as soon as it is measured.
"""

# ruff: noqa: T201  printing is what this is for

import argparse
import datetime as dt
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

data = tempfile.TemporaryDirectory(prefix="newsroom-bench-")
Path(data.name, "static").mkdir()
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "newsroom.settings",
    "NEWSROOM_MODE": "test",
    "NEWSROOM_DATA": data.name,
}

import django  # noqa: E402

django.setup()

from django.db import connections  # noqa: E402
from django.test.utils import get_runner  # noqa: E402

from tests.bench import (  # noqa: E402
    autosave,
    desk,
    fire,
    hammer,
    hot,
    in_process,
    memory,
    overload,
    pages,
    paper,
    pictures,
    reload,
    served,
    start,
)
from tests.bench.figures import Figure, Report  # noqa: E402

WIDTHS = (46, 20, 20, 14, 20)
FOLDER = Path("var/bench")
PHOTOGRAPHS, QUICK = 40, 4
MEGABYTE = 1_000_000


def row(*cells: object) -> None:
    print("".join(str(cell).ljust(width) for cell, width in zip(cells, WIDTHS, strict=False)))


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench")
    parser.add_argument(
        "parts", nargs="*", help=f"of {', '.join(PARTS)}; without a name all but reload"
    )
    parser.add_argument(
        "--full", action="store_true", help=f"{PHOTOGRAPHS} photographs, 100,000 reads"
    )
    parser.add_argument("--into", type=Path, help="an earlier report, which is filled up")
    options = parser.parse_args()
    wanted = options.parts or [part for part in PARTS if part not in SLOW]
    name = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}.json"
    report = Report(options.into or FOLDER / name)
    print(f"Load of the machine before: {os.getloadavg()[0]:.1f}")
    from django.conf import settings

    in_process.as_served()
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        for part in PARTS:
            if part in wanted:
                PARTS[part](report, options)
    finally:
        runner.teardown_databases(databases)
    _show_ratios(report)


def show_pages(report: Report, _options: argparse.Namespace) -> None:
    vendor = connections["default"].vendor
    print(f"\nOn {vendor}; {pages.ROUNDS} requests each, in this process, no cache.")
    row("page", "queries", "CPU ms", "wall ms")
    rows = {}
    for name, cost in chain(pages.measure(), desk.measure(), autosave.measure()):
        row(name, cost.queries, cost.cpu_ms, cost.wall_ms)
        rows[name] = {"queries": cost.queries, "cpu_ms": cost.cpu_ms.median}
        if name == pages.STORY:
            report.add(
                "pages",
                {"uncached_queries": Figure.of([cost.queries]), "uncached_cpu_ms": cost.cpu_ms},
            )
    report.add("pages", {}, rows)


def show_served(report: Report, _options: argparse.Namespace) -> None:
    if not hammer.is_possible():
        print("\nServed: install wrk to measure what the page cache is worth.")
        return
    printed = paper.printed()
    folder = Path(data.name)
    print(f"\nServed, {paper.STORIES:,} stories; {served.ROUNDS} rounds in turns.")
    ratios, rows = served.measure(folder, printed)
    report.add("served", ratios, rows)
    row("page", "requests a second", "CPU µs", "p50, p99 ms")
    for name, each in rows.items():
        cpu = each["cpu_us"]
        row(
            name,
            f"{each['a_second']['median']:.0f}",
            f"{cpu['median']:.0f} ({cpu['minimum']:.0f} to {cpu['maximum']:.0f})",
            f"{each['p50_ms']['median']:.1f}, {each['p99_ms']['median']:.1f}",
            f"wrong {each['wrong']}, not ok {each['not_ok']}",
        )
    print(f"\nHot pages: {len(printed.hot)} of them, {hot.A_SECOND} new stories a second.")
    report.add("hot", *hot.measure(folder, printed))
    held = memory.measure(folder)
    print(f"\nMemory of one process: {held}")
    report.add("memory", {"worker_pss_mb": Figure.of([held["pss_mb"]])}, held)


def show_start(report: Report, _options: argparse.Namespace) -> None:
    print("\nStarts, from the command to the first answer, with two workers.")
    figures = start.measure(Path(data.name))
    for name, figure in figures.items():
        row(name, figure)
    ratios = {"start_seconds": figures["seconds"]}
    report.add("start", ratios, {name: asdict(figure) for name, figure in figures.items()})


def show_overload(report: Report, _options: argparse.Namespace) -> None:
    print("\nOverload: four times as many misses as can be served, beside 200 hits a second.")
    figures = overload.measure(Path(data.name))
    print(figures)
    report.add("overload", {}, figures)


def show_fire(report: Report, options: argparse.Namespace) -> None:
    reads = fire.MANY if options.full else fire.FEW
    print(f"\nUnder fire: {reads:,} reads while all changes and processes are killed.", flush=True)
    ratios, seen = fire.measure(reads=reads)
    print(seen)
    report.add("fire", ratios, seen)


def show_reload(report: Report, _options: argparse.Namespace) -> None:
    print("\nNew versions under load, and ends of the whole newsroom.", flush=True)
    with tempfile.TemporaryDirectory(prefix="newsroom-reload-") as folder:
        seen = reload.measure(Path(folder))
    print(seen)
    report.add("reload", {}, seen)


def show_pictures(report: Report, options: argparse.Namespace) -> None:
    photographs = PHOTOGRAPHS if options.full else QUICK
    print("\nPictures: three engines make all files of each photograph. Give it time.", flush=True)
    with tempfile.TemporaryDirectory(dir=data.name) as folder:
        results, lines, formats = pictures.measure(Path(folder), count=photographs)
    print(f"\n{photographs} photographs of 24 megapixels, {len(lines)} files made of each.")
    row("engine", "photos/min", "CPU s", "peak MB")
    rows: dict[str, Any] = {}
    for name, result in results.items():
        if result.failure:
            print(f"{name}: {result.failure}")
            continue
        seconds = sum(each.seconds for each in result.burdens) / photographs
        cpu = sum(each.cpu_seconds for each in result.burdens) / photographs
        peak = max(each.memory for each in result.burdens)
        row(name, f"{60 / seconds:.1f}", f"{cpu:.2f}", f"{peak / MEGABYTE:.0f}")
        rows[name] = {"seconds": round(seconds, 2), "cpu_seconds": round(cpu, 2)}
    print("CPU a photo; peak above what was resident before, with all children.\n")
    row("files, whole pictures", "kB a photo", "SSIM", "")
    for each in formats:
        row(
            f"{each.extension} by {each.engine}", f"{each.bytes / 1000:.0f}", f"{each.ssim:.4f}", ""
        )
    report.add("pictures", {}, rows)


def _show_ratios(report: Report) -> None:
    print(f"\nRatios, in {report.path}:")
    for name, known in report.ratios.items():
        row(name, "not measured" if known is None else Figure(**known))


PARTS: dict[str, Callable[[Report, argparse.Namespace], None]] = {
    "pages": show_pages,
    "served": show_served,
    "start": show_start,
    "overload": show_overload,
    "fire": show_fire,
    "pictures": show_pictures,
    "reload": show_reload,
}
SLOW = {"reload"}
"""Parts that are measured only where they are named."""

if __name__ == "__main__":
    main()
