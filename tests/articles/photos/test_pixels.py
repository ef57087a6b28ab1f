"""Renditions show what the original shows: upright, in its colours, and nothing else of it."""

import io

import pytest
from PIL import Image, ImageCms

from articles.photos.pixels import UnreadableOriginal, encode, prepare, shaped
from tests.articles.photos.files import CORNERS, difference, quarters, saved

Turn = Image.Transpose
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


def prepared(data: bytes, width: int = 640) -> Image.Image:
    return prepare(io.BytesIO(data), width=width)


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("width", [640, 320])
def test_every_orientation_of_a_camera_comes_out_upright(orientation, width):
    seen = quarters((640, 400))
    turn = STORED[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(seen if turn is None else seen.transpose(turn), "JPEG", quality=95, exif=exif)

    result = prepared(data, width)

    assert result.size == (width, width * 400 // 640)
    assert difference(result, seen.resize(result.size)) < 3
    assert opened(encode(result, extension="jpg")).getexif() == {}


def test_printing_colours_come_out_as_screen_colours():
    data = saved(quarters().convert("CMYK"), "JPEG", quality=95)

    assert difference(prepared(data), quarters()) < 3


def test_sixteen_bit_grey_keeps_its_greys():
    ramp = Image.new("I;16", (256, 4))
    for x in range(256):
        for y in range(4):
            ramp.putpixel((x, y), x * 257)

    result = prepared(saved(ramp, "PNG"))

    assert [result.getpixel((x, 0)) for x in range(256)] == [(x, x, x) for x in range(256)]


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_opaque_modes_come_out_as_seen(mode):
    source = quarters().convert(mode)

    assert prepared(saved(source, "PNG")).tobytes() == source.convert("RGB").tobytes()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_is_kept_for_webp_and_white_in_jpeg(mode):
    source = quarters().convert("RGBA")
    source.paste((0, 0, 0, 0), (0, 0, 320, 200))
    if mode == "LA":
        source = source.convert("LA").convert("RGBA")
    data = saved(source.quantize(16) if mode == "P" else source.convert(mode), "PNG")

    result = prepared(data)
    jpeg = opened(encode(result, extension="jpg"))
    webp = opened(encode(result, extension="webp"))

    assert difference(result.getchannel("A"), source.getchannel("A")) < 0.1
    assert jpeg.getpixel((100, 100)) == (255, 255, 255)
    assert webp.convert("RGBA").getpixel((100, 100))[3] == 0
    assert webp.convert("RGBA").getpixel((500, 300))[3] == 255
    seen = source.getpixel((500, 300))[:3]
    assert all(abs(a - b) < 8 for a, b in zip(jpeg.getpixel((500, 300)), seen, strict=True))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_of_a_moving_picture_the_first_frame_is_shown(kind):
    frames = [Image.new("RGB", (320, 200), colour) for colour in CORNERS]
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)

    assert difference(prepared(data, 320), frames[0]) < 4


def test_an_embedded_colour_profile_is_applied():
    # A screen whose red shines blue, and the other way round.
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"____").replace(b"bXYZ", b"rXYZ").replace(b"____", b"bXYZ")
    data = saved(Image.new("RGB", (64, 64), (230, 20, 40)), "PNG", icc_profile=swapped)

    red, green, blue = prepared(data).getpixel((0, 0))

    assert blue > 220
    assert max(red, green) < 60


@pytest.mark.parametrize("profile", [b"no profile at all", b""])
def test_a_broken_colour_profile_is_passed_over(profile):
    data = saved(quarters(), "PNG", icc_profile=profile)

    assert prepared(data).tobytes() == quarters().tobytes()


@pytest.mark.parametrize("extension", ["jpg", "webp", "avif"])
@pytest.mark.parametrize("with_profile", [True, False])
def test_nothing_of_the_files_metadata_goes_out(extension, with_profile):
    exif = Image.Exif()
    exif[0x010E] = "At her mother's house"
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    original = saved(
        quarters(),
        "JPEG",
        exif=exif,
        comment=b"not for print",
        icc_profile=profile if with_profile else None,
        xmp=b"<x:xmpmeta>secret</x:xmpmeta>",
        dpi=(300, 300),
    )

    data = encode(shaped(prepared(original), (320, 200), focus=None), extension=extension)

    assert set(opened(data).info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
        "loop",
        "background",
        "duration",
        "timestamp",
    }
    for word in (b"mother", b"not for print", b"secret", b"Exif", b"EXIF", b"ICC"):
        assert word not in data


def test_jpegs_are_progressive():
    data = encode(prepared(saved(quarters(), "JPEG")), extension="jpg")

    assert opened(data).info["progressive"]


def test_a_small_picture_is_not_enlarged():
    assert prepared(saved(quarters((64, 40)), "PNG"), 640).size == (64, 40)


def test_an_unreadable_original_says_so():
    with pytest.raises(UnreadableOriginal):
        prepared(saved(quarters(), "JPEG")[:2000])
