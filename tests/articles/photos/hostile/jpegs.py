"""JPEGs that lie, are cut off, or never end."""

import io
import struct
import zipfile
from collections.abc import Callable

from PIL import Image

from tests.articles.photos.files import quarters, saved
from tests.articles.photos.said import jpeg_saying, segment

JPEG = saved(quarters((64, 40)), "JPEG")
NOISE = Image.effect_noise((400, 300), 60)
_SCAN = b"\xff\xda"


def scans(data: bytes) -> tuple[bytes, list[bytes], bytes]:
    """What comes before the first scan, each scan with the tables before it, and the end."""
    starts = [at for at in range(len(data)) if data[at : at + 2] == _SCAN]
    pairs = zip(starts, [*starts[1:], -2], strict=True)
    return data[: starts[0]], [data[start:end] for start, end in pairs], data[-2:]


def thousands_of_scans(count: int = 20_000) -> bytes:
    """A few hundred kilobytes that take minutes: each scan goes over fifty megapixels."""
    flat = saved(Image.new("L", (8_000, 6_000), 90), "JPEG", progressive=True)
    head, passes, end = scans(flat)
    return head + passes[0] + passes[1] * count + end


def hundreds_of_scans() -> bytes:
    head, passes, end = scans(saved(NOISE, "JPEG", progressive=True))
    return head + passes[0] + b"".join(passes[1:] * 60) + end


def claiming(width: int, height: int) -> bytes:
    return _patched(JPEG, b"\xff\xc0", 5, struct.pack(">HH", height, width))


def _patched(data: bytes, mark: bytes, offset: int, new: bytes) -> bytes:
    at = data.index(mark) + offset
    return data[:at] + new + data[at + len(new) :]


def _without(data: bytes, marker: int) -> bytes:
    at = data.index(bytes([0xFF, marker]))
    return data[:at] + data[at + 2 + int.from_bytes(data[at + 2 : at + 4], "big") :]


def _packed() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("run.js", "alert('archive')")
    return out.getvalue()


def _profile() -> bytes:
    """A colour profile that claims four gigabytes and as many tags."""
    head = struct.pack(">L", 0xFFFFFFFF) + b"lcms" + b"\4\x30\0\0" + b"mntrRGB XYZ "
    profile = head.ljust(36, b"\0") + b"acsp"
    tag = b"rXYZ" + struct.pack(">LL", 0xFFFFFFF0, 0xFFFFFFFF)
    return profile.ljust(128, b"\0") + struct.pack(">L", 0xFFFFFFFF) + tag * 200


def _pictures_in_one(claimed: int) -> bytes:
    """The list of pictures in a phone's file (MPF), which claims any number."""
    entries = b"".join(
        struct.pack("<HHLL", tag, kind, count, value)
        for tag, kind, count, value in (
            (0xB000, 7, 4, int.from_bytes(b"0100", "little")),
            (0xB001, 4, 1, claimed),
            (0xB002, 7, 16 * claimed & 0xFFFFFFFF, 62),
        )
    )
    index = b"II*\0\x08\0\0\0" + struct.pack("<H", 3) + entries + b"\0" * 4
    return jpeg_saying(segments=(segment(0xE2, b"MPF\0" + index),))


TAKEN: dict[str, Callable[[], bytes]] = {
    "jpeg, and an archive behind it": lambda: JPEG + _packed(),
    "jpeg, and a page behind it": lambda: JPEG + b"<html><script>alert(1)</script></html>",
    "jpeg, and a program in its comment": lambda: jpeg_saying(
        segments=(segment(0xFE, b"<?php system($_GET['c']); ?>"),)
    ),
    "jpeg, hundreds of scans": hundreds_of_scans,
    "jpeg, ten thousand empty segments": lambda: jpeg_saying(
        segments=(segment(0xE5, b""),) * 10_000
    ),
    "jpeg, thirty megabytes of comments": lambda: jpeg_saying(
        segments=(segment(0xFE, b"<" * 65_000),) * 480
    ),
    "jpeg, a profile of four gigabytes": lambda: jpeg_saying(
        segments=(segment(0xE2, b"ICC_PROFILE\0\1\1" + _profile()),)
    ),
    "jpeg, a profile of which parts are missing": lambda: jpeg_saying(
        segments=tuple(
            segment(0xE2, b"ICC_PROFILE\0" + bytes([part, 255]) + b"\xff" * 60_000)
            for part in range(1, 255, 2)
        )
    ),
    # The decoder makes the rest grey: a dull picture, and no danger.
    "jpeg, more pixels than it holds": lambda: claiming(7_000, 7_000),
    "jpeg, a thousand pictures in one": lambda: _pictures_in_one(1_000),
    "jpeg, four billion pictures in one": lambda: _pictures_in_one(0xFFFFFFFF),
    "jpeg, a thumbnail that is a bomb": lambda: jpeg_saying(
        segments=(
            segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\0\0\x0e\0\0\0" + claiming(65_000, 65_000)),
        )
    ),
}

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "jpeg, its first bytes only": (lambda: b"\xff\xd8\xff\xe0", "broken"),
    "jpeg, its header only": (lambda: JPEG[: JPEG.index(_SCAN)], "broken"),
    "jpeg, cut in its tables": (lambda: JPEG[:100], "broken"),
    "jpeg, cut by a third": (lambda: saved(NOISE, "JPEG")[:9_000], "broken"),
    "jpeg, cut before its last bytes": (lambda: saved(NOISE, "JPEG")[:-40], "broken"),
    "jpeg, progressive and cut": (
        lambda: saved(NOISE, "JPEG", progressive=True)[:9_000],
        "broken",
    ),
    "jpeg, thousands of scans": (thousands_of_scans, "slow"),
    "jpeg, no tables": (lambda: _without(_without(JPEG, 0xDB), 0xC4), "broken"),
    "jpeg, no height": (lambda: claiming(64, 0), "broken"),
    "jpeg, four gigapixels": (lambda: claiming(65_535, 65_535), "pixels"),
    "jpeg, a side too long": (lambda: claiming(16_001, 8), "side"),
    "jpeg, 255 channels": (lambda: _patched(JPEG, b"\xff\xc0", 9, b"\xff"), "broken"),
    "jpeg, twelve bits": (lambda: _patched(JPEG, b"\xff\xc0", 4, b"\x0c"), "broken"),
    "jpeg, without loss": (lambda: JPEG.replace(b"\xff\xc0", b"\xff\xc3"), "broken"),
    "jpeg, hierarchical": (lambda: JPEG.replace(b"\xff\xc0", b"\xff\xc5"), "broken"),
    "jpeg, a segment longer than the file": (
        lambda: JPEG[:2] + b"\xff\xe1\xff\xff" + b"Exif\0\0" + JPEG[2:200],
        "broken",
    ),
}
