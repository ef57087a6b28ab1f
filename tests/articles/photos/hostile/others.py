"""Files of other kinds, whatever they call themselves."""

import gzip
import random
import zlib
from collections.abc import Callable

from tests.articles.photos.files import quarters, saved
from tests.articles.photos.test_metadata_shapes import chunk

_SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

TAKEN: dict[str, Callable[[], bytes]] = {}

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "empty"),
    "one byte": (lambda: b"\xff", "kind"),
    "a letter to the desk": (lambda: b"Dear desk, here is the picture.", "kind"),
    "a megabyte of zeros": (lambda: b"\0" * 1_000_000, "kind"),
    "a megabyte of chance": (lambda: b"\1" + random.Random(3).randbytes(1_000_000), "kind"),
    "forty-one megabytes": (lambda: b"\xff\xd8\xff" + b"\0" * 43_000_000, "too_many_bytes"),
    "a drawing": (_SVG.encode, "svg"),
    "a drawing in sixteen bits": (lambda: _SVG.encode("utf-16"), "svg"),
    "a drawing behind a letter": (lambda: f"<!-- {'x' * 2_000} -->{_SVG}".encode(), "svg"),
    "a packed drawing": (lambda: gzip.compress(_SVG.encode(), mtime=0), "kind"),
    "a drawing of entities": (
        lambda: b'<!DOCTYPE svg [<!ENTITY a "' + b"a" * 5_000 + b'">]>' + _SVG.encode(),
        "kind",
    ),
    "a page": (lambda: b"<!DOCTYPE html><script>alert(1)</script>", "kind"),
    "a program": (lambda: b"\x7fELF\2\1\1" + b"\0" * 200, "kind"),
    "an archive": (lambda: b"PK\3\4" + b"\0" * 200, "kind"),
    "tiff": (lambda: saved(quarters(), "TIFF"), "kind"),
    "bmp": (lambda: saved(quarters(), "BMP"), "kind"),
    "ico": (lambda: saved(quarters((32, 32)), "ICO"), "kind"),
    "icns": (lambda: b"icns" + b"\0" * 200, "kind"),
    "eps": (lambda: saved(quarters((64, 40)), "EPS"), "kind"),
    "pdf": (lambda: saved(quarters((64, 40)), "PDF"), "kind"),
    "psd": (lambda: b"8BPS\0\1" + b"\0" * 200, "kind"),
    "heic": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200, "kind"),
    "heic by another name": (lambda: b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + b"\0" * 99, "kind"),
    "jpeg 2000": (lambda: saved(quarters((64, 40)), "JPEG2000"), "kind"),
    "jpeg xl": (lambda: b"\xff\x0a" + b"\0" * 200, "kind"),
    "ppm": (lambda: saved(quarters((64, 40)), "PPM"), "kind"),
    "tga": (lambda: saved(quarters((64, 40)), "TGA"), "kind"),
    "pcx": (lambda: saved(quarters((64, 40)), "PCX"), "kind"),
    "dds": (lambda: saved(quarters((64, 40)), "DDS"), "kind"),
    "a png for phones": (
        lambda: b"\x89PNG\r\n\x1a\n" + chunk(b"CgBI", b"\x50\0\x20\6") + zlib.compress(b"x"),
        "broken",
    ),
    "a film": (lambda: b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + b"\0" * 200, "kind"),
}
