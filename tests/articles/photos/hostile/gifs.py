"""GIFs that move without end, or claim what they do not hold."""

import struct
from collections.abc import Callable

from PIL import Image

from tests.articles.photos.files import animated, quarters, saved

GIF = saved(quarters((64, 40)), "GIF")
_NOISE = saved(Image.effect_noise((400, 300), 60), "GIF")
_HEAD = b"GIF89a" + struct.pack("<HHBBB", 8, 8, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
_FRAME = b"\x2c" + struct.pack("<HHHHB", 0, 0, 8, 8, 0) + b"\x02\x03\x84\x8f\x59\0"


def _script() -> bytes:
    """A picture that a browser would run, if it were told that it is a program."""
    # Its width spells the start of a comment, which ends behind the picture.
    start = b"GIF89a/*" + GIF[8:-1]
    comment = b"\x21\xfe\x0b*/=alert(1)\0;"
    return start + comment + b";"


TAKEN: dict[str, Callable[[], bytes]] = {
    "gif, and a script": _script,
    "gif, and a page behind it": lambda: GIF + b"<html><script>alert(1)</script></html>",
    "gif, two hundred thousand comments": lambda: GIF[:-1] + b"\x21\xfe\x01a\0" * 200_000 + b";",
    "gif, a megabyte of ends": lambda: GIF + b";" * 1_000_000,
}

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "gif, its first bytes only": (lambda: b"GIF89a", "broken"),
    "gif, its header only": (lambda: GIF[:13], "broken"),
    "gif, cut by two thirds": (lambda: _NOISE[: len(_NOISE) // 3], "broken"),
    "gif, cut in a later frame": (lambda: animated(20)[:-60], "broken"),
    "gif, 201 frames": (lambda: animated(201), "frames"),
    "gif, a million frames": (lambda: _HEAD + _FRAME * 1_000_000 + b";", "frames"),
    "gif, frames of 120 megapixels": (lambda: animated(30, size=(2_000, 2_000)), "moving"),
    "gif, four gigapixels": (lambda: GIF[:6] + b"\xff\xff\xff\xff" + GIF[10:], "pixels"),
    "gif, a frame of four gigapixels": (
        lambda: _HEAD + b"\x2c" + b"\0\0\0\0\xff\xff\xff\xff\0" + _FRAME[10:] + b";",
        "pixels",
    ),
    "gif, a word of thirteen bits": (
        lambda: _HEAD + _FRAME[:10] + b"\x0d" + _FRAME[11:] + b";",
        "broken",
    ),
    "gif, no frame": (lambda: _HEAD + b";", "broken"),
    "gif, comments without end": (lambda: _HEAD + b"\x21\xfe" + b"\x01a" * 500_000, "broken"),
}
