"""Moving pictures move where they are large and readers want it, for five seconds at most."""

import io

import pytest
from django.template.loader import render_to_string
from PIL import Image as Pillow

from articles.models import Image
from articles.photos import library
from articles.photos.crops import Crop
from articles.photos.renditions import ImageFacts, picture, printed
from articles.photos.uploads import check
from tests.articles.photos.files import CORNERS, animated, difference, saved, upload

NAME = "0123456789abcdef" * 2
SIZE = (480, 300)


def taken_in(data: bytes) -> Image:
    """As once the worker is through: pages name all files then."""
    image = library.add(Image(), check(upload(data)), by=None)
    image.colour = "clear"
    return image


def moving(kind: str, duration: int = 100, **options: object) -> bytes:
    frames = [Pillow.new("RGB", SIZE, colour) for colour in CORNERS]
    return saved(
        frames[0], kind, save_all=True, append_images=frames[1:], duration=duration, **options
    )


def fetched(client, address: str) -> Pillow.Image:
    return Pillow.open(io.BytesIO(client.get(address).content))


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_all_frames_are_in_the_moving_file_in_their_colours(client, kind):
    image = taken_in(moving(kind, loop=0))
    shown = picture(image)

    made = fetched(client, shown.moving_srcset.split()[0])

    assert (image.frames, made.n_frames, made.size) == (4, 4, SIZE)
    for number, colour in enumerate(CORNERS):
        made.seek(number)
        assert difference(made.convert("RGB"), Pillow.new("RGB", SIZE, colour)) < 4


@pytest.mark.django_db
def test_it_comes_to_rest_within_five_seconds(client):
    short = fetched(client, picture(taken_in(moving("GIF"))).moving_srcset.split()[0])
    long = fetched(client, picture(taken_in(moving("GIF", 2000))).moving_srcset.split()[0])

    assert short.info["loop"] == 12
    assert (long.n_frames, long.info["loop"]) == (3, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("extension", ["jpg", "webp", "avif"])
def test_all_other_files_show_the_first_frame(client, extension):
    image = taken_in(moving("GIF"))

    made = fetched(client, f"/media/r/{image.rendition_name}/320.{extension}")

    assert getattr(made, "n_frames", 1) == 1
    assert difference(made.convert("RGB"), Pillow.new("RGB", made.size, CORNERS[0])) < 4


def test_readers_who_want_no_motion_get_the_still():
    html = render_to_string(
        "articles/_picture.html",
        {"picture": picture(ImageFacts(NAME, 960, 600, frames=9)), "alt": "", "sizes": "100vw"},
    )

    moving, still = html.split("<source")[1:3]
    assert 'media="(prefers-reduced-motion: no-preference)"' in moving
    assert f"{NAME}-moving/480.webp 480w" in moving
    assert "avif" in still
    assert "media" not in still.replace("/media/", "")


def test_in_lists_and_on_cards_it_stands_still():
    facts = ImageFacts(NAME, 960, 600, frames=9)

    assert picture(facts, crop=Crop.WIDE).moving_srcset
    assert not picture(facts, crop=Crop.STANDARD).moving_srcset
    assert not picture(facts, crop=Crop.SQUARE).moving_srcset
    assert not picture(ImageFacts(NAME, 960, 600)).moving_srcset


def test_too_many_pixels_in_all_frames_stand_still_or_are_shown_smaller():
    assert "960.webp" not in picture(ImageFacts(NAME, 960, 960, frames=200)).moving_srcset
    assert "480.webp" in picture(ImageFacts(NAME, 960, 960, frames=200)).moving_srcset
    assert not picture(ImageFacts(NAME, 480, 8000, frames=200)).moving_srcset


@pytest.mark.django_db
def test_the_worker_makes_moving_files_too():
    image = taken_in(moving("GIF"))

    assert [step.crop for step in printed(image)][-2:] == [Crop.MOVING, Crop.MOVING_WIDE]
    assert check(upload(animated(7))).frames == 7
    assert check(upload(saved(Pillow.new("RGB", SIZE), "PNG"))).frames == 1
