"""Files that nobody should have to trust, through the front door of the picture library."""

import re
import time
from pathlib import Path

import pytest
from django.conf import settings as current
from django.core.files.storage import storages
from django.http import HttpResponse
from django.test import Client

from articles.models import Image
from articles.photos.children import Bounds
from articles.photos.renditions import picture
from tests.articles.photos.files import quarters, saved
from tests.articles.photos.hostile import CORPUS, NAMES, TAKEN, TYPES
from tests.articles.photos.measured import taken_by
from tests.cast import staff

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/image/add/"
WORDS = {
    "empty": "is empty",
    "too_many_bytes": "larger than 40 MB",
    "kind": "This is ",
    "svg": "SVG drawings are not taken",
    "pixels": "megapixels",
    "side": "a side may have 16,000",
    "frames": "more than 200 frames",
    "moving": "more than 100 megapixels together",
    "broken": "damaged or cut off",
    "slow": "takes too long to read",
}
# The limits themselves are part of the product; this much more for a machine that is busy.
PATIENCE = 20
MOST_MEMORY = 512 * 1024 * 1024
FOREIGN = (b"<script", b"<?php", b"PK\3\4", b"alert(", b"onerror", b"Ana")


@pytest.fixture(autouse=True)
def photo(client: Client, settings, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    client.force_login(staff("Photo desk"))


def sent(
    client: Client, data: bytes, *, name: str = "picture.jpg", kind: str = "image/jpeg"
) -> HttpResponse:
    """Post a file as anybody may write a request: a test client would tidy the name."""
    name = name.replace("\\", "\\\\").replace('"', '\\"')
    head = f'--end\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    head += f"Content-Type: {kind}\r\n\r\n" if kind else "\r\n"
    body = head.encode() + data + b"\r\n--end--\r\n"
    return client.generic("POST", ADD, body, "multipart/form-data; boundary=end")


def kept(tmp_path: Path) -> set[Path]:
    """All files that an upload may leave anywhere."""
    rooms = (tmp_path, *(Path(current.STORAGES[name]["OPTIONS"]["location"]) for name in ROOMS))
    return {path for room in rooms for path in room.rglob("*") if path.is_file()}


ROOMS = ("default", "renditions")


def test_there_are_enough_of_them():
    assert len(CORPUS) >= 60
    assert {each.verdict for each in CORPUS.values()} == {*WORDS, TAKEN}


@pytest.mark.parametrize("name", [name for name in CORPUS if CORPUS[name].verdict != TAKEN])
def test_a_hostile_file_is_refused_in_words_and_leaves_nothing(client, tmp_path, name):
    data, before = CORPUS[name].make(), kept(tmp_path)

    began = time.monotonic()
    response = sent(client, data)

    assert time.monotonic() - began < PATIENCE
    assert response.status_code == 200
    (errors,) = re.findall(r'id="id_file_error">(.*?)</ul>', response.content.decode(), re.DOTALL)
    assert WORDS[CORPUS[name].verdict] in errors
    assert not Image.objects.exists()
    assert kept(tmp_path) == before


@pytest.mark.parametrize("name", [name for name in CORPUS if CORPUS[name].verdict == TAKEN])
def test_what_is_taken_for_its_picture_gives_readers_nothing_else(client, tmp_path, name):
    response = sent(client, CORPUS[name].make())

    image = Image.objects.get()
    assert response.status_code == 302
    assert client.get(response["Location"], follow=True).status_code == 200
    assert not list(tmp_path.iterdir())
    shown = Client().get(picture(image).src)
    assert shown.status_code == 200
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert not [each for each in FOREIGN if each in shown.content]


@pytest.mark.parametrize("name", CORPUS)
def test_no_file_makes_a_child_large_or_slow(name, record_property):
    memory, seconds = taken_by("articles.photos.inspecting", CORPUS[name].make())

    record_property("megabytes", memory // 1024**2)
    record_property("seconds", round(seconds, 2))
    assert memory < MOST_MEMORY
    assert seconds < Bounds().seconds + PATIENCE


@pytest.mark.parametrize("name", NAMES)
def test_no_name_decides_where_a_picture_lies_or_what_it_is(client, name):
    response = sent(client, saved(quarters((64, 40)), "PNG"), name=NAMES[name])

    assert response.status_code in {200, 302}
    for image in Image.objects.all():
        assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{32}\.png", str(image.file.name))
        page = client.get(f"/admin/articles/image/{image.pk}/change/")
        assert page.status_code == 200
        assert b"<img src=x" not in page.content


@pytest.mark.parametrize("kind", TYPES)
def test_no_type_that_a_browser_claims_decides_what_a_picture_is(client, kind):
    response = sent(client, saved(quarters((64, 40)), "WEBP"), name="page.html", kind=kind)

    assert response.status_code == 302
    image = Image.objects.get()
    assert image.format == "webp"
    assert str(image.file.name).endswith(".webp")


def test_originals_have_no_address(client):
    sent(client, saved(quarters((64, 40)), "PNG"))
    name = str(Image.objects.get().file.name)

    for start in ("/", "/media/", "/media/r/", "/originals/", "/media/originals/", "/static/"):
        assert client.get(start + name).status_code == 404
    assert client.get(storages["default"].url(name)).status_code == 404
