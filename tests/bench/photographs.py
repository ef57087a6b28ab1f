"""Photographs of 24 megapixels for measuring: drawn by chance, the same each time.

Skies and grounds that run into one another, things with edges, texture from broad to fine, and the
noise of a sensor, so that encoders have the work that a camera's picture gives them.
"""

import random
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

SIZE = (6000, 4000)
QUALITY = 93
_CAMERA = 0x0110


def take(folder: Path, *, count: int) -> list[Path]:
    """Draw ``count`` photographs into ``folder``, as JPEG with a camera's Exif."""
    return [_taken(folder / f"photograph-{number:02}.jpg", number) for number in range(count)]


def _taken(path: Path, seed: int) -> Path:
    chance = random.Random(seed)
    picture = _scene(chance)
    for cells, strength in ((12, 50), (60, 36), (300, 26), (1200, 16), (3000, 9), (6000, 6)):
        picture = _textured(picture, chance, cells=cells, strength=strength)
    exif = Image.Exif()
    exif[_CAMERA] = "Bench 24"
    picture.save(path, "JPEG", quality=QUALITY, exif=exif)
    return path


def _scene(chance: random.Random) -> Image.Image:
    """Light from above, and some things before it, a few of them out of focus."""
    ground = Image.linear_gradient("L").resize(SIZE)
    picture = Image.merge("RGB", [ground.point(_curve(chance)) for _ in "RGB"])
    for blur in (14, 4, 0):
        draw = ImageDraw.Draw(picture)
        for _ in range(18):
            x, y = chance.randrange(SIZE[0]), chance.randrange(SIZE[1])
            wide, high = chance.randrange(60, 1400), chance.randrange(60, 1400)
            colour = tuple(chance.randrange(20, 235) for _ in "RGB")
            shape = chance.choice((draw.ellipse, draw.rectangle))
            shape((x, y, x + wide, y + high), fill=colour)
        picture = picture.filter(ImageFilter.BoxBlur(blur)) if blur else picture
    return picture


def _curve(chance: random.Random) -> list[int]:
    top, bottom = chance.randrange(60, 240), chance.randrange(20, 160)
    return [round(top + (bottom - top) * step / 255) for step in range(256)]


def _textured(
    picture: Image.Image, chance: random.Random, *, cells: int, strength: int
) -> Image.Image:
    """Lighter and darker by patches, of which ``cells`` stand side by side."""
    high = cells * SIZE[1] // SIZE[0]
    patches = Image.frombytes("L", (cells, high), chance.randbytes(cells * high))
    patches = patches.resize(SIZE, Image.Resampling.BICUBIC)
    # As much light as is taken away is given: 128 is neither.
    middle = patches.point([128 + (value - 128) * strength // 128 for value in range(256)])
    return ImageChops.add(picture, Image.merge("RGB", [middle] * 3), scale=1, offset=-128)
