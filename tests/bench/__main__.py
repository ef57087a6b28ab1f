"""``make bench``: what pages and pictures cost this machine. Only ratios within one run compare.

``ARGS=--quick`` takes fewer photographs, ``ARGS=pages`` (or ``served``, ``pictures``)
one part only.
"""

# ruff: noqa: T201  printing is what this is for

import argparse
import os
import tempfile
from itertools import chain
from pathlib import Path

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
from django.test.utils import get_runner, setup_test_environment  # noqa: E402

from tests.bench import autosave, desk, pages, pictures, served  # noqa: E402

WIDTHS = (44, 10, 12, 12)


PHOTOGRAPHS, QUICK = 40, 4
PARTS = ("pages", "served", "pictures")
MEGABYTE = 1_000_000


def row(*cells: object) -> None:
    print("".join(str(cell).ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)))


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench")
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all if none is named")
    parser.add_argument("--quick", action="store_true", help=f"only {QUICK} photographs")
    options = parser.parse_args()
    setup_test_environment()
    from django.conf import settings

    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        for part, show in zip(PARTS, (show_pages, show_served, show_pictures), strict=True):
            if part in (options.parts or PARTS):
                show(QUICK if options.quick else PHOTOGRAPHS)
    finally:
        runner.teardown_databases(databases)


def show_pages(_photographs: int) -> None:
    vendor = connections["default"].vendor
    print(f"On {vendor}; the middle of {pages.ROUNDS} requests, in this process, no cache.")
    row("page", "queries", "CPU ms", "wall ms")
    for name, cost in chain(pages.measure(), desk.measure(), autosave.measure()):
        row(name, cost.queries, f"{cost.cpu_ms:.1f}", f"{cost.wall_ms:.1f}")


def show_served(_photographs: int) -> None:
    if not served.is_possible():
        print("\nServed: install wrk to measure what the page cache is worth.")
        return
    print(f"\nServed: one story, anonymous; {served.ROUNDS} rounds in turns, their middle.")
    row("server", "a second", "CPU µs", "from to")
    results = served.measure(Path(data.name))
    for name, each in results.items():
        least, most = each.cpu_range
        row(name, f"{each.a_second:.0f}", f"{each.cpu_us:.0f}", f"{least:.0f} to {most:.0f}")


def show_pictures(photographs: int) -> None:
    print("\nPictures: three engines make all files of each photograph. Give it time.", flush=True)
    with tempfile.TemporaryDirectory(dir=data.name) as folder:
        results, lines, formats = pictures.measure(Path(folder), count=photographs)
    print(f"\n{photographs} photographs of 24 megapixels, {len(lines)} files made of each.")
    row("engine", "photos/min", "CPU s", "peak MB")
    for name, result in results.items():
        if result.failure:
            print(f"{name}: {result.failure}")
            continue
        seconds = sum(each.seconds for each in result.burdens) / photographs
        cpu = sum(each.cpu_seconds for each in result.burdens) / photographs
        peak = max(each.memory for each in result.burdens)
        row(name, f"{60 / seconds:.1f}", f"{cpu:.2f}", f"{peak / MEGABYTE:.0f}")
    print("CPU a photo; peak above what was resident before, with all children.\n")
    row("files, whole pictures", "kB a photo", "SSIM", "")
    for each in formats:
        row(
            f"{each.extension} by {each.engine}", f"{each.bytes / 1000:.0f}", f"{each.ssim:.4f}", ""
        )


main()
