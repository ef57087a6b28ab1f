"""Whole pictures whose words about themselves are traps. None of them keeps a picture out."""

import struct
from collections.abc import Callable

from tests.articles.photos.files import quarters, saved
from tests.articles.photos.said import datasets, jpeg_saying, packet, resources, segment, xmp
from tests.articles.photos.test_metadata_broken import BOMB, DEEP, OUTSIDE


def app1(tiff: bytes) -> bytes:
    return segment(0xE1, b"Exif\0\0" + tiff)


def app13(data: bytes) -> bytes:
    return segment(0xED, b"Photoshop 3.0\0" + data)


def tiff(*entries: tuple[int, int, int, int], follows: int = 0) -> bytes:
    """A page of tag, kind, count and value each, and the place of the next page."""
    page = b"".join(struct.pack("<HHLL", *entry) for entry in entries)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + page + struct.pack("<L", follows)


def _endless_extension() -> bytes:
    note = packet(
        '<xmpNote:HasExtendedXMP xmlns:xmpNote="http://ns.adobe.com/xmp/note/">'
        f"{'A' * 32}</xmpNote:HasExtendedXMP>"
    )
    part = b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32 + struct.pack(">LL", 2**32 - 1, 0)
    return jpeg_saying(xmp=note, segments=(segment(0xE1, part + b"<" * 60_000),) * 200)


TAKEN: dict[str, Callable[[], bytes]] = {
    "exif, a page that is its own next": lambda: jpeg_saying(
        segments=(app1(tiff((0x8769, 4, 1, 8), (0x8825, 4, 1, 8), follows=8)),)
    ),
    "exif, counts of four billion": lambda: jpeg_saying(
        segments=(app1(tiff(*[(0x010E + n, 2, 2**32 - 1, 8) for n in range(4_000)])),)
    ),
    "exif, sixty-five thousand tags that are not there": lambda: jpeg_saying(
        segments=(app1(b"II*\0\x08\0\0\0\xff\xff"),)
    ),
    "exif, in a png": lambda: saved(quarters((64, 40)), "PNG", exif=tiff((0x0112, 3, 2**31, 6))),
    "exif, in a webp": lambda: saved(
        quarters((64, 40)), "WEBP", exif=b"Exif\0\0" + tiff((0x8769, 4, 1, 8), follows=8)
    ),
    "xmp, a billion laughs": lambda: jpeg_saying(xmp=BOMB),
    "xmp, a file of the server": lambda: jpeg_saying(xmp=OUTSIDE),
    "xmp, elements in elements": lambda: jpeg_saying(xmp=DEEP[:60_000]),
    "xmp, thousands of attributes": lambda: jpeg_saying(
        xmp=packet("", " ".join(f'photoshop:a{number}=""' for number in range(3_000)))
    ),
    "xmp, parts without end": _endless_extension,
    "xmp, a script for a caption": lambda: jpeg_saying(
        xmp=xmp({"caption": '<script>alert(1)</script>"><img src=x onerror=alert(1)>'})
    ),
    "xmp, an address that is a script": lambda: jpeg_saying(
        xmp=xmp({"web_statement": "javascript:alert(1)", "licensor_url": "data:text/html,x"})
    ),
    "iim, a length of four gigabytes": lambda: jpeg_saying(
        segments=(app13(resources(b"\x1c\x02\x78\x80\x04\xff\xff\xff\xff")),)
    ),
    "iim, ten thousand keywords": lambda: jpeg_saying(iim=datasets([(2, 25, b"k")] * 10_000)),
    "photoshop, a resource of four gigabytes": lambda: jpeg_saying(
        segments=(app13(b"8BIM\4\4\0\0\xff\xff\xff\xff"),)
    ),
}

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {}
