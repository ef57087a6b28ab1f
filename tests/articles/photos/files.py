"""Picture files for tests, made by Pillow and by hand."""

import io
import struct
import zlib
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops, ImageStat

CORNERS = ((200, 30, 30), (30, 160, 60), (40, 60, 200), (230, 200, 40))


def quarters(size: tuple[int, int] = (640, 400)) -> Image.Image:
    """Red, green, blue and yellow quarters, so that every turn and mirror shows."""
    width, height = size
    image = Image.new("RGB", size)
    for number, colour in enumerate(CORNERS):
        left, top = (number % 2) * width // 2, (number // 2) * height // 2
        image.paste(colour, (left, top, left + width // 2, top + height // 2))
    return image


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def upload(data: bytes, name: str = "picture.jpg") -> ContentFile[bytes]:
    return ContentFile(data, name)


def posted(data: bytes, name: str = "picture.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/jpeg")


def animated(frames: int, kind: str = "GIF", size: tuple[int, int] = (8, 8)) -> bytes:
    images = [
        Image.new("RGB", size, (255 * (number % 2), number % 256, 128)) for number in range(frames)
    ]
    return saved(images[0], kind, save_all=True, append_images=images[1:], duration=40)


def claimed_png(width: int, height: int) -> bytes:
    """A small PNG whose header claims any size: a decompression bomb's front door."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of two pictures of one size, 0 to 255 a channel."""
    assert (one.size, one.mode) == (other.size, other.mode)
    means = ImageStat.Stat(ImageChops.difference(one, other)).mean
    return sum(means) / len(means)
