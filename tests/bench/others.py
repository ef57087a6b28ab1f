"""The same files by other engines: ``python -m tests.bench.others ENGINE`` with an order as JSON.

A process for each engine, so that none works with the memory of another. Prints a line of JSON a
photograph. Both make files as their users do: libvips shrinks while it loads, once a photograph;
easy-thumbnails opens the photograph for each file.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.bench.burden import weighed

JPEG_QUALITY, WEBP_QUALITY, AVIF_QUALITY = 80, 78, 69
# Of 0 to 10, as our own; libvips counts 9 down.
AVIF_SPEED = 8
QUALITIES = {"jpg": JPEG_QUALITY, "webp": WEBP_QUALITY, "avif": AVIF_QUALITY}


@dataclass(frozen=True, slots=True)
class Line:
    """One file of the ladder: its name, its measures in pixels, and whether it is cut."""

    name: str
    width: int
    height: int
    is_cut: bool

    @property
    def extension(self) -> str:
        return self.name.rpartition(".")[2]


def by_libvips() -> Callable[[Path, list[Line], Path], None]:
    import pyvips

    more: dict[str, dict[str, Any]] = {
        "jpg": {"interlace": True, "optimize_coding": True},
        "webp": {"effort": 4},
        "avif": {"compression": "av1", "effort": 9 - AVIF_SPEED},
    }

    def make(photograph: Path, lines: list[Line], folder: Path) -> None:
        widest = max(line.width for line in lines)
        # Memory, for each file reads it anew.
        loaded = pyvips.Image.thumbnail(str(photograph), widest, height=100_000).copy_memory()
        for line in lines:
            cut = {"crop": "centre"} if line.is_cut else {"size": "force"}
            sized = loaded.thumbnail_image(line.width, height=line.height, **cut)
            options = {"Q": QUALITIES[line.extension], "keep": "none", **more[line.extension]}
            sized.write_to_file(str(folder / line.name), **options)

    return make


def by_easy_thumbnails() -> Callable[[Path, list[Line], Path], None]:
    import django
    from django.conf import settings

    # It takes no quality for AVIF: that is Pillow's own.
    swift = {"AVIF": {"speed": AVIF_SPEED}}
    settings.configure(INSTALLED_APPS=["easy_thumbnails"], THUMBNAIL_IMAGE_SAVE_OPTIONS=swift)
    django.setup()
    from easy_thumbnails.files import Thumbnailer

    def make(photograph: Path, lines: list[Line], folder: Path) -> None:
        with photograph.open("rb") as file:
            source = Thumbnailer(file, name=photograph.name)
            for line in lines:
                file.seek(0)
                options = {
                    "size": (line.width, line.height),
                    "crop": line.is_cut,
                    "quality": QUALITIES[line.extension],
                    # Its number for JPEG is no word for AVIF; both mean the same.
                    "subsampling": "4:2:0" if line.extension == "avif" else 2,
                }
                source.thumbnail_extension = line.extension
                made = source.generate_thumbnail(options, silent_template_exception=False)
                (folder / line.name).write_bytes(made.read())

    return make


ENGINES = {"libvips": by_libvips, "easy-thumbnails": by_easy_thumbnails}


def main(engine: str) -> None:
    order = json.load(sys.stdin)
    make = ENGINES[engine]()
    lines = [Line(**line) for line in order["lines"]]
    for photograph in map(Path, order["photographs"]):
        folder = Path(order["folder"], photograph.stem)
        folder.mkdir(parents=True)
        with weighed() as burden:
            make(photograph, lines, folder)
        print(json.dumps(asdict(burden)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
