"""Photoshop's resources, one of which holds IIM."""

import struct

_SIGNATURE = b"8BIM"
_IIM = 0x0404
_MOST_RESOURCES = 1_000


def iim_of(data: bytes) -> bytes:
    """The IIM of a block of resources; b"" if it holds none. Raises ``ValueError`` if broken."""
    at = 0
    for _ in range(_MOST_RESOURCES):
        if data[at : at + 4] != _SIGNATURE:
            if at == 0 and data:
                raise ValueError("these are no resources of Photoshop")
            break
        try:
            number, name_length = struct.unpack_from(">HB", data, at + 4)
            # The name with its length, and the data, each fill an even number of bytes.
            at += 6 + (name_length + 2) // 2 * 2
            (length,) = struct.unpack_from(">L", data, at)
        except struct.error as error:
            raise ValueError("a resource is cut off") from error
        if number == _IIM:
            return data[at + 4 : at + 4 + length]
        at += 4 + length + length % 2
    return b""
