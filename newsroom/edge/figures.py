"""What the server processes of a host have done: numbers in one small mapped file, a row for each.

A process takes a row that no living one has and goes on counting there, so the sums over the rows
never go back while the file lies there. Counting takes no lock: only its own process writes a row.
"""

import mmap
import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from newsroom.edge.counters import Alone
from newsroom.edge.shares import NAMES

NOW = ("pages", "bytes")
"""What a process holds now; all others are counts since the file was made."""
COUNTS = (
    *("hit", "miss", "kept", "passed"),
    *(f"{what}_{share}" for what in ("answered", "refused", "microseconds") for share in NAMES),
)
_FIELDS = ("pid", *NOW, *COUNTS)
_PLACES = {name: place for place, name in enumerate(_FIELDS)}
_WIDTH, _ROWS = len(_FIELDS), 64
_SIZE = _WIDTH * _ROWS * 8


class Figures:
    """This process's row; if all are taken it counts for itself alone."""

    def __init__(self, path: Path) -> None:
        if path.exists() and path.stat().st_size not in {0, _SIZE}:
            # Another version's; processes that have it open keep it until they end.
            path.unlink(missing_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
        try:
            with Alone(file):
                os.ftruncate(file, _SIZE)
                self._all = memoryview(mmap.mmap(file, _SIZE)).cast("Q")
                self._own = self._take()
        finally:
            os.close(file)

    def add(self, name: str, amount: int = 1) -> None:
        self._own[_PLACES[name]] += amount

    def put(self, name: str, value: int) -> None:
        self._own[_PLACES[name]] = value

    def __getitem__(self, name: str) -> int:
        """This row's number, with what former processes counted there."""
        return self._own[_PLACES[name]]

    def of_host(self) -> dict[str, int]:
        """The sums over all processes of the host, and in ``processes`` how many there are."""
        rows = [self._all[start : start + _WIDTH] for start in range(0, _WIDTH * _ROWS, _WIDTH)]
        living = [row for row in rows if _lives(row[0])]
        now = {name: sum(row[_PLACES[name]] for row in living) for name in NOW}
        counts = {name: sum(row[_PLACES[name]] for row in rows) for name in COUNTS}
        return {"processes": len(living)} | now | counts

    def _take(self) -> memoryview:
        for start in range(0, _WIDTH * _ROWS, _WIDTH):
            row = self._all[start : start + _WIDTH]
            if row[0] == os.getpid() or not _lives(row[0]):
                row[0] = os.getpid()
                for name in NOW:
                    row[_PLACES[name]] = 0
                return row
        return memoryview(bytearray(_WIDTH * 8)).cast("Q")


def _lives(pid: int) -> bool:
    return pid > 0 and Path(f"/proc/{pid}").exists()


@lru_cache(maxsize=1)
def figures() -> Figures:
    """Those of this process, opened once."""
    return Figures(settings.NEWSROOM_DATA / "edge.figures")
