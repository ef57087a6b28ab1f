"""The newsroom does with a bucket what it does with a disk, and a bucket that fails fails as one.

The service is a process of its own, reached by network.
"""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import override_settings
from django.urls import reverse
from PIL import Image as Pillow

from articles.models import Image
from articles.photos import library, making
from articles.photos.crops import Crop
from articles.photos.rendering import NotMade
from articles.photos.renditions import Step, picture
from articles.photos.storing import NotStored
from articles.photos.tasks import make_renditions
from newsroom.demo.fill import empty
from newsroom.media import Bucket, storages_of
from tests.articles.photos.files import difference, posted, quarters, saved
from tests.buckets import running_service
from tests.cast import make_image, staff
from tests.ports import free_port

pytestmark = pytest.mark.django_db

PICTURES = "meridian-pictures"


@pytest.fixture(scope="module")
def running():
    with running_service() as service:
        yield service


@pytest.fixture
def keep_in(settings, tmp_path):
    """Have the newsroom keep its pictures in a bucket, until the block ends."""

    def keep(bucket: Bucket) -> override_settings:
        places = storages_of(bucket, data=tmp_path / "unused")
        return override_settings(STORAGES=settings.STORAGES | places)

    yield keep
    assert not (tmp_path / "unused").exists(), "a file went to the disk"


@pytest.fixture
def service(running, keep_in):
    """The service, with one bucket, which is in use."""
    running.empty()
    with keep_in(running.bucket(PICTURES)):
        yield running


@pytest.fixture
def away(keep_in):
    """A service that nothing answers for."""
    return keep_in(Bucket(PICTURES, f"http://127.0.0.1:{free_port()}", "us-east-1", "key", "word"))


def originals(service) -> set[str]:
    return {name for name in service.names(PICTURES) if name.startswith("originals/")}


def public(service) -> set[str]:
    return {name for name in service.names(PICTURES) if name.startswith("renditions/")}


def test_a_picture_goes_from_the_desk_to_readers_and_out_again(
    service, client, django_capture_on_commit_callbacks
):
    client.force_login(staff("Photo desk"))
    data = saved(quarters((900, 600)), "JPEG", quality=95)
    words = {"licence": "staff", "credit": "Ana Duarte", "alt_text": "Four fields.", "on_web": "on"}
    client.post(reverse("admin:articles_image_add"), {"file": posted(data), **words})
    image = Image.objects.get()
    assert originals(service) == {f"originals/{image.file.name}"}
    with image.file.open("rb") as file:
        assert file.read() == data

    make_renditions.call(image.pk)
    whole = f"renditions/{image.rendition_name}"
    assert {f"{whole}/640.jpg", f"{whole}/640.avif", f"{whole}-4x3/320.webp"} <= public(service)
    assert service.kind(PICTURES, f"{whole}/640.avif") == "image/avif"

    client.logout()
    shown = client.get(f"/media/r/{image.rendition_name}/640.jpg")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    opened = Pillow.open(io.BytesIO(shown.content))
    assert difference(opened, quarters((900, 600)).resize(opened.size)) < 3

    with django_capture_on_commit_callbacks(execute=True):
        library.take_out(image, by=None)
    assert service.names(PICTURES) == set()
    assert client.get(f"/media/r/{image.rendition_name}/640.jpg").status_code == 410


def test_a_size_made_on_demand_is_kept_and_the_original_not_asked_for_again(service, client):
    image = make_image(size=(900, 600))
    address = picture(image).src

    assert client.get(address).status_code == 200
    kept = public(service)
    assert len(kept) == 1

    storages["default"].delete(str(image.file.name))
    assert client.get(address).status_code == 200
    assert public(service) == kept


def test_an_original_that_is_lost_is_not_found(service, client):
    image = make_image(size=(900, 600))
    storages["default"].delete(str(image.file.name))

    assert client.get(picture(image).src).status_code == 404


def test_readers_are_asked_to_come_back_while_the_service_is_away(service, client, away, caplog):
    image = make_image(size=(900, 600))

    with away:
        response = client.get(picture(image).src)

    assert response.status_code == 503
    assert response["Retry-After"]
    assert response["Cache-Control"] == "no-store"
    assert "the bucket failed" in caplog.text


def test_the_worker_is_told_to_try_again_while_the_service_is_away(service, away):
    image = make_image(size=(900, 600))

    with away, pytest.raises(NotMade, match="the bucket failed"):
        making.make(image, [Step(320, "jpg")])


def test_no_original_is_no_row_while_the_service_is_away(away):
    with away, pytest.raises(NotStored):
        make_image(size=(90, 60))

    assert not Image.objects.exists()


@pytest.mark.parametrize("act", ["open", "save", "exists", "listdir", "delete", "size"])
def test_whatever_is_asked_of_a_bucket_that_is_away_fails_as_a_disk(away, act):
    with away:
        storage = storages["renditions"]
        more = [ContentFile(b"a")] if act == "save" else []
        with pytest.raises(OSError, match="the bucket failed"):
            getattr(storage, act)("a/1.jpg", *more)


def test_a_bucket_that_nobody_made_fails_as_a_disk(service, keep_in):
    never_made = Bucket("never-made", service.address, "us-east-1", "key", "word")

    with keep_in(never_made), pytest.raises(OSError, match="the bucket failed"):
        storages["renditions"].save("a/1.jpg", ContentFile(b"a"))


def test_originals_have_no_address_and_public_files_only_ours(service):
    image = make_image(size=(900, 600))

    with pytest.raises(ValueError, match="no address"):
        _ = image.file.url
    assert storages["renditions"].url("a/1.jpg") == "/media/r/a/1.jpg"


@pytest.mark.django_db(transaction=True)
def test_a_demo_that_is_emptied_leaves_nothing_in_its_bucket(service):
    image = make_image(size=(900, 600))
    making.make(image, [Step(320, "jpg", Crop.SQUARE), Step(320, "jpg")])
    assert len(service.names(PICTURES)) == 3

    empty()

    assert service.names(PICTURES) == set()
