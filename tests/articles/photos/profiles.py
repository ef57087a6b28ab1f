"""ICC profiles written by hand (ICC.1:2010), and what their colours are in sRGB, by formulas."""

import struct
from dataclasses import dataclass

Matrix = tuple[tuple[float, ...], ...]

# The light of all profiles, and from it to the light of sRGB (Bradford).
D50 = (0.9642, 1.0, 0.8249)
_D50_TO_SRGB: Matrix = (
    (3.1338561, -1.6168667, -0.4906146),
    (-0.9787684, 1.9161415, 0.0334540),
    (0.0719453, -0.2289914, 1.4052427),
)


@dataclass(frozen=True)
class Space:
    """Primaries as columns of a matrix to XYZ under D50, and a curve."""

    to_xyz: Matrix
    gamma: float

    def as_srgb(self, colour: tuple[int, ...]) -> tuple[int, ...]:
        light = [self._light(tone / 255) for tone in colour]
        xyz = [sum(a * b for a, b in zip(row, light, strict=True)) for row in self.to_xyz]
        out = [sum(a * b for a, b in zip(row, xyz, strict=True)) for row in _D50_TO_SRGB]
        return tuple(round(255 * _curved(min(1.0, max(0.0, tone)))) for tone in out)

    def _light(self, tone: float) -> float:
        return tone**self.gamma if self.gamma else _straight(tone)


def _straight(tone: float) -> float:
    return tone / 12.92 if tone <= 0.04045 else ((tone + 0.055) / 1.055) ** 2.4


def _curved(light: float) -> float:
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


# A gamma of 0 is the curve of sRGB.
DISPLAY_P3 = Space(
    ((0.5151, 0.2920, 0.1571), (0.2412, 0.6922, 0.0666), (-0.0011, 0.0419, 0.7841)), 0
)
ADOBE_RGB = Space(
    ((0.6097, 0.2053, 0.1492), (0.3111, 0.6257, 0.0632), (0.0195, 0.0609, 0.7446)), 563 / 256
)


def rgb_profile(space: Space) -> bytes:
    curve = _gamma(space.gamma) if space.gamma else _table([_straight(n / 255) for n in range(256)])
    columns = list(zip(*space.to_xyz, strict=True))
    primaries = {
        name + b"XYZ": _xyz(column)
        for name, column in zip((b"r", b"g", b"b"), columns, strict=True)
    }
    curves = {name + b"TRC": curve for name in (b"r", b"g", b"b")}
    return _profile(b"RGB ", {b"wtpt": _xyz(D50), **primaries, **curves})


def grey_profile(*, gamma: float) -> bytes:
    return _profile(b"GRAY", {b"wtpt": _xyz(D50), b"kTRC": _gamma(gamma)})


def ink_profile() -> bytes:
    """Four inks to Lab by a table of 16 corners (lut8): cyan is red, magenta blue, yellow grey."""
    red, blue, grey, white, black = (
        (54.29, 80.80, 69.89),
        (29.57, 68.30, -112.03),
        (53.59, 0, 0),
        (100, 0, 0),
        (0, 0, 0),
    )  # Lab under D50 of sRGB's colours
    only = {0: white, 8: red, 4: blue, 2: grey}
    corners = b"".join(_lab(only.get(number, black)) for number in range(16))
    unit = struct.pack(">9i", *(65536 * (n in {0, 4, 8}) for n in range(9)))
    straight = bytes(range(256))
    lut = b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + unit + straight * 4 + corners + straight * 3
    return _profile(b"CMYK", {b"wtpt": _xyz(D50), b"A2B0": lut}, kind=b"prtr", space=b"Lab ")


def _lab(colour: tuple[float, ...]) -> bytes:
    light, a, b = colour
    return bytes((round(light * 2.55), round(a + 128), max(0, round(b + 128))))


def _profile(
    colours: bytes, tags: dict[bytes, bytes], *, kind: bytes = b"mntr", space: bytes = b"XYZ "
) -> bytes:
    text = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"test\0" + bytes(79)
    tags = {b"desc": text, **tags}
    table, data = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, value in tags.items():
        table += struct.pack(">4sII", name, start + len(data), len(value))
        data += value + bytes(-len(value) % 4)
    size = start + len(data)
    head = struct.pack(">I4sI4s4s4s", size, b"\0\0\0\0", 0x02400000, kind, colours, space)
    head += bytes(12) + b"acsp" + bytes(28) + _fixed(D50)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + data


def _fixed(values: tuple[float, ...]) -> bytes:
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(values)


def _gamma(value: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256)) + b"\0\0"


def _table(values: list[float]) -> bytes:
    numbers = [round(value * 65535) for value in values]
    return b"curv\0\0\0\0" + struct.pack(f">I{len(numbers)}H", len(numbers), *numbers)
