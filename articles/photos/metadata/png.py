"""Where a PNG keeps metadata: in chunks of its own, and in texts as ImageMagick writes them."""

import io
import struct
import zlib
from collections.abc import Iterator
from typing import IO

from articles.photos.metadata.blocks import MAX_BLOCK, Blocks
from articles.photos.metadata.photoshop import iim_of

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_XMP = b"XML:com.adobe.xmp"
_PROFILE = b"Raw profile type "
_TEXTS = {b"iTXt", b"zTXt", b"tEXt"}
_MOST_CHUNKS = 50_000
# Each may unpack to MAX_BLOCK.
_MOST_TEXTS = 12


def blocks_of(stream: IO[bytes]) -> Blocks:
    """The blocks of a PNG, those behind the pixels, too."""
    blocks = Blocks()
    texts = 0
    for name, data in _chunks(stream):
        if name == b"eXIf":
            blocks.exif = data.removeprefix(b"Exif\0\0")
            continue
        keyword, _, rest = data.partition(b"\0")
        if keyword != _XMP and not keyword.startswith(_PROFILE):
            continue
        texts += 1
        if texts > _MOST_TEXTS:
            blocks.unreadable.append("file")
            break
        try:
            _take(blocks, keyword, _text(name, rest))
        except (ValueError, zlib.error):
            blocks.unreadable.append("xmp" if keyword == _XMP else "file")
    return blocks


def _chunks(stream: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    stream.seek(len(SIGNATURE))
    for _ in range(_MOST_CHUNKS):
        head = stream.read(8)
        if len(head) < 8:
            return
        length, name = struct.unpack(">L4s", head)
        if (name in _TEXTS or name == b"eXIf") and length <= MAX_BLOCK:
            yield name, stream.read(length)
            stream.seek(4, io.SEEK_CUR)
        else:
            stream.seek(length + 4, io.SEEK_CUR)


def _text(name: bytes, rest: bytes) -> bytes:
    """The words of a text chunk behind its keyword, unpacked."""
    if name == b"tEXt":
        return rest
    if name == b"zTXt":
        return _unpacked(rest[1:])
    is_packed = rest[:1] == b"\1"
    _, _, rest = rest[2:].partition(b"\0")
    _, _, words = rest.partition(b"\0")
    return _unpacked(words) if is_packed else words


def _unpacked(data: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    words = unpacker.decompress(data, MAX_BLOCK)
    if unpacker.unconsumed_tail:
        raise ValueError("the text is too large")
    return words


def _take(blocks: Blocks, keyword: bytes, text: bytes) -> None:
    if keyword == _XMP:
        blocks.xmp = text
    else:
        _take_profile(blocks, keyword.removeprefix(_PROFILE), text)


def _take_profile(blocks: Blocks, kind: bytes, text: bytes) -> None:
    """A block written as its name, its length and hexadecimal digits."""
    _, _, rest = text.lstrip().partition(b"\n")
    _, _, digits = rest.lstrip().partition(b"\n")
    data = bytes.fromhex(digits.decode("ascii"))
    if kind in {b"exif", b"APP1"} and data.startswith(b"Exif\0\0"):
        blocks.exif = blocks.exif or data.removeprefix(b"Exif\0\0")
    elif kind in {b"xmp", b"APP1"}:
        blocks.xmp = blocks.xmp or data.removeprefix(b"http://ns.adobe.com/xap/1.0/\0")
    elif kind in {b"iptc", b"8bim"}:
        blocks.iim = blocks.iim or (data if data.startswith(b"\x1c") else iim_of(data))
