"""Whatever comes in goes out upright, in its colours and with its alpha, in all three formats.

The references are drawn and calculated here, by the formulas of the standards; nothing of ours and
no colour engine has a part in them. Tolerance: 3 of 255 on average (encoders lose that much), and
10 in the middle of an even field.
"""

import io
import struct
import zlib

import pytest
from django.core.files.base import ContentFile
from PIL import Image as Pillow

from articles.models import Image
from articles.photos import library, making
from articles.photos.renditions import Step
from articles.photos.uploads import check
from tests.articles.photos.files import CORNERS, difference, quarters, saved
from tests.articles.photos.profiles import (
    ADOBE_RGB,
    DISPLAY_P3,
    grey_profile,
    ink_profile,
    rgb_profile,
)

pytestmark = pytest.mark.django_db

EXTENSIONS = ("jpg", "webp", "avif")
SIZE = (320, 200)
Turn = Pillow.Transpose
# How a camera stores what is to be seen, by the orientation it writes down (Exif 2.32, 4.6.4).
STORED = {
    1: None,
    2: Turn.FLIP_LEFT_RIGHT,
    3: Turn.ROTATE_180,
    4: Turn.FLIP_TOP_BOTTOM,
    5: Turn.TRANSPOSE,
    6: Turn.ROTATE_90,
    7: Turn.TRANSVERSE,
    8: Turn.ROTATE_270,
}
WHITE = (255, 255, 255)


@pytest.fixture
def published(client):
    """The public files of an upload by extension, as opened from their addresses."""

    def publish(data: bytes) -> dict[str, Pillow.Image]:
        upload = check(ContentFile(data, "picture"))
        image = library.add(Image(licence="staff", credit="Ana"), upload, by=None)
        making.make(image, [Step(SIZE[0], extension) for extension in EXTENSIONS])
        address = f"/media/r/{image.rendition_name}/{SIZE[0]}"
        files = {each: client.get(f"{address}.{each}").content for each in EXTENSIONS}
        return {each: Pillow.open(io.BytesIO(data)) for each, data in files.items()}

    return publish


def assert_all_alike(files: dict[str, Pillow.Image], reference: Pillow.Image) -> None:
    assert [made.format for made in files.values()] == ["JPEG", "WEBP", "AVIF"]
    for made in files.values():
        assert_alike(made, reference)


def assert_alike(made: Pillow.Image, reference: Pillow.Image) -> None:
    shown = made.convert("RGB")
    assert difference(shown, reference) < 3
    for place in ((80, 50), (240, 50), (80, 150), (240, 150)):
        pairs = zip(shown.getpixel(place), reference.getpixel(place), strict=True)
        assert all(abs(one - other) <= 10 for one, other in pairs), place


@pytest.mark.parametrize("held", range(1, 9))
def test_a_camera_may_be_held_in_every_way(published, held):
    seen = quarters(SIZE)
    exif = Pillow.Exif()
    exif[0x0112] = held
    stored = seen if STORED[held] is None else seen.transpose(STORED[held])

    files = published(saved(stored, "JPEG", quality=95, exif=exif))

    assert_all_alike(files, seen)
    assert not any(made.getexif() for made in files.values())


