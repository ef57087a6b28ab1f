"""The five tags of Exif that are ours, read by hand.

Pillow copies the values of all tags before one is asked for, which a hostile file makes gigabytes,
and it knows no UTF-8 in them.
"""

import struct
from typing import Literal

from articles.photos.metadata.properties import PROPERTIES, Kind
from articles.photos.metadata.values import Value, clean, clean_list, decoded, moment

_CAMERA_PAGE = 0x8769
_OFFSET_ORIGINAL = 0x9011
_COPYRIGHT = 0x8298
_ORIENTATION = 0x0112
_SHORT, _LONG, _TEXTS = 3, 4, {1, 2, 7, 129}
"""Bytes, ASCII, undefined, and the UTF-8 of Exif 3."""
_MOST_ENTRIES = 1_000

_Order = Literal["<", ">"]


def read(data: bytes) -> dict[str, Value]:
    """What Exif says. In: the TIFF inside, or "". Raises ``ValueError`` or ``struct.error``."""
    if not data:
        return {}
    order, first = _head(data)
    page = _page(data, first, order)
    tags = page | _page(data, _pointer(page, order), order)
    texts = {tag: _text(data, tag, entry, order) for tag, entry in tags.items() if tag in _WANTED}
    said: dict[str, Value] = {}
    for key, each in PROPERTIES.items():
        if each.exif is not None and (text := texts.get(each.exif)):
            said[key] = _value(each.kind, text, offset=texts.get(_OFFSET_ORIGINAL, ""))
    return said


def orientation(data: bytes) -> int:
    """How the camera was held, 1 to 8; 0 where Exif does not say or cannot be read."""
    try:
        order, first = _head(data)
        kind, _, value = _page(data, first, order).get(_ORIENTATION, (0, 0, b""))
        held: int = struct.unpack(f"{order}H", value[:2])[0] if kind == _SHORT else 0
    except (ValueError, struct.error):
        return 0
    return held if 1 <= held <= 8 else 0


_WANTED = {each.exif for each in PROPERTIES.values()} | {_OFFSET_ORIGINAL}
_Entry = tuple[int, int, bytes]
"""Kind, count and the four bytes that hold the value or lead to it."""


def _head(data: bytes) -> tuple[_Order, int]:
    order: _Order
    if data[:4] in {b"II*\0", b"MM\0*"}:
        order = "<" if data[:2] == b"II" else ">"
        return order, struct.unpack_from(f"{order}L", data, 4)[0]
    raise ValueError("this is no Exif")


def _page(data: bytes, at: int, order: _Order) -> dict[int, _Entry]:
    if at == 0:
        return {}
    (count,) = struct.unpack_from(f"{order}H", data, at)
    entries: dict[int, _Entry] = {}
    for number in range(min(count, _MOST_ENTRIES)):
        start = at + 2 + 12 * number
        if start + 12 > len(data):
            break
        tag, kind, length, value = struct.unpack_from(f"{order}HHL4s", data, start)
        entries.setdefault(tag, (kind, length, value))
    return entries


def _pointer(page: dict[int, _Entry], order: _Order) -> int:
    kind, _, value = page.get(_CAMERA_PAGE, (0, 0, b""))
    at: int = struct.unpack(f"{order}L", value)[0] if kind == _LONG else 0
    return at


def _text(data: bytes, tag: int, entry: _Entry, order: _Order) -> str:
    kind, length, value = entry
    if kind not in _TEXTS:
        return ""
    if length > 4:
        (at,) = struct.unpack(f"{order}L", value)
        value = data[at : at + length]
    else:
        value = value[:length]
    # Behind a NUL there is padding; only a copyright has two parts, photographer and editor.
    parts = value.split(b"\0", 2)[: 2 if tag == _COPYRIGHT else 1]
    return ", ".join(filter(None, (clean(decoded(part)) for part in parts)))


def _value(kind: Kind, text: str, *, offset: str) -> Value:
    if kind is Kind.LIST:
        return clean_list(text.split(";"))
    if kind is Kind.DATE:
        return moment(text + offset.strip()) or moment(text)
    return text
