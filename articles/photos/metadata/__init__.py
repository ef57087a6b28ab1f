"""What a picture's file says of itself: XMP, then IIM, then Exif, property by property.

Pure: no database, no settings. Of all that files hold only the properties of ``properties.py`` are
read: no places by satellite, no serial numbers. Whatever is broken is noted and left out.
"""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from articles.photos.metadata import exif, iim, xmp
from articles.photos.metadata.containers import Blocks, blocks_of
from articles.photos.metadata.properties import PROPERTIES
from articles.photos.metadata.values import Found, Metadata, Source, Value

__all__ = ["PROPERTIES", "Found", "Metadata", "Source", "Value", "read"]

_Said = Mapping[str, Value]


def read(data: bytes | Path | IO[bytes]) -> Metadata:
    """Return what the picture says; never raises for what is in it.

    A stream may stand anywhere and is left somewhere. What could not be read is named in
    ``Metadata.unreadable``.
    """
    if isinstance(data, Path):
        with data.open("rb") as opened:
            return read(opened)
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    try:
        blocks = blocks_of(stream)
    except Exception:  # a file may be broken in every way, and is no reason to stop
        return Metadata(unreadable=("file",))
    return _told(blocks)


def _told(blocks: Blocks) -> Metadata:
    said: dict[Source, _Said] = {}
    unreadable = list(blocks.unreadable)
    packet = xmp.Packet()
    try:
        packet = xmp.read(blocks.xmp, blocks.extended_xmp)
    except Exception:  # as above
        unreadable.append(Source.XMP)
    if packet.is_cut_short:
        unreadable.append(Source.XMP)
    said[Source.XMP] = packet.said
    for source, reader, block in (
        (Source.IIM, iim.read, blocks.iim),
        (Source.EXIF, exif.read, blocks.exif),
    ):
        try:
            said[source] = reader(block)
        except Exception:  # as above
            unreadable.append(source)
    return Metadata(
        properties=_by_precedence(said, packet.languages),
        unreadable=tuple(dict.fromkeys(str(each) for each in unreadable)),
    )


def _by_precedence(
    said: Mapping[Source, _Said], languages: Mapping[str, Mapping[str, str]]
) -> dict[str, Found]:
    """Field by field: the first source in the order of ``Source`` that says anything."""
    found: dict[str, Found] = {}
    for key in PROPERTIES:
        every = {source: said[source][key] for source in Source if said.get(source, {}).get(key)}
        if every:
            source = next(iter(every))
            found[key] = Found(every[source], source, every, languages.get(key, {}))
    return found
