"""PNGs whose chunks lie, unpack without end, or are not there."""

import struct
import zlib
from collections.abc import Callable

from PIL import Image

from tests.articles.photos.files import animated, claimed_png, quarters, saved
from tests.articles.photos.test_metadata_shapes import chunk

PNG = saved(quarters((64, 40)), "PNG")
_NOISE = saved(Image.effect_noise((400, 300), 60), "PNG")
_SIGNATURE, _HEAD_ENDS = PNG[:8], 33


def with_chunks(*chunks: bytes) -> bytes:
    return PNG[:_HEAD_ENDS] + b"".join(chunks) + PNG[_HEAD_ENDS:]


def made_of(head: bytes, *chunks: bytes) -> bytes:
    return _SIGNATURE + chunk(b"IHDR", head) + b"".join(chunks) + chunk(b"IEND", b"")


def _head(width: int, height: int, bits: int = 8, colours: int = 2, lacing: int = 0) -> bytes:
    return struct.pack(">LLBBBBB", width, height, bits, colours, 0, 0, lacing)


def _zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    parts = [packer.compress(b"\0" * 1_000_000) for _ in range(megabytes)]
    return b"".join(parts) + packer.flush()


TAKEN: dict[str, Callable[[], bytes]] = {
    "png, and a page in its words": lambda: with_chunks(
        chunk(b"tEXt", b"Comment\0<html><script>alert(1)</script></html>")
    ),
    "png, and an archive behind it": lambda: PNG + b"PK\3\4<?php system($_GET['c']); ?>",
    "png, words that unpack to 200 megabytes": lambda: with_chunks(
        chunk(b"zTXt", b"Comment\0\0" + _zeros(200))
    ),
    "png, hundreds of words that unpack to 20 megabytes": lambda: with_chunks(
        *[chunk(b"zTXt", b"Raw profile type xmp\0\0" + _zeros(20))] * 300
    ),
    "png, rights that unpack to 200 megabytes": lambda: with_chunks(
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + _zeros(200))
    ),
    "png, fifty thousand chunks": lambda: with_chunks(*[chunk(b"prVt", b"")] * 50_000),
    "png, a hundred thousand words": lambda: with_chunks(*[chunk(b"tEXt", b"a\0b")] * 100_000),
    # 49 megapixels of one colour are a small file and a real picture.
    "png, forty-nine megapixels of nothing": lambda: saved(
        Image.new("RGBA", (7_000, 7_000)), "PNG"
    ),
    "png, a gamma of nothing": lambda: with_chunks(chunk(b"gAMA", b"\0\0\0\0")),
    "png, a profile that is none": lambda: with_chunks(
        chunk(b"iCCP", b"x\0\0" + zlib.compress(b"\xff" * 5_000))
    ),
}

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "png, its first bytes only": (lambda: _SIGNATURE, "broken"),
    "png, its header only": (lambda: PNG[:_HEAD_ENDS], "broken"),
    "png, cut by two thirds": (lambda: _NOISE[: len(_NOISE) // 3], "broken"),
    "png, cut before its last bytes": (lambda: _NOISE[:-40], "broken"),
    "png, laced and cut": (
        lambda: made_of(_head(4_000, 4_000, lacing=1), chunk(b"IDAT", _zeros(1)[:300])),
        "broken",
    ),
    "png, one side of 2^31": (lambda: claimed_png(2**31 - 1, 1), "pixels"),
    "png, both sides of 2^31": (lambda: claimed_png(2**31 - 1, 2**31 - 1), "pixels"),
    "png, both sides of 2^32": (lambda: claimed_png(2**32 - 1, 2**32 - 1), "pixels"),
    "png, no side at all": (lambda: claimed_png(0, 0), "broken"),
    "png, sixty megapixels": (lambda: claimed_png(10_000, 6_000), "pixels"),
    "png, a side too long": (lambda: claimed_png(16_001, 4), "side"),
    "png, pixels without end": (
        lambda: made_of(_head(7_000, 7_000), chunk(b"IDAT", _zeros(20))),
        "broken",
    ),
    "png, a profile that unpacks to 200 megabytes": (
        lambda: with_chunks(chunk(b"iCCP", b"x\0\0" + _zeros(200))),
        "broken",
    ),
    "png, no pixels": (lambda: made_of(_head(64, 40)), "broken"),
    "png, its end first": (lambda: _SIGNATURE + chunk(b"IEND", b"") + PNG[8:], "broken"),
    "png, spoilt pixels": (lambda: _NOISE[:20_000] + b"\xff" * 9 + _NOISE[20_009:], "broken"),
    "png, a chunk longer than the file": (
        lambda: PNG[:_HEAD_ENDS] + b"\x7f\xff\xff\xffIDAT" + PNG[_HEAD_ENDS:],
        "broken",
    ),
    "png, a palette that is missing": (
        lambda: made_of(_head(64, 40, colours=3), chunk(b"IDAT", zlib.compress(b"\7" * 2_600))),
        "broken",
    ),
    "png, seven bits": (
        lambda: made_of(_head(64, 40, bits=7), chunk(b"IDAT", zlib.compress(b"\0" * 9_000))),
        "broken",
    ),
    "png, 201 frames": (lambda: animated(201, "PNG"), "frames"),
    "png, ten frames that are not there": (
        lambda: with_chunks(chunk(b"acTL", struct.pack(">LL", 10, 0))),
        "broken",
    ),
    "png, two billion frames": (
        lambda: with_chunks(chunk(b"acTL", struct.pack(">LL", 2**31 - 1, 0))),
        "frames",
    ),
}
