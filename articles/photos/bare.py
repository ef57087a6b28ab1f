"""A picture for the decoder: without what it says of itself, and with which way it is held.

Pillow reads Exif and texts along with the pixels and stumbles over broken ones. A picture is not
to blame for them, so it never sees them. Knows nothing of Django, as ``inspecting``.
"""

import io
import re
import struct
from typing import IO

from articles.photos.metadata import exif
from articles.photos.metadata.containers import blocks_of

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_WORDS = {b"tEXt", b"zTXt", b"iTXt", b"eXIf"}
_JPEG_WORDS = {0xE1, 0xED}
_JPEG_SEGMENTS = {*range(0xC0, 0xD0), *range(0xDB, 0xFF)} - {0xDA}
# Where the pictures behind the first begin; we show the first.
_LIST_OF_PICTURES = b"MPF\0"
# Files have hundreds; what comes after so many is left as it is.
_MOST = 50_000
_IN_XMP = re.compile(rb"tiff:Orientation(?:=[\"']|>)([1-8])[\"'<]")


def bare(stream: IO[bytes]) -> IO[bytes]:
    """Return the picture without Exif, XMP, IIM and texts where its kind has them in front.

    A picture of a kind that decoders do not read them of is returned as it is, at its beginning.
    """
    stream.seek(0)
    head = stream.read(len(_PNG))
    stream.seek(0)
    if head.startswith(b"\xff\xd8\xff"):
        return _bare_jpeg(stream)
    return _bare_png(stream) if head == _PNG else stream


def orientation(stream: IO[bytes]) -> int:
    """How the camera was held: 1 to 8 as in Exif; 1 where the file does not say, or is broken."""
    try:
        blocks = blocks_of(stream)
    except Exception:  # files may be broken in every way
        return 1
    if held := exif.orientation(blocks.exif):
        return held
    match = _IN_XMP.search(blocks.xmp)
    return int(match[1]) if match else 1


def _bare_jpeg(stream: IO[bytes]) -> IO[bytes]:
    kept = io.BytesIO()
    kept.write(stream.read(2))
    for _ in range(_MOST):
        head = stream.read(4)
        length = int.from_bytes(head[2:], "big") - 2
        if len(head) < 4 or head[0] != 0xFF or head[1] not in _JPEG_SEGMENTS or length < 0:
            stream.seek(-len(head), io.SEEK_CUR)
            break
        if head[1] in _JPEG_WORDS:
            stream.seek(length, io.SEEK_CUR)
            continue
        data = stream.read(length)
        if not data.startswith(_LIST_OF_PICTURES):
            kept.write(head + data)
    return _with_rest(kept, stream)


def _bare_png(stream: IO[bytes]) -> IO[bytes]:
    kept = io.BytesIO()
    kept.write(stream.read(len(_PNG)))
    for _ in range(_MOST):
        head = stream.read(8)
        if len(head) < 8:
            kept.write(head)
            break
        length, name = struct.unpack(">L4s", head)
        if name in _PNG_WORDS:
            stream.seek(length + 4, io.SEEK_CUR)
        else:
            kept.write(head + stream.read(length + 4))
    return _with_rest(kept, stream)


def _with_rest(kept: io.BytesIO, stream: IO[bytes]) -> io.BytesIO:
    kept.write(stream.read())
    kept.seek(0)
    return kept
