"""What a file looks like by its first bytes, for the words about one that cannot be taken."""

import struct

# How our kinds begin: a file that does and cannot be opened is damaged.
_OURS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_BRANDS = {b"avif": "AVIF", b"avis": "AVIF"} | dict.fromkeys(
    (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"), "HEIC"
)
_OTHERS = {
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"BM": "BMP",
    b"8BPS": "Photoshop",
    b"%!PS": "EPS",
    b"\xc5\xd0\xd3\xc6": "EPS",
    b"%PDF": "PDF",
    b"\0\0\1\0": "icon",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\xff\x0a": "JPEG XL",
    b"PK\3\4": "ZIP",
}
# Enough of a file to see that it is a drawing in words.
_HEAD = 4096


def begins_like_ours(data: bytes) -> bool:
    """Whether it says that it is of a kind we take."""
    is_webp = data[:4] == b"RIFF" and data[8:12] in {b"WEBP", b""}
    return data.startswith(_OURS) or is_webp or _brand(data) == "AVIF"


def name_of(data: bytes) -> str:
    """What people call a file like this, if it is of a kind that may be taken for a picture."""
    if b"<svg" in data[:_HEAD].replace(b"\0", b"").lower():
        return "SVG"
    names = (name for start, name in _OTHERS.items() if data.startswith(start))
    return _brand(data) or next(names, "")


def webp_size(data: bytes) -> tuple[int, int]:
    """Width and height of the canvas that a WebP claims; of any other file, none."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) < 30:
        return 0, 0
    if data[12:16] == b"VP8X":
        width, height = (int.from_bytes(data[at : at + 3], "little") for at in (24, 27))
        return width + 1, height + 1
    if data[12:16] == b"VP8L":
        (bits,) = struct.unpack_from("<L", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF


def _brand(data: bytes) -> str:
    return _BRANDS.get(data[8:12], "") if data[4:8] == b"ftyp" else ""
