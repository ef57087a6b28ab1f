"""Photographs of 24 megapixels through upload and renditions, beside two other engines.

The ladder is whatever ``making.make`` makes; the others make the same files, at the same numbers
of quality. Figures of one run compare among themselves, not with another machine's.
"""

import json
import re
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.core.files import File
from django.core.files.storage import storages
from PIL import Image as Pillow

from articles.models import Image
from articles.photos import library, making, uploads
from tests.bench import photographs
from tests.bench.burden import Burden, weighed
from tests.bench.likeness import ssim
from tests.bench.others import ENGINES, Line

# Comparing takes longer than making.
COMPARED = 4
OURS = "Newsroom"
CHECK = "Newsroom, the check of an upload"
BOTH = "Newsroom, check and files"


@dataclass
class Result:
    """What an engine took for each photograph, and the folders of what it made."""

    burdens: list[Burden] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """Of one engine and one format, in the middle: bytes of all whole files of a photograph."""

    extension: str
    engine: str
    bytes: float
    ssim: float


def measure(folder: Path, *, count: int) -> tuple[dict[str, Result], list[Line], list[Format]]:
    """Out: by engine what it took for the files (ours for the check, too), the ladder, and formats
    by extension.
    """
    taken = photographs.take(folder, count=count)
    checks, makings = _ours(taken)
    pairs = zip(checks.burdens, makings.burdens, strict=True)
    results = {CHECK: checks, OURS: makings, BOTH: Result([one + other for one, other in pairs])}
    lines = _ladder(results[OURS].folders[0])
    for engine in ENGINES:
        results[engine] = _by(engine, taken, lines, folder / engine)
    made = {name: result for name, result in results.items() if result.folders}
    return results, lines, sorted(_formats(made, taken, lines), key=lambda each: each.extension)


def _ours(taken: list[Path]) -> tuple[Result, Result]:
    checks, makings = Result(), Result()
    room = Path(storages["renditions"].location)  # type: ignore[attr-defined]
    for path in taken:
        with path.open("rb") as file:
            with weighed() as burden:
                checked = uploads.check(File(file, name=path.name))
            checks.burdens.append(burden)
            image = library.add(Image(credit="Bench"), checked, by=None)
        with weighed() as burden:
            making.make(image)
        makings.burdens.append(burden)
        makings.folders.append(_gathered(room, image.rendition_name, path.with_suffix("")))
    return checks, makings


def _gathered(room: Path, name: str, folder: Path) -> Path:
    """The public files of one picture in one folder; those of its crops by the crops' names."""
    folder.mkdir()
    for file in room.glob(f"{name}*/*.*"):
        crop = file.parent.name.removeprefix(name)
        (folder / f"{file.stem}{crop}{file.suffix}").write_bytes(file.read_bytes())
    return folder


def _ladder(folder: Path) -> list[Line]:
    lines = []
    for path in sorted(folder.iterdir()):
        with Pillow.open(path) as image:
            is_cut = not re.fullmatch(r"\d+", path.stem)
            lines.append(Line(path.name, image.width, image.height, is_cut=is_cut))
    return lines


def _by(engine: str, taken: list[Path], lines: list[Line], folder: Path) -> Result:
    order = {
        "photographs": list(map(str, taken)),
        "lines": [asdict(line) for line in lines],
        "folder": str(folder),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.others", engine],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        return Result(failure=done.stderr.strip().rpartition("\n")[2])
    burdens = [Burden(**json.loads(line)) for line in done.stdout.splitlines()]
    return Result(burdens, [folder / path.stem for path in taken])


def _formats(made: dict[str, Result], taken: list[Path], lines: list[Line]) -> Iterator[Format]:
    whole = [line for line in lines if not line.is_cut]
    likeness: dict[tuple[str, str], list[float]] = defaultdict(list)
    for number, path in enumerate(taken[:COMPARED]):
        for line, reference in _references(path, whole):
            for engine, result in made.items():
                with Pillow.open(result.folders[number] / line.name) as image:
                    likeness[engine, line.extension].append(ssim(reference, image))
    for (engine, extension), values in likeness.items():
        names = [line.name for line in whole if line.extension == extension]
        sizes = [
            sum((folder / name).stat().st_size for name in names) for folder in made[engine].folders
        ]
        yield Format(extension, engine, statistics.mean(sizes), statistics.mean(values))


def _references(path: Path, lines: list[Line]) -> Iterator[tuple[Line, Pillow.Image]]:
    """What each file should look like: the photograph brought to its size with nothing lost."""
    sized: dict[tuple[int, int], Pillow.Image] = {}
    with Pillow.open(path) as photograph:
        for line in lines:
            size = (line.width, line.height)
            if size not in sized:
                sized[size] = photograph.resize(size, Pillow.Resampling.LANCZOS)
            yield line, sized[size]
