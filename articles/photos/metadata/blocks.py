"""The raw blocks of metadata that a file holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_BLOCK = 4 * 1024 * 1024
"""Bytes of one block. A larger one carries pictures, not words."""


@dataclass(slots=True)
class Blocks:
    """``exif`` begins with the TIFF inside; ``extended_xmp`` is by GUID.

    ``unreadable`` names the sources of which something could not be found.
    """

    xmp: bytes = b""
    extended_xmp: Mapping[str, bytes] = field(default_factory=dict)
    iim: bytes = b""
    exif: bytes = b""
    unreadable: list[str] = field(default_factory=list)
