"""Where the five kinds of files keep XMP, IIM and Exif, found without decoding a pixel."""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

import PIL.Image

from articles.photos.metadata import png
from articles.photos.metadata.blocks import MAX_BLOCK, Blocks
from articles.photos.metadata.photoshop import iim_of

__all__ = ["Blocks", "blocks_of"]

_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
_EXIF = b"Exif\0\0"
_PHOTOSHOP = b"Photoshop 3.0\0"
_APP1, _APP13 = 0xE1, 0xED
_START_OF_SCAN, _END = 0xDA, 0xD9
_MOST_SEGMENTS = 5_000
_GUID = 32

_GIF_XMP = b"\x21\xff\x0bXMP DataXMP"
# Behind the packet, so that programs which know nothing of it find the end of the block.
_GIF_TAIL = bytes([1, *range(255, -1, -1), 0])


def blocks_of(stream: IO[bytes]) -> Blocks:
    """Return the blocks of a picture; of a file of another kind none. Raises as it breaks."""
    stream.seek(0)
    head = stream.read(16)
    stream.seek(0)
    if head.startswith(b"\xff\xd8"):
        return _jpeg(stream)
    if head.startswith(png.SIGNATURE):
        return png.blocks_of(stream)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _webp(stream)
    if head.startswith((b"GIF87a", b"GIF89a")):
        return _gif(stream)
    return _avif(stream) if head[4:8] == b"ftyp" else Blocks()


@dataclass(slots=True)
class _Jpeg:
    """What was gathered from a JPEG's segments so far."""

    xmp: bytes = b""
    exif: bytes = b""
    photoshop: list[bytes] = field(default_factory=list)
    parts: dict[str, list[tuple[int, int, bytes]]] = field(default_factory=dict)
    size: int = 0
    is_too_large: bool = False

    def take(self, marker: int, data: bytes) -> None:
        self.size += len(data)
        if self.size > 2 * MAX_BLOCK:
            self.is_too_large = True
            return
        if marker == _APP13 and data.startswith(_PHOTOSHOP):
            self.photoshop.append(data[len(_PHOTOSHOP) :])
        elif data.startswith(_EXTENSION):
            self._take_extension(data[len(_EXTENSION) :])
        elif data.startswith(_XMP):
            self.xmp = self.xmp or data[len(_XMP) :]
        elif data.startswith(_EXIF):
            self.exif = self.exif or data[len(_EXIF) :]

    def _take_extension(self, data: bytes) -> None:
        """One part: GUID, length of the whole, place of the part in it, and the part."""
        if len(data) < _GUID + 8:
            return
        guid = data[:_GUID].decode("ascii", "replace")
        whole, at = struct.unpack_from(">LL", data, _GUID)
        self.parts.setdefault(guid, []).append((at, whole, data[_GUID + 8 :]))


def _jpeg(stream: IO[bytes]) -> Blocks:
    found = _Jpeg()
    for marker, data in _segments(stream):
        found.take(marker, data)
    extensions = {guid: _put_together(parts) for guid, parts in found.parts.items()}
    blocks = Blocks(
        xmp=found.xmp,
        extended_xmp={guid: whole for guid, whole in extensions.items() if whole},
        exif=found.exif,
        unreadable=["file"] if found.is_too_large else [],
    )
    try:
        blocks.iim = iim_of(b"".join(found.photoshop))
    except ValueError:
        blocks.unreadable.append("iim")
    return blocks


def _segments(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """The segments APP1 and APP13 before the pixels."""
    stream.seek(2)
    for _ in range(_MOST_SEGMENTS):
        mark = stream.read(2)
        # A marker may be padded with any number of FF.
        while mark == b"\xff\xff":
            mark = b"\xff" + stream.read(1)
        if len(mark) < 2 or mark[0] != 0xFF or mark[1] in {_START_OF_SCAN, _END}:
            return
        raw = stream.read(2)
        length = int.from_bytes(raw, "big") - 2
        if len(raw) < 2 or length < 0:
            return
        if mark[1] in {_APP1, _APP13}:
            yield mark[1], stream.read(length)
        else:
            stream.seek(length, io.SEEK_CUR)


def _put_together(parts: list[tuple[int, int, bytes]]) -> bytes:
    """The extension of its parts, which come in any order; b"" if one is missing."""
    whole = bytearray()
    for at, length, part in sorted(parts):
        if at != len(whole) or length > MAX_BLOCK:
            return b""
        whole += part
    return bytes(whole) if len(whole) == parts[0][1] else b""


def _webp(stream: IO[bytes]) -> Blocks:
    blocks = Blocks()
    stream.seek(12)
    for _ in range(_MOST_SEGMENTS):
        head = stream.read(8)
        if len(head) < 8:
            break
        name, length = struct.unpack("<4sL", head)
        if name not in {b"XMP ", b"EXIF"}:
            stream.seek(length + length % 2, io.SEEK_CUR)
        elif length > MAX_BLOCK:
            blocks.unreadable.append(name.decode().strip().lower())
            stream.seek(length + length % 2, io.SEEK_CUR)
        else:
            data = stream.read(length + length % 2)[:length]
            if name == b"EXIF":
                blocks.exif = data.removeprefix(_EXIF)
            else:
                blocks.xmp = data
    return blocks


def _gif(stream: IO[bytes]) -> Blocks:
    data = stream.read()
    start = data.find(_GIF_XMP)
    end = data.find(_GIF_TAIL, start)
    if start < 0 or end < 0:
        return Blocks(unreadable=["xmp"] if start >= 0 else [])
    return Blocks(xmp=data[start + len(_GIF_XMP) : end])


def _avif(stream: IO[bytes]) -> Blocks:
    # The boxes of AVIF are many; Pillow parses them without decoding.
    with PIL.Image.open(stream, formats=["AVIF"]) as image:
        exif, xmp = image.info.get("exif", b""), image.info.get("xmp", b"")
    return Blocks(xmp=xmp, exif=exif.removeprefix(_EXIF))
