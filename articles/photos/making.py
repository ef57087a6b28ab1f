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

    The colour is "" where none was made, "clear" where the picture shows the page through.
    """

    files: int
    colour: str


def read(name: str, width: int, extension: str) -> bytes | None:
    """Return a public file by its public name, or None where it has not been made. No query."""
    try:
        with storages["renditions"].open(f"{name}/{width}.{extension}") as file:
            content: bytes = file.read()
            return content
    except FileNotFoundError:
        return None


def make(
    image: "Image", steps: Iterable[Step] | None = None, *, patience: float | None = None
) -> int:
    """As ``make_missing``, of ``steps`` or those that pages print. Out: how many were made here."""
    wanted = printed(image) if steps is None else steps
    return make_missing(image, wanted, patience=patience).files


def average(image: "Image") -> str:
    """The colour as in ``Made``, of a picture whose files were all there. Raises as ``make``."""
    smallest = min(printed(image), key=lambda step: step.width)
    with tempfile.TemporaryDirectory(prefix="renditions-") as scratch:
        return _render(image, [smallest], Path(scratch), patience=None)


def make_missing(image: "Image", steps: Iterable[Step], *, patience: float | None = None) -> Made:
    """Make the missing ones of ``steps`` from the original, never within a transaction.

    ``patience``: seconds that somebody waits for a turn; None for the worker, which waits its turn
    and gives way to all else.

    What another process made meanwhile is not made again. Raises ``UnreadableOriginal``, and
    ``NotMade`` where another attempt may succeed; files that were ready by then stay.
    """
    try:
        with sole_maker(image.rendition_name, patience=patience):
            missing = [step for step in steps if not _is_there(image, step)]
            if not missing:
                return Made(0, "")
            colour = _make_all(image, missing, patience=patience)
    except OSError as error:
        raise NotMade(f"no turn, no room, or no way to read or write: {error}") from error
    logger.info("made %s renditions of picture %s", len(missing), image.pk)
    return Made(len(missing), colour)


def remove(name: str) -> None:
    """Take a picture's public files away, in all shapes."""
    for crop in Crop:
        _remove_folder(f"{name}{crop.suffix}")


def _make_all(image: "Image", steps: list[Step], *, patience: float | None) -> str:
    """Make and store ``steps``. Out: the picture's average."""
    with tempfile.TemporaryDirectory(prefix="renditions-") as scratch:
        folder = Path(scratch)
        colour = _render(image, steps, folder, patience=patience)
        for number, step in enumerate(steps):
            content = ContentFile((folder / _line(image, step, number).file).read_bytes())
            # What a bucket answers with; a directory has no use for it.
            content.content_type = TYPES[step.extension]  # type: ignore[attr-defined]
            storages["renditions"].save(_path(image, step), content)
    return colour


def _render(image: "Image", steps: list[Step], folder: Path, *, patience: float | None) -> str:
    _fetch_original(image, folder / ORIGINAL)
    with maker_place(patience=patience):
        return render(
            folder,
            [_line(image, step, number) for number, step in enumerate(steps)],
            focus=(image.focal_x, image.focal_y),
            rights=image.carried(),
            is_awaited=patience is not None,
        )


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


def _is_there(image: "Image", step: Step) -> bool:
    return storages["renditions"].exists(_path(image, step))


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
