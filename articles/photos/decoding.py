"""Is a picture whole? Decoded to its end: a small one here, a large one in a child process.

The child gives way to readers (nice), and has a bound of processor time and of memory. It knows
nothing of Django: this module and what it imports stay free of it.
"""

import io
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import IO

import PIL.Image

from articles.photos.bare import bare, orientation
from articles.photos.limits import DECODERS
from articles.photos.pixels import size_as_seen

# Decoded in some 40 ms; a child costs more than that to start.
SMALL_PIXELS = 4_000_000
CHILD_SECONDS = 10
"""Of processor time. Fifty megapixels take two."""
CHILD_BYTES = 1536 * 1024 * 1024
_PATIENCE = 60
"""Seconds by the clock, on a machine that is busy with other things."""
_ROOT = Path(__file__).resolve().parent.parent.parent


def size_of_whole(data: IO[bytes], *, pixels: int) -> tuple[int, int] | None:
    """Decode the first frame of a picture that claims ``pixels``; None if that fails.

    Out: width and height in pixels as seen.
    """
    data.seek(0)
    if pixels > SMALL_PIXELS:
        return _asked_of_a_child(data.read())
    try:
        return decode(data)
    except Exception:  # decoders fail in every way on a bad file
        return None


def decode(data: IO[bytes]) -> tuple[int, int]:
    """Decode the first frame to its end; raises whatever the decoder does on a bad file."""
    held = orientation(data)
    with PIL.Image.open(bare(data), formats=DECODERS) as image:
        size = size_as_seen(image.size, held=held)
        # A JPEG is read to its end at any scale; at an eighth it takes half the time.
        image.draft("", (max(1, image.width // 8), max(1, image.height // 8)))
        image.load()
    return size


def _asked_of_a_child(data: bytes) -> tuple[int, int] | None:
    try:
        child = subprocess.run(
            [sys.executable, "-m", "articles.photos.decoding"],
            input=data,
            cwd=_ROOT,
            timeout=_PATIENCE,
            capture_output=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    if child.returncode != 0:
        return None
    width, height = child.stdout.split()
    return int(width), int(height)


def _main() -> None:
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_CPU, (CHILD_SECONDS, CHILD_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (CHILD_BYTES, CHILD_BYTES))
    width, height = decode(io.BytesIO(sys.stdin.buffer.read()))
    sys.stdout.write(f"{width} {height}")


if __name__ == "__main__":
    _main()
