"""``make bench``: what a page costs this machine. Only ratios within one run compare."""

# ruff: noqa: T201  printing is what this is for

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

from tests.bench import autosave, desk, pages  # noqa: E402

WIDTHS = (44, 10, 12, 12)


def row(*cells: object) -> None:
    print("".join(str(cell).ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)))


def main() -> None:
    setup_test_environment()
    from django.conf import settings

    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        vendor = connections["default"].vendor
        print(f"On {vendor}; the middle of {pages.ROUNDS} requests, in this process, no cache.")
        row("page", "queries", "CPU ms", "wall ms")
        for name, cost in chain(pages.measure(), desk.measure(), autosave.measure()):
            row(name, cost.queries, f"{cost.cpu_ms:.1f}", f"{cost.wall_ms:.1f}")
    finally:
        runner.teardown_databases(databases)


main()
