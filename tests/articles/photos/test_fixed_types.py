"""Every public file of a picture says what it is, and browsers are told not to guess."""

import io
import re

import pytest
from django.test import Client
from PIL import Image as Pillow

from articles.models import Image
from articles.photos import library
from articles.photos.renditions import picture
from articles.photos.uploads import check
from tests.articles.photos.files import animated, quarters, saved, upload

pytestmark = pytest.mark.django_db

TYPES = {"jpg": "image/jpeg", "webp": "image/webp", "avif": "image/avif", "gif": "image/gif"}
ORIGINALS = {
    "JPEG": lambda: saved(quarters(), "JPEG"),
    "PNG": lambda: saved(quarters().convert("RGBA"), "PNG"),
    "GIF": lambda: animated(3, size=(64, 40)),
    "WEBP": lambda: saved(quarters(), "WEBP"),
    "AVIF": lambda: saved(quarters(), "AVIF"),
}


def addresses(image: Image) -> set[str]:
    """All that pages may print, once the worker is through."""
    image.colour = "clear"
    return set(re.findall(r"/media/r/[^\s,'\"]+", repr(picture(image))))


@pytest.mark.parametrize("kind", ORIGINALS)
@pytest.mark.parametrize("accept", ["*/*", "text/html", "image/svg+xml"])
def test_a_public_file_has_the_type_of_its_address_whatever_is_asked_for(kind, accept):
    original = check(upload(ORIGINALS[kind](), "page.html"))
    image = library.add(Image(credit="Ana", licence="staff"), original, by=None)

    found = addresses(image)

    assert len(found) > 1
    for address in found:
        response = Client().get(address, headers={"Accept": accept})
        assert response.status_code == 200, address
        assert response["Content-Type"] == TYPES[address.rpartition(".")[2]]
        assert response["X-Content-Type-Options"] == "nosniff"
        assert not response.cookies
        with Pillow.open(io.BytesIO(response.content)) as shown:
            assert f"image/{str(shown.format).lower()}" == response["Content-Type"]


@pytest.mark.parametrize("extension", ["html", "svg", "php", "png", "jpg.html", "js"])
def test_no_other_ending_is_answered(extension):
    original = check(upload(saved(quarters(), "JPEG")))
    image = library.add(Image(credit="Ana", licence="staff"), original, by=None)
    start = sorted(addresses(image))[0].rpartition(".")[0]

    response = Client().get(f"{start}.{extension}")

    assert response.status_code == 404
    assert response["X-Content-Type-Options"] == "nosniff"
