"""The files behind the addresses: read where they exist, made where they are missing."""

import logging
import math
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from articles.photos.crops import Crop, own_width
from articles.photos.locks import maker_place, sole_maker
from articles.photos.pixels import UnreadableOriginal
from articles.photos.rendering import ORIGINAL, Line, NotMade, render
from articles.photos.renditions import Step, height_at, printed

if TYPE_CHECKING:
    from articles.models import Image

logger = logging.getLogger(__name__)

TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}


class Made(NamedTuple):
    """How many files were made, and the picture's average as #8899aa.

    The colour is None where none was made, "" where the picture shows the page through.
    """

    files: int
    colour: str | None


def read(name: str, width: int, extension: str) -> bytes | None:
    """Return a public file by its public name, or None where it has not been made. No query."""
    try:
        with storages["renditions"].open(f"{name}/{width}.{extension}") as file:
            content: bytes = file.read()
            return content
    except FileNotFoundError:
        return None


def make(image: "Image", steps: Iterable[Step] | None = None) -> int:
    """As ``make_missing``, of ``steps`` or those that pages print. Out: how many were made here."""
    return make_missing(image, printed(image) if steps is None else steps).files


def make_missing(image: "Image", steps: Iterable[Step]) -> Made:
    """Make the missing ones of ``steps`` from the original, never within a transaction.

    What another process made meanwhile is not made again. Raises ``UnreadableOriginal``, and
    ``NotMade`` where another attempt may succeed; files that were ready by then stay.
    """
    with sole_maker(image.rendition_name):
        missing = [step for step in steps if not storages["renditions"].exists(_path(image, step))]
        if not missing:
            return Made(0, None)
        try:
            colour = _make_all(image, missing)
        except OSError as error:
            raise NotMade(f"no room, or no way to write: {error}") from error
    logger.info("made %s renditions of picture %s", len(missing), image.pk)
    return Made(len(missing), colour)


def remove(name: str) -> None:
    """Take a picture's public files away, in all shapes."""
    for crop in Crop:
        _remove_folder(f"{name}{crop.suffix}")


def _make_all(image: "Image", steps: list[Step]) -> str:
    """Make and store ``steps``. Out: the picture's average."""
    with tempfile.TemporaryDirectory(prefix="renditions-") as scratch:
        folder = Path(scratch)
        _fetch_original(image, folder / ORIGINAL)
        lines = [_line(image, step, number) for number, step in enumerate(steps)]
        with maker_place():
            colour = render(
                folder,
                lines,
                focus=(image.focal_x, image.focal_y),
                rights=image.carried(),
            )
        for step, line in zip(steps, lines, strict=True):
            content = ContentFile((folder / line.file).read_bytes())
            # What a bucket answers with; a directory has no use for it.
            content.content_type = TYPES[step.extension]  # type: ignore[attr-defined]
            storages["renditions"].save(_path(image, step), content)
    return colour


def _line(image: "Image", step: Step, number: int) -> Line:
    scale = image.width / own_width(step.crop, image.width, image.height)
    return Line(
        file=f"{number}.{step.extension}",
        width=step.width,
        height=height_at(step.width, image.width, image.height, step.crop),
        needs=math.ceil(step.width * scale),
        is_cut=step.crop.ratio is not None,
        moves=step.crop.moves,
    )


def _fetch_original(image: "Image", target: Path) -> None:
    try:
        with image.file.open("rb") as original, target.open("wb") as copy:
            shutil.copyfileobj(original, copy)
    except FileNotFoundError as error:
        raise UnreadableOriginal(f"the original of picture {image.pk} is gone") from error


def _path(image: "Image", step: Step) -> str:
    return f"{image.rendition_name}{step.crop.suffix}/{step.width}.{step.extension}"


def _remove_folder(name: str) -> None:
    storage = storages["renditions"]
    try:
        _, files = storage.listdir(name)
    except FileNotFoundError:
        return
    for file in files:
        storage.delete(f"{name}/{file}")
    storage.delete(name)
