"""Smooth colours, as photographs have them, beside what libvips makes of the same originals.

``test_right_colours`` calculates even fields; here a second decoder, with its own colour engine
calls, reads runs of light and colour. Tolerance: 3 of 255 on average.
"""

import io

import pytest
from django.core.files.base import ContentFile
from PIL import Image as Pillow

from articles.models import Image
from articles.photos import library, making
from articles.photos.renditions import EXTENSIONS, Step
from articles.photos.uploads import check
from tests.articles.photos.files import difference
from tests.articles.photos.profiles import ADOBE_RGB, DISPLAY_P3, grey_profile, rgb_profile

pyvips = pytest.importorskip("pyvips", reason="libvips is missing: pip install 'pyvips[binary]'")

pytestmark = pytest.mark.django_db

WIDTH, HEIGHT = 640, 400


def runs() -> Pillow.Image:
    """Light and colour that change everywhere, and differently each way."""
    down = Pillow.linear_gradient("L")
    bands = [down.rotate(90), Pillow.radial_gradient("L"), down.rotate(180)]
    # Away from the edges of sRGB, where two engines may clip differently.
    softened = [band.point(lambda value: 40 + value * 0.7) for band in bands]
    return Pillow.merge("RGB", softened).resize((WIDTH, HEIGHT), Pillow.Resampling.BICUBIC)


def jpeg(**options) -> bytes:
    return _saved(runs(), "JPEG", quality=97, subsampling=0, **options)


def turned(held: int) -> bytes:
    exif = Pillow.Exif()
    exif[0x0112] = held
    return jpeg(exif=exif)


def deep(channels: int) -> bytes:
    """A PNG of 16 bits, written by libvips."""
    pixels = runs() if channels == 3 else runs().getchannel(0)
    image = pyvips.Image.new_from_memory(pixels.tobytes(), WIDTH, HEIGHT, channels, "uchar")
    kind = "rgb16" if channels == 3 else "grey16"
    return bytes((image * 257).cast("ushort").copy(interpretation=kind).write_to_buffer(".png"))


def grey(**options) -> bytes:
    return _saved(runs().getchannel(0), "PNG", **options)


def clear() -> bytes:
    image = runs()
    image.putalpha(Pillow.linear_gradient("L").resize(image.size))
    return _saved(image, "PNG")


ORIGINALS = {
    **{f"held as {held}": lambda held=held: turned(held) for held in range(1, 9)},
    "Display P3": lambda: jpeg(icc_profile=rgb_profile(DISPLAY_P3)),
    "Adobe RGB": lambda: jpeg(icc_profile=rgb_profile(ADOBE_RGB)),
    "16 bits of colour": lambda: deep(3),
    "16 bits of grey": lambda: deep(1),
    "grey": grey,
    "grey with a profile": lambda: grey(icc_profile=grey_profile(gamma=1.8)),
    "half clear": clear,
}


@pytest.mark.parametrize("original", ORIGINALS.values(), ids=ORIGINALS)
def test_all_formats_show_what_another_decoder_shows(original):
    data = original()
    reference = by_libvips(data)
    upload = check(ContentFile(data, "picture"))
    image = library.add(Image(licence="staff", credit="Ana"), upload, by=None)

    making.make(image, [Step(320, extension) for extension in EXTENSIONS])

    for extension in EXTENSIONS:
        made = Pillow.open(io.BytesIO(making.read(image.rendition_name, 320, extension) or b""))
        if extension == "jpg":
            assert difference(made.convert("RGB"), _on_white(reference)) < 3, extension
            continue
        assert ("A" in made.getbands()) == ("A" in reference.getbands())
        assert difference(_on_white(made), _on_white(reference)) < 3, extension


def by_libvips(data: bytes) -> Pillow.Image:
    """The picture upright, in sRGB, 320 wide."""
    image = pyvips.Image.new_from_buffer(data, "").autorot()
    if image.get_typeof("icc-profile-data"):
        image = image.icc_transform("srgb", embedded=True, intent="perceptual")
    image = image.colourspace("srgb")
    small = image.resize(320 / image.width)
    return Pillow.open(io.BytesIO(small.write_to_buffer(".png[strip]"))).convert(
        "RGBA" if small.hasalpha() else "RGB"
    )


def _on_white(image: Pillow.Image) -> Pillow.Image:
    ground = Pillow.new("RGBA", image.size, "white")
    return Pillow.alpha_composite(ground, image.convert("RGBA")).convert("RGB")


def _saved(image: Pillow.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
