"""What the decoder gets to see of a picture: the picture, and which way it was held."""

import io

import pytest
from PIL import Image

from articles.photos.bare import bare, orientation
from articles.photos.pixels import prepare
from tests.articles.photos.files import quarters, saved
from tests.articles.photos.said import exif, iim, jpeg_saying, packet, xmp

SAID = {"xmp": xmp({"city": "Oslo"}), "iim": iim({"credit": "Nordfoto"})}


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_decoder_sees_the_same_pixels_and_no_words(kind):
    held = exif({"creator": "Ana"})
    data = jpeg_saying(**SAID, exif=held)
    if kind == "PNG":
        data = saved(quarters((64, 40)), "PNG", exif=held, icc_profile=b"profile")

    seen = bare(io.BytesIO(data)).read()

    assert b"Ana" in data
    for word in (b"Ana", b"Oslo", b"Nordfoto"):
        assert word not in seen
    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(seen)) as after:
        assert before.tobytes() == after.tobytes()
        assert before.info.get("icc_profile") == after.info.get("icc_profile")


def test_the_decoder_sees_the_first_picture_of_a_phones_two():
    data = saved(quarters(), "MPO", save_all=True, append_images=[quarters((320, 200))])

    with Image.open(bare(io.BytesIO(data))) as seen:
        assert (seen.format, seen.size) == ("JPEG", (640, 400))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "AVIF"])
def test_other_kinds_are_shown_as_they_are(kind):
    data = saved(quarters((64, 40)), kind)

    assert bare(io.BytesIO(data)).read() == data


@pytest.mark.parametrize("cut", [3, 4, 20, 40, 300])
def test_a_file_that_is_cut_off_stays_so(cut):
    for kind in ("JPEG", "PNG"):
        data = saved(quarters((64, 40)), kind)[:cut]
        assert bare(io.BytesIO(data)).read() == data


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("number", range(1, 9))
def test_every_kind_of_file_says_which_way_it_was_held(kind, number):
    held = Image.Exif()
    held[0x0112] = number
    data = saved(quarters((64, 40)), kind, exif=held)

    assert orientation(io.BytesIO(data)) == number
    upright = prepare(io.BytesIO(data), width=64)
    assert upright.size == ((40, 64) if number > 4 else (64, 40))


@pytest.mark.parametrize("number", [0, 9, 700])
def test_a_way_that_nobody_can_hold_is_none(number):
    held = Image.Exif()
    held[0x0112] = number

    assert orientation(io.BytesIO(jpeg_saying(exif=held))) == 1


def test_xmp_says_which_way_where_exif_does_not():
    said = packet("", 'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"')

    assert orientation(io.BytesIO(jpeg_saying(xmp=said))) == 6
    assert prepare(io.BytesIO(jpeg_saying(xmp=said)), width=40).size == (40, 64)


def test_a_file_that_says_nothing_was_held_upright():
    assert orientation(io.BytesIO(saved(quarters(), "GIF"))) == 1
    assert orientation(io.BytesIO(b"")) == 1
