"""What may come into the library, and why the rest may not."""

import hashlib
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from articles.photos.inspecting import Refused, inspect
from articles.photos.limits import MAX_BYTES
from articles.photos.metadata import read
from articles.photos.uploads import check
from tests.articles.photos.files import animated, claimed_png, quarters, saved, upload
from tests.articles.photos.said import iim, jpeg_saying, xmp


def refusal(data: bytes, name: str = "picture.jpg") -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        check(upload(data, name))
    return caught.value


@pytest.mark.parametrize(
    ("kind", "extension"),
    [("JPEG", "jpg"), ("PNG", "png"), ("GIF", "gif"), ("WEBP", "webp"), ("AVIF", "avif")],
)
def test_a_picture_is_known_by_its_content_whatever_its_name_says(kind, extension):
    data = saved(quarters(), kind)

    checked = check(upload(data, "notes.txt"))

    assert checked.format.value.upper() == kind
    assert checked.extension == extension
    assert (checked.width, checked.height) == (640, 400)
    assert checked.content_hash == hashlib.sha256(data).hexdigest()
    assert checked.file.read() == data


def test_the_measures_are_those_of_the_picture_as_seen():
    exif = Image.Exif()
    exif[0x0112] = 6

    checked = check(upload(saved(quarters((640, 400)), "JPEG", exif=exif)))

    assert (checked.width, checked.height) == (400, 640)


def test_a_phones_picture_with_a_second_one_inside_is_a_jpeg():
    data = saved(quarters(), "MPO", save_all=True, append_images=[quarters((320, 200))])

    checked = check(upload(data))

    assert (checked.format, checked.frames) == ("jpeg", 1)


def test_an_svg_is_refused_by_name():
    error = refusal(b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')

    assert error.code == "svg"
    assert "SVG drawings are not taken" in error.message


def test_a_text_named_jpg_is_refused():
    assert refusal(b"Dear desk, here is the picture.").code == "kind"


def test_a_kind_outside_the_list_is_refused():
    assert refusal(saved(quarters(), "TIFF")).code == "kind"
    assert refusal(saved(quarters(), "BMP")).code == "kind"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (saved(quarters((64, 40)), "TIFF"), "a TIFF file"),
        (saved(quarters((64, 40)), "ICO"), "an icon file"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a HEIC file"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "an EPS file"),
    ],
)
def test_a_kind_that_people_take_for_a_picture_is_named(data, name):
    assert f"This is {name}" in refusal(data).message


def test_what_a_file_says_of_itself_comes_through_the_child_as_it_was_read():
    data = jpeg_saying(
        xmp=xmp({"city": "Oslo", "keywords": "ice"}), iim=iim({"credit": "Nordfoto"}), exif=b"Exif"
    )

    assert check(upload(data)).metadata == read(data)
    assert read(data).properties["city"].value == "Oslo"


def test_an_empty_file_is_refused():
    assert refusal(b"").code == "empty"


def test_a_file_over_40_megabytes_is_refused_unread():
    file = upload(b"")
    file.size = MAX_BYTES + 1

    with pytest.raises(ValidationError, match="larger than 40 MB"):
        check(file)


@pytest.mark.parametrize("size", [(10_000, 6_000), (12_000, 12_000), (15_000, 15_000)])
def test_more_than_50_megapixels_are_refused_before_they_are_decoded(size):
    # The file holds no such pixels: decoding it would say "damaged" instead.
    error = refusal(claimed_png(*size))

    assert error.code == "pixels"
    assert "more than 50 megapixels" in error.message


def test_a_real_picture_of_60_megapixels_is_refused():
    assert refusal(saved(Image.new("L", (10_000, 6_000)), "PNG")).code == "pixels"


def test_a_side_over_16000_pixels_is_refused():
    error = refusal(saved(Image.new("L", (16_001, 4)), "PNG"))

    assert error.code == "side"
    assert "16,001 by 4" in str(error.messages)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_200_frames_are_taken_and_201_refused(kind):
    assert check(upload(animated(200, kind))).frames == 200
    assert refusal(animated(201, kind)).code == "frames"


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_a_broken_frame_behind_the_first_is_seen(kind):
    data = bytearray(animated(40, kind, size=(90, 60)))
    at = len(data) * 3 // 4
    data[at : at + 40] = b"\xff" * 40

    assert refusal(bytes(data)).code == "broken"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_file_that_is_cut_off_is_refused(kind, part):
    data = saved(Image.effect_noise((400, 300), 60).convert("RGB"), kind)

    assert refusal(data[: int(len(data) * part)]).code == "broken"


def test_a_progressive_jpeg_that_is_cut_off_is_refused():
    data = saved(Image.effect_noise((800, 600), 60), "JPEG", progressive=True)

    assert refusal(data[: len(data) // 2]).code == "broken"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_large_picture_is_judged_alike(kind):
    exif = Image.Exif()
    exif[0x0112] = 6
    data = saved(quarters((2500, 2000)), kind, exif=exif)

    checked = check(upload(data))

    assert (checked.width, checked.height) == (2000, 2500)
    assert refusal(data[: int(len(data) * 0.7)]).code == "broken"


def test_a_png_with_spoilt_bytes_is_refused():
    data = bytearray(saved(Image.effect_noise((400, 300), 60), "PNG"))
    data[len(data) // 2] ^= 0xFF

    assert refusal(bytes(data)).code == "broken"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_spoilt_files_never_raise_anything_else(kind):
    data = saved(Image.effect_noise((60, 40), 60).convert("RGB"), kind)
    for place in range(0, len(data), max(1, len(data) // 80)):
        spoilt = bytearray(data)
        spoilt[place] ^= 0xFF
        for attempt in (bytes(spoilt), data[:place]):
            # What the child does; by itself, for it is many.
            with suppress(Refused):
                assert inspect(attempt)["size"][0]
