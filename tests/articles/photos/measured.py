"""What a child really takes: ``python -m tests.articles.photos.measured MODULE < file``.

A process of its own, and a small one: the system counts a child's memory from that of its parent
on. Prints the most bytes that were resident, and seconds by the clock, as JSON.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from articles.photos.children import Bounds, command

# macOS counts bytes.
_UNIT = 1 if sys.platform == "darwin" else 1024


def taken_by(module: str, data: bytes) -> tuple[int, float]:
    """Bytes of memory and seconds that ``module`` takes to answer about ``data``."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.articles.photos.measured", module],
        input=data,
        cwd=Path(__file__).resolve().parents[3],
        capture_output=True,
        check=True,
    )
    memory, seconds = json.loads(done.stdout)
    return memory, seconds


def main(module: str) -> None:
    began = time.monotonic()
    null = os.open(os.devnull, os.O_WRONLY)
    words = command(module, bounds=Bounds())
    actions = [(os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
    pid = os.posix_spawn(words[0], words, os.environ, file_actions=actions)
    _, _, usage = os.wait4(pid, 0)
    print(json.dumps((usage.ru_maxrss * _UNIT, time.monotonic() - began)))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
