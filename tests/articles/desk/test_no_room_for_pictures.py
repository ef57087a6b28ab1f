"""No room for originals: said in words at every door, nothing typed is lost, no row is left."""

from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.urls import reverse

from articles.models import FormerFile, Image
from tests.articles.photos.files import posted
from tests.cast import jpeg, make_image, staff

pytestmark = pytest.mark.django_db

SAID = "The file could not be stored"


@pytest.fixture
def desk(client):
    client.force_login(staff("Photo desk"))
    return client


@pytest.fixture
def no_room(tmp_path, settings):
    """Where the folder of originals should be lies a file."""
    blocked = tmp_path / "blocked"
    blocked.write_text("no folder")
    storages_now = dict(settings.STORAGES)
    storages_now["default"] = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": blocked / "originals"},
    }
    settings.STORAGES = storages_now
    assert not Path(storages["default"].path("x")).parent.is_dir()


def test_the_form_says_so_and_keeps_the_words(desk, no_room):
    words = {"caption": "Ships at dawn", "credit": "Ana Duarte"}
    response = desk.post("/admin/articles/image/add/", {"file": posted(jpeg((40, 30))), **words})
    page = response.content.decode()

    assert response.status_code == 200
    assert SAID in page
    assert "Ships at dawn" in page
    assert 'value="Ana Duarte"' in page
    assert not Image.objects.exists()


def test_a_script_gets_503_and_may_try_again(desk, no_room):
    address = reverse("admin:articles_image_add_one")
    response = desk.post(
        address, {"file": posted(jpeg((40, 30)))}, headers={"Accept": "application/json"}
    )

    assert response.status_code == 503
    assert SAID in response.json()["error"]


def test_of_many_each_is_named(desk, no_room):
    address = reverse("admin:articles_image_add_many")
    page = desk.post(address, {"files": [posted(jpeg((40, 30)))]}, follow=True).content.decode()

    assert SAID in page
    assert not Image.objects.exists()


def test_a_replaced_file_stays_what_it_was(desk, request):
    image = make_image()
    request.getfixturevalue("no_room")
    address = reverse("admin:articles_image_replace", args=[image.pk])
    response = desk.post(address, {"file": posted(jpeg((50, 30))), "seen": image.content_hash})

    assert SAID in response.content.decode()
    assert Image.objects.get().content_hash == image.content_hash
    assert not FormerFile.objects.exists()
