"""Cuts keep the place that the photo desk chose, and are never larger than the picture allows."""

import io

import pytest
from PIL import Image as Pillow
from PIL import ImageOps

from articles.models import Image
from articles.photos import library, making, views
from articles.photos.crops import Crop, own_width, parted
from articles.photos.locks import sole_maker
from articles.photos.renditions import ImageFacts, Step, picture
from articles.photos.tasks import make_renditions
from articles.photos.tones import tone
from articles.photos.uploads import check
from tests.articles.photos.files import difference, quarters, saved, upload
from tests.cast import ed, make_image

NAME = "0123456789abcdef" * 2


def opened(data: bytes) -> Pillow.Image:
    return Pillow.open(io.BytesIO(data))


def at(colour: str) -> ImageFacts:
    return ImageFacts(NAME, 3000, 2000, colour=colour)


def test_a_cut_has_a_name_of_its_own():
    shown = picture(ImageFacts(NAME, 3000, 2000), crop=Crop.WIDE)

    assert (shown.width, shown.height) == (2000, 1125)
    assert shown.largest_url == f"/media/r/{NAME}-16x9/2000.jpg"
    assert parted(f"{NAME}-16x9") == (NAME, Crop.WIDE)
    assert parted(NAME) == (NAME, Crop.WHOLE)
    with pytest.raises(ValueError, match="2x1"):
        parted(f"{NAME}-2x1")


@pytest.mark.parametrize(
    ("size", "crop", "width", "height"),
    [
        ((3000, 400), Crop.SQUARE, 320, 320),
        ((3000, 400), Crop.WIDE, 640, 360),
        ((1000, 3000), Crop.WIDE, 960, 540),
        ((1000, 3000), Crop.SQUARE, 800, 800),
        ((70, 50), Crop.STANDARD, 67, 50),
        ((1, 1), Crop.WIDE, 1, 1),
    ],
)
def test_a_cut_is_no_wider_than_it_is_in_the_picture(size, crop, width, height):
    shown = picture(ImageFacts(NAME, *size), crop=crop)

    assert (shown.width, shown.height) == (width, height)
    assert shown.width <= own_width(crop, *size)


@pytest.mark.django_db
@pytest.mark.parametrize("focus", [(0, 0), (50, 50), (100, 20), (30, 100)])
@pytest.mark.parametrize("crop", [Crop.WIDE, Crop.STANDARD, Crop.SQUARE])
def test_a_cut_is_where_pillow_puts_it(client, crop, focus):
    source = quarters((640, 400))
    image = library.add(
        Image(focal_x=focus[0], focal_y=focus[1]), check(upload(saved(source, "PNG"))), by=None
    )
    shown = picture(image, crop=crop)

    made = opened(client.get(shown.largest_url).content)

    centering = (focus[0] / 100, focus[1] / 100)
    reference = ImageOps.fit(source, (shown.width, shown.height), centering=centering)
    assert difference(made, reference) < 3


@pytest.mark.django_db
def test_another_place_to_keep_is_another_address(client):
    image = make_image(size=(640, 400))
    before = picture(image, crop=Crop.SQUARE).largest_url
    image.focal_x = 0

    library.correct(image, by=ed())

    assert picture(image, crop=Crop.SQUARE).largest_url != before


@pytest.mark.django_db
def test_all_shapes_go_with_the_picture():
    image = make_image(size=(640, 400))
    shapes = (Crop.WHOLE, Crop.WIDE, Crop.STANDARD, Crop.SQUARE)
    making.make(image, [Step(320 if crop != Crop.WIDE else 480, "jpg", crop) for crop in shapes])
    names = [f"{image.rendition_name}{crop.suffix}" for crop in shapes]
    widths = [320 if crop != Crop.WIDE else 480 for crop in shapes]
    assert all(making.read(n, w, "jpg") for n, w in zip(names, widths, strict=True))

    making.remove(image.rendition_name)

    assert not any(making.read(n, w, "jpg") for n, w in zip(names, widths, strict=True))


def test_a_colour_is_one_of_few_that_the_styles_know():
    assert tone("#0a60ff") == "tone r0 g1 b3"
    assert tone("") == ""
    assert picture(at("#8899aa")).tone == "tone r2 g2 b2"


@pytest.mark.django_db
def test_the_worker_keeps_the_colour():
    image = make_image(size=(640, 400))

    make_renditions.func(image.pk)

    stored = Image.objects.get(pk=image.pk)
    assert stored.colour.startswith(("#285", "#295"))
    assert stored.rendition_name == image.rendition_name


@pytest.mark.django_db
def test_pages_name_a_jpeg_until_the_worker_has_made_the_others(client):
    image = make_image()
    before = picture(image)
    assert (before.avif_srcset, before.webp_srcset, before.tone) == ("", "", "")
    assert client.get(before.src).status_code == 200

    make_renditions.func(image.pk)
    image.refresh_from_db()

    after = picture(image)
    assert "320.avif" in after.avif_srcset
    assert "320.webp" in after.webp_srcset


@pytest.mark.django_db
def test_a_corrected_credit_is_a_jpeg_again_until_its_files_are_made():
    image = make_image()
    make_renditions.func(image.pk)
    image.refresh_from_db()
    image.credit = "Somebody else"
    library.correct(image, by=None)

    image.refresh_from_db()
    assert picture(image).avif_srcset == ""


@pytest.mark.django_db
def test_a_worker_that_finds_all_files_there_still_says_so():
    image = make_image()
    make_renditions.func(image.pk)
    Image.objects.update(colour="")

    make_renditions.func(image.pk)

    assert Image.objects.get().colour.startswith("#")


@pytest.mark.django_db
def test_who_waits_too_long_for_a_turn_is_told_to_come_again(client, monkeypatch):
    image = make_image()
    monkeypatch.setattr(views, "PATIENCE", 0.1)
    with sole_maker(image.rendition_name):
        response = client.get(picture(image).src)

    assert response.status_code == 503
    assert response["Retry-After"]
    assert client.get(picture(image).src).status_code == 200
