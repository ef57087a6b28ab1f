"""The files behind the addresses: read where they exist, made where they are missing."""

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

import PIL.Image
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from articles.photos.locks import sole_maker
from articles.photos.pixels import EXTENSIONS, Extension, UnreadableOriginal, encode, prepare
from articles.photos.renditions import height_at, widths_of

if TYPE_CHECKING:
    from articles.models import Image

logger = logging.getLogger(__name__)

Step = tuple[int, Extension]


def read(name: str, width: int, extension: Extension) -> bytes | None:
    """Return the public file, or None where it has not been made. No query."""
    try:
        with storages["renditions"].open(_path(name, (width, extension))) as file:
            content: bytes = file.read()
            return content
    except FileNotFoundError:
        return None


def make(image: "Image", steps: Iterable[Step] | None = None) -> int:
    """Make the missing ones of ``steps`` (all of them if None) from the original.

    Out: how many were made here; what another process made meanwhile is not made again. Raises
    ``UnreadableOriginal``.
    """
    wanted = tuple(steps) if steps is not None else _all_steps(image)
    prepared: PIL.Image.Image | None = None
    made = 0
    for step in wanted:
        path = _path(image.rendition_name, step)
        with sole_maker(path):
            if storages["renditions"].exists(path):
                continue
            prepared = prepared or _prepared(image, wanted)
            size = (step[0], height_at(step[0], image.width, image.height))
            data = encode(prepared, size=size, extension=step[1])
            storages["renditions"].save(path, ContentFile(data))
            made += 1
            logger.info("made rendition %s", path)
    return made


def remove(name: str) -> None:
    """Take a picture's public files away."""
    storage = storages["renditions"]
    try:
        _, files = storage.listdir(name)
    except FileNotFoundError:
        return
    for file in files:
        storage.delete(f"{name}/{file}")
    storage.delete(name)


def _all_steps(image: "Image") -> tuple[Step, ...]:
    return tuple((width, extension) for width in widths_of(image.width) for extension in EXTENSIONS)


def _prepared(image: "Image", steps: Iterable[Step]) -> PIL.Image.Image:
    try:
        with image.file.open("rb") as original:
            return prepare(original, width=max(width for width, _ in steps))
    except FileNotFoundError as error:
        raise UnreadableOriginal(f"the original of picture {image.pk} is gone") from error


def _path(name: str, step: Step) -> str:
    return f"{name}/{step[0]}.{step[1]}"