def test_inks_without_a_profile(published):
    inks = Pillow.merge("CMYK", [Pillow.new("L", SIZE) for _ in range(4)])
    reference = Pillow.new("RGB", SIZE)
    for number, ink in enumerate(
        [(0, 200, 200, 40), (200, 0, 180, 60), (210, 180, 0, 20), (0,) * 4]
    ):
        left, top = (number % 2) * 160, (number // 2) * 100
        box = (left, top, left + 160, top + 100)
        inks.paste(ink, box)
        light = tuple((255 - tone) * (255 - ink[3]) // 255 for tone in ink[:3])
        reference.paste(light, box)

    assert_all_alike(published(saved(inks, "JPEG", quality=95)), reference)


def test_inks_with_a_profile(published):
    """A profile whose inks are not those of the plain rule: cyan prints red, magenta blue."""
    inks = Pillow.new("CMYK", SIZE)
    reference = Pillow.new("RGB", SIZE)
    # The corners of the profile's table, which every way of reading between them meets.
    fields = (((255, 0, 0, 0), (255, 0, 0)), ((0, 255, 0, 0), (0, 0, 255)))
    fields += (((0, 0, 255, 0), (128, 128, 128)), ((0, 0, 0, 0), WHITE))
    for number, (ink, colour) in enumerate(fields):
        left, top = (number % 2) * 160, (number // 2) * 100
        inks.paste(ink, (left, top, left + 160, top + 100))
        reference.paste(colour, (left, top, left + 160, top + 100))

    data = saved(inks, "JPEG", quality=98, subsampling=0, icc_profile=ink_profile())

    assert_all_alike(published(data), reference)


def sixteen_bits(channels: int) -> bytes:
    """A PNG of four even fields in 16 bits, written by hand: Pillow writes none in colour."""
    rows = b""
    for y in range(SIZE[1]):
        row = b"\0"
        for x in range(SIZE[0]):
            colour = CORNERS[(x >= 160) + 2 * (y >= 100)]
            # The low byte must not matter.
            row += b"".join(struct.pack(">BB", tone, 99) for tone in colour[:channels])
        rows += row

    def chunk(name: bytes, data: bytes) -> bytes:
        check = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)

    kind = 2 if channels == 3 else 0
    head = struct.pack(">IIBBBBB", *SIZE, 16, kind, 0, 0, 0)
    parts = chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_sixteen_bits_of_colour(published):
    assert_all_alike(published(sixteen_bits(3)), quarters(SIZE))


def test_sixteen_bits_of_grey(published):
    reference = quarters(SIZE).getchannel("R")

    assert_all_alike(
        published(sixteen_bits(1)), Pillow.merge("RGB", [reference, reference, reference])
    )


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_palette(published, kind):
    assert_all_alike(published(saved(quarters(SIZE).quantize(8), kind)), quarters(SIZE))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_clear_stays_clear_and_is_white_in_a_jpeg(published, mode):
    source = quarters(SIZE)
    if mode == "LA":
        source = source.convert("L").convert("RGB")
    alpha = Pillow.new("L", SIZE, 255)
    alpha.paste(0, (0, 0, 160, 100))
    half = 128 if mode != "P" else 255
    alpha.paste(half, (160, 0, 320, 100))
    clear = source.copy()
    clear.putalpha(alpha)
    stored = clear.quantize(8) if mode == "P" else clear.convert(mode)

    files = published(saved(stored, "PNG"))

    assert_alike(files["jpg"], Pillow.composite(source, Pillow.new("RGB", SIZE, WHITE), alpha))
    black = Pillow.new("RGB", SIZE)
    for made in (files["webp"], files["avif"]):
        assert made.mode == "RGBA"
        assert difference(made.getchannel("A"), alpha) < 1
        shown = Pillow.composite(made.convert("RGB"), black, alpha)
        assert_alike(shown, Pillow.composite(source, black, alpha))


@pytest.mark.parametrize("space", [DISPLAY_P3, ADOBE_RGB], ids=["Display P3", "Adobe RGB"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_wider_colour_space(published, space, kind):
    # Colours that sRGB holds as well, so that nothing is clipped.
    stored = Pillow.new("RGB", SIZE)
    reference = Pillow.new("RGB", SIZE)
    fields = ((180, 90, 80), (90, 160, 100), (90, 100, 170), (190, 180, 120))
    for number, colour in enumerate(fields):
        left, top = (number % 2) * 160, (number // 2) * 100
        box = (left, top, left + 160, top + 100)
        stored.paste(colour, box)
        reference.paste(space.as_srgb(colour), box)
    assert difference(stored, reference) > 4
    options = {"quality": 98, "subsampling": 0} if kind == "JPEG" else {}

    data = saved(stored, kind, icc_profile=rgb_profile(space), **options)

    assert_all_alike(published(data), reference)


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_a_grey_profile(published, mode):
    stored, reference = Pillow.new("L", SIZE), Pillow.new("L", SIZE)
    for number, tone in enumerate((20, 90, 160, 230)):
        left, top = (number % 2) * 160, (number // 2) * 100
        box = (left, top, left + 160, top + 100)
        stored.paste(tone, box)
        light = (tone / 255) ** 1.0
        as_srgb = 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
        reference.paste(round(255 * as_srgb), box)

    data = saved(stored.convert(mode), "PNG", icc_profile=grey_profile(gamma=1.0))

    assert_all_alike(published(data), Pillow.merge("RGB", [reference] * 3))
