"""Public files of pictures that may not be shown: 410, and no longer on the disk."""

import datetime as dt
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from articles.models import FormerName, Image
from articles.photos import blocking, library, making, serving
from articles.photos.tasks import make_renditions
from tests.cast import ed, make_image

pytestmark = pytest.mark.django_db

FILE = "320.jpg"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def done(django_capture_on_commit_callbacks):
    """A block after which all is done that follows a commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def folder(name: str) -> Path:
    return Path(storages["renditions"].path(name))


def address(image: Image, file: str = FILE) -> str:
    return f"/media/r/{image.rendition_name}/{file}"


def let(image: Image, **fields: object) -> None:
    Image.objects.filter(pk=image.pk).update(**fields)
    image.refresh_from_db()


@pytest.fixture
def at(monkeypatch) -> dt.datetime:
    """The one moment of a test, to the microsecond."""
    moment = (timezone.now() + HOUR).replace(microsecond=500)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


TICK = dt.timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        (lambda at: {"licence_ends": at + TICK}, 200),
        (lambda at: {"licence_ends": at}, 410),
        (lambda at: {"licence_starts": at}, 200),
        (lambda at: {"licence_starts": at + TICK}, 410),
        (lambda at: {"blocked_at": at, "block_reason": "A claim"}, 410),
        (lambda at: {"on_web": False, "on_social": False}, 200),
        (lambda at: {"on_web": False, "on_social": False, "in_mail": False}, 410),
    ],
)
@pytest.mark.parametrize("is_made", [True, False])
def test_a_file_is_served_as_long_as_one_use_allows_it(client, at, fields, status, is_made):
    image = make_image()
    if is_made:
        making.make(image)
    let(image, **fields(at))

    for method in (client.get, client.head):
        response = method(address(image))
        assert response.status_code == status
    if status == 410:
        assert response["Cache-Control"] == "no-store"
        assert response["Content-Type"].startswith("text/plain")
        assert folder(image.rendition_name).exists() is is_made


@pytest.mark.parametrize(
    ("ends", "value"),
    [
        (None, "public, max-age=31536000, immutable"),
        (dt.timedelta(days=366), "public, max-age=31536000, immutable"),
        (dt.timedelta(days=365), "public, max-age=31536000, immutable"),
        (dt.timedelta(days=2), "public, max-age=172800"),
        (dt.timedelta(seconds=1, microseconds=999_999), "public, max-age=1"),
        (dt.timedelta(microseconds=1), "public, max-age=0"),
    ],
)
def test_nobody_may_keep_a_file_beyond_the_end_of_its_licence(client, at, ends, value):
    image = make_image()
    let(image, licence_ends=at + ends if ends else None)

    assert client.get(address(image))["Cache-Control"] == value


def test_a_corrected_credit_ends_the_old_name_and_a_return_brings_it_back(client, done):
    image = make_image(credit="Ana")
    making.make(image)
    old = image.rendition_name
    image.credit = "Ana Duarte"
    with done():
        library.correct(image, by=ed())

    gone = client.get(f"/media/r/{old}/{FILE}")
    assert (gone.status_code, gone["Cache-Control"]) == (410, "no-store")
    assert not folder(old).exists()
    assert client.get(address(image)).status_code == 200

    image.credit = "Ana"
    with done():
        library.correct(image, by=ed())
    assert image.rendition_name == old
    assert client.get(address(image)).status_code == 200
    assert not FormerName.objects.filter(name=old).exists()


def test_a_moved_focal_point_ends_the_old_name(client, done):
    image = make_image()
    old = image.rendition_name
    image.focal_x = 20
    with done():
        library.correct(image, by=ed())

    assert client.get(f"/media/r/{old}/{FILE}").status_code == 410


def test_a_deleted_picture_is_gone_and_not_unknown(client, done):
    image = make_image()
    making.make(image)
    name = image.rendition_name
    with done():
        library.take_out(image, by=ed())

    assert client.get(f"/media/r/{name}/{FILE}").status_code == 410
    assert not folder(name).exists()
    assert client.get(f"/media/r/{'0' * 32}/{FILE}").status_code == 404


def test_a_failed_act_ends_no_name_and_removes_no_file(client, done, monkeypatch):
    image = make_image(credit="Ana")
    making.make(image)
    old = image.rendition_name
    image.credit = "Ana Duarte"
    monkeypatch.setattr("articles.events.Event.objects.create", fail)

    with pytest.raises(RuntimeError), done():
        library.correct(image, by=ed())

    assert client.get(f"/media/r/{old}/{FILE}").status_code == 200
    assert folder(old).exists()
    assert not FormerName.objects.exists()


def fail(**_fields: object) -> None:
    raise RuntimeError("The log is full")


@pytest.mark.parametrize(
    "fields",
    [
        {"licence_starts": timezone.now() + HOUR},
        {"licence_ends": timezone.now() - HOUR},
        {"blocked_at": timezone.now(), "block_reason": "A claim"},
    ],
)
def test_the_worker_makes_no_file_of_what_may_not_be_shown(fields):
    image = make_image()
    let(image, **fields)

    assert make_renditions.func(image.pk) == 0
    assert not folder(image.rendition_name).exists()


def test_files_made_while_the_picture_was_blocked_go_at_once(client, done, monkeypatch):
    image = make_image()
    make = making.make

    def then_block(picture: Image, *steps: object, **patience: float) -> int:
        made = make(picture, *steps, **patience)
        with done():
            blocking.block(image, by=ed(), reason="A claim")
        # As if this maker had been slower than the removal.
        make(picture, *steps, **patience)
        return made

    monkeypatch.setattr("articles.photos.views.make", then_block)
    assert client.get(address(image)).status_code == 410
    assert not folder(image.rendition_name).exists()

    with done():
        blocking.unblock(image, by=ed())
    make_missing = making.make_missing

    def blocked_meanwhile(picture: Image, steps: object) -> making.Made:
        with done():
            suppressed_block(picture)
        return make_missing(picture, steps)

    monkeypatch.setattr("articles.photos.tasks.make_missing", blocked_meanwhile)
    make_renditions.func(image.pk)
    assert not folder(image.rendition_name).exists()


def suppressed_block(image: Image) -> None:
    """Block, once: the worker makes the files of a picture in several goes."""
    with suppress(blocking.NotBlocked):
        blocking.block(image, by=ed(), reason="A claim")


def test_a_crop_goes_with_its_picture():
    image = make_image()
    name = f"{image.rendition_name}-16x9"
    assert serving.servable(name, at=timezone.now()).image == image
    let(image, blocked_at=timezone.now(), block_reason="A claim")

    with pytest.raises(serving.Gone):
        serving.servable(name, at=timezone.now())
