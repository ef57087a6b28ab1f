"""Public files of one picture, made in a child process that may be killed.

The child gives way to readers (nice), and has a bound of processor time and of memory: no original
is decoded where pages are answered. It gets a folder with the original and the order as JSON, and
leaves one file for each line of the order. It knows nothing of Django: this module and what it
imports stay free of it.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import PIL.Image

from articles.photos import pixels
from articles.photos.carried import packet
from articles.photos.moving import encode_moving
from articles.photos.pixels import UnreadableOriginal

ORIGINAL = "original"
CHILD_SECONDS = 60
"""Of processor time. All files of a photograph of 24 megapixels take four."""
CHILD_BYTES = 1536 * 1024 * 1024
_PATIENCE = 180
"""Seconds by the clock, on a machine that is busy with other things."""
_UNREADABLE = 3
_NICE = 10
_ROOT = Path(__file__).resolve().parent.parent.parent


class NotMade(Exception):
    """The files could not be made now: no fault of the picture that is known. Try again later."""


@dataclass(frozen=True, slots=True)
class Line:
    """One file to make: its name in the folder and its measures in pixels.

    ``needs``: how wide the whole picture must be for it.
    """

    file: str
    width: int
    height: int
    needs: int
    is_cut: bool
    moves: bool

    @property
    def extension(self) -> str:
        return self.file.rpartition(".")[2]


def render(
    folder: Path,
    lines: list[Line],
    *,
    focus: tuple[int, int],
    rights: Mapping[str, str],
    is_awaited: bool = False,
) -> str:
    """Make ``lines`` from the file ``original`` in ``folder``.

    Out: the average, as #8899aa, or "clear". What is not awaited gives way to all else (nice).
    Raises ``UnreadableOriginal`` and ``NotMade``.
    """
    order = {
        "nice": 0 if is_awaited else _NICE,
        "seconds": CHILD_SECONDS,
        "bytes": CHILD_BYTES,
        "lines": [asdict(line) for line in lines],
        "focus": focus,
        "rights": dict(rights),
    }
    try:
        child = subprocess.run(  # noqa: S603  # ourselves, and a folder of ours
            [sys.executable, "-m", "articles.photos.rendering", str(folder)],
            input=json.dumps(order).encode(),
            cwd=_ROOT,
            timeout=_PATIENCE,
            capture_output=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotMade(f"no end after {_PATIENCE} seconds") from None
    said = child.stderr.decode(errors="replace").strip()[-500:]
    if child.returncode == _UNREADABLE:
        raise UnreadableOriginal(said)
    if child.returncode != 0:
        raise NotMade(f"the child ended with {child.returncode}: {said}")
    return child.stdout.decode()


def _main() -> None:
    folder = Path(sys.argv[1])
    order = json.loads(sys.stdin.buffer.read())
    os.nice(order["nice"])
    resource.setrlimit(resource.RLIMIT_CPU, (order["seconds"], order["seconds"]))
    resource.setrlimit(resource.RLIMIT_AS, (order["bytes"], order["bytes"]))
    lines = [Line(**line) for line in order["lines"]]
    focus = order["focus"][0], order["focus"][1]
    try:
        sys.stdout.write(_make(folder, lines, focus=focus, xmp=packet(order["rights"])))
    except UnreadableOriginal as error:
        # No room in memory is no fault of the picture.
        if isinstance(error.__cause__, MemoryError):
            raise
        sys.stderr.write(str(error))
        sys.exit(_UNREADABLE)


def _make(folder: Path, lines: list[Line], *, focus: tuple[int, int], xmp: bytes) -> str:
    original = folder / ORIGINAL
    with original.open("rb") as file:
        prepared = pixels.prepare(file, width=max(line.needs for line in lines))
    for line in lines:
        if line.moves:
            data = encode_moving(_frames(original, line, focus=focus), xmp=xmp)
        else:
            image = _shaped(prepared, line, focus=focus)
            data = pixels.encode(image, extension=line.extension, xmp=xmp)
        (folder / line.file).write_bytes(data)
    return pixels.colour_of(prepared)


def _frames(
    original: Path, line: Line, *, focus: tuple[int, int]
) -> Iterator[tuple[PIL.Image.Image, int]]:
    with original.open("rb") as file:
        for frame, stands in pixels.frames(file, width=line.needs):
            yield _shaped(frame, line, focus=focus), stands


def _shaped(image: PIL.Image.Image, line: Line, *, focus: tuple[int, int]) -> PIL.Image.Image:
    return pixels.shaped(image, (line.width, line.height), focus=focus if line.is_cut else None)


if __name__ == "__main__":
    _main()
