"""WebP and AVIF: chunks and boxes that lie."""

import struct
from collections.abc import Callable

from PIL import Image

from tests.articles.photos.files import animated, quarters, saved

WEBP = saved(quarters((64, 40)), "WEBP")
AVIF = saved(quarters((64, 40)), "AVIF")
_NOISE = Image.effect_noise((400, 300), 60).convert("RGB")


def riff(*chunks: bytes) -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<L", len(body)) + body


def chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<L", len(data)) + data + b"\0" * (len(data) % 2)


def canvas(width: int, height: int, *, flags: int = 0) -> bytes:
    sides = struct.pack("<L", width - 1)[:3] + struct.pack("<L", height - 1)[:3]
    return chunk(b"VP8X", bytes([flags, 0, 0, 0]) + sides)


def _claimed(width: int, height: int) -> bytes:
    """The header of a WebP without loss."""
    bits = (width - 1) | (height - 1) << 14
    return riff(chunk(b"VP8L", b"\x2f" + struct.pack("<L", bits) + b"\0" * 40))


def _sized(data: bytes, width: int, height: int) -> bytes:
    """An AVIF that claims another size."""
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">LL", width, height) + data[at + 8 :]


def _nested(depth: int) -> bytes:
    boxes = b""
    for _ in range(depth):
        boxes = struct.pack(">L", len(boxes) + 8) + b"meta" + boxes
    return AVIF[:32] + boxes


TAKEN: dict[str, Callable[[], bytes]] = {
    "webp, and a page behind it": lambda: WEBP + b"<html><script>alert(1)</script></html>",
    "webp, words of megabytes": lambda: riff(
        canvas(64, 40, flags=0x04), WEBP[12:], chunk(b"XMP ", b"<" * 9_000_000)
    ),
    "webp, twenty thousand chunks of nobody": lambda: riff(
        canvas(64, 40), WEBP[12:], chunk(b"NOBO", b"") * 20_000
    ),
    "avif, and a page behind it": lambda: AVIF + b"<html><script>alert(1)</script></html>",
}

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "webp, its first bytes only": (lambda: WEBP[:12], "broken"),
    "webp, cut by two thirds": (lambda: saved(_NOISE, "WEBP")[:5_000], "broken"),
    "webp, cut before its last bytes": (lambda: saved(_NOISE, "WEBP")[:-40], "broken"),
    "webp, longer by its own words": (lambda: WEBP[:4] + b"\xff\xff\xff\xff" + WEBP[8:], "broken"),
    "webp, 268 megapixels without loss": (lambda: _claimed(16_384, 16_384), "pixels"),
    "webp, a canvas of 2^24": (lambda: riff(canvas(2**24, 2**24), WEBP[12:]), "pixels"),
    "webp, 26 megapixels": (lambda: _claimed(6_500, 4_000), "pixels"),
    "webp, a side too long": (lambda: _claimed(16_001, 8), "side"),
    "webp, a canvas and no picture": (lambda: riff(canvas(64, 40)), "broken"),
    "webp, no pixels": (lambda: _claimed(64, 40), "broken"),
    "webp, 201 frames": (lambda: animated(201, "WEBP"), "frames"),
    "webp, a frame outside of its canvas": (
        lambda: animated(3, "WEBP").replace(
            canvas(8, 8, flags=0x02)[8:], canvas(2, 2, flags=0x02)[8:]
        ),
        "broken",
    ),
    "avif, its first bytes only": (lambda: AVIF[:32], "broken"),
    "avif, cut by two thirds": (lambda: saved(_NOISE, "AVIF")[:5_000], "broken"),
    "avif, cut before its last bytes": (lambda: saved(_NOISE, "AVIF")[:-40], "broken"),
    "avif, 60 megapixels": (lambda: _sized(AVIF, 10_000, 6_000), "pixels"),
    "avif, both sides of 2^32": (lambda: _sized(AVIF, 2**32 - 1, 2**32 - 1), "broken"),
    "avif, no side at all": (lambda: _sized(AVIF, 0, 0), "broken"),
    "avif, 201 frames": (lambda: animated(201, "AVIF", size=(64, 64)), "frames"),
    "avif, boxes in boxes": (lambda: _nested(20_000), "broken"),
    "avif, a box of no length": (
        lambda: AVIF[:32] + b"\0\0\0\1meta" + b"\0" * 8 + AVIF[40:],
        "broken",
    ),
}
