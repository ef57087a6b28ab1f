"""Public files: fixed type, for ever, without query or cookie, and made once."""

import io
import multiprocessing
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from PIL import Image as Pillow

from articles.models import Image
from articles.photos import library, making
from articles.photos.renditions import picture, widths_of
from articles.photos.tasks import make_renditions
from articles.photos.uploads import check
from tests.articles.photos.files import quarters, saved
from tests.cast import ed, make_image

pytestmark = pytest.mark.django_db


def folder(image: Image) -> Path:
    return Path(storages["renditions"].path(image.rendition_name))


def address(image: Image, file: str) -> str:
    return f"/media/r/{image.rendition_name}/{file}"


@pytest.mark.parametrize(
    ("file", "kind", "form"),
    [("640.jpg", "image/jpeg", "JPEG"), ("640.webp", "image/webp", "WEBP")],
)
def test_a_missing_size_is_made_when_it_is_asked_for(client, file, kind, form):
    image = make_image(size=(900, 600))

    response = client.get(address(image, file))

    made = Pillow.open(io.BytesIO(response.content))
    assert (response.status_code, response["Content-Type"]) == (200, kind)
    assert (made.format, made.size) == (form, (640, 427))


def test_a_made_size_costs_one_query_and_sets_no_cookie(client, django_assert_num_queries):
    image = make_image()
    making.make(image)
    client.force_login(ed())

    with django_assert_num_queries(1):
        response = client.get(address(image, "960.webp"))

    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_head_answers_as_get_without_the_bytes(client):
    image = make_image()
    whole = client.get(address(image, "320.jpg"))

    head = client.head(address(image, "320.jpg"))

    assert head["Content-Type"] == "image/jpeg"
    assert head["Content-Length"] == str(len(whole.content))


@pytest.mark.parametrize(
    "path",
    [
        "/media/r/00000000000000000000000000000000/320.jpg",
        "/media/r/{name}/321.jpg",
        "/media/r/{name}/1600.jpg",
        "/media/r/{name}/0320.jpg",
        "/media/r/{name}/320.png",
        "/media/r/{name}/320.jpg/",
        "/media/r/{name}/",
        "/media/r/../originals/{original}",
        "/media/{original}",
        "/originals/{original}",
    ],
)
def test_unknown_names_and_sizes_and_originals_are_not_found(client, path):
    image = make_image(size=(1200, 800))
    path = path.format(name=image.rendition_name, original=image.file.name)

    assert client.get(path).status_code == 404


def test_a_404_is_not_kept_by_caches(client):
    response = client.get(f"/media/r/{'0' * 32}/320.jpg")

    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


def test_a_lost_original_is_not_found_and_no_error(client):
    image = make_image()
    storages["default"].delete(str(image.file.name))

    assert client.get(address(image, "320.jpg")).status_code == 404


def test_an_unreadable_original_is_not_found_and_no_error(client):
    image = make_image()
    Path(storages["default"].path(str(image.file.name))).write_bytes(b"\xff\xd8\xff nothing")

    assert client.get(address(image, "320.jpg")).status_code == 404


def test_the_worker_makes_the_whole_ladder_once():
    image = make_image(size=(1000, 600))

    assert make_renditions.func(image.pk) == len(widths_of(1000)) * 2
    assert make_renditions.func(image.pk) == 0
    files = sorted(path.name for path in folder(image).iterdir())
    assert files == sorted(f"{w}.{e}" for w in (320, 480, 640, 800, 960) for e in ("jpg", "webp"))


def test_a_picture_deleted_before_its_turn_is_no_error():
    assert make_renditions.func(0) == 0


def test_every_address_a_page_prints_is_answered(client):
    shown = picture(make_image(size=(70, 50)))

    for part in (*shown.jpeg_srcset.split(", "), *shown.webp_srcset.split(", ")):
        assert client.get(part.split()[0]).status_code == 200


def test_a_corrected_credit_moves_the_picture_to_a_new_address(client):
    image = make_image(credit="Ana Duarte")
    before = image.rendition_name
    image.credit = "Ana Duarte / Nordfoto"

    library.correct(image, by=ed())

    assert image.rendition_name != before
    assert client.get(address(image, "320.jpg")).status_code == 200


def test_names_follow_from_nothing_that_is_public(settings):
    data = saved(quarters(), "JPEG")
    images = [
        library.add(Image(credit="Ana"), check(ContentFile(data, "one.jpg")), by=None)
        for _ in range(2)
    ]
    settings.SECRET_KEY = "another"
    images.append(library.add(Image(credit="Ana"), check(ContentFile(data, "one.jpg")), by=None))

    assert len({image.rendition_name for image in images}) == 3
    assert len({str(image.file.name) for image in images}) == 3
    assert "one" not in str(images[0].file.name)


def _make_at_once(image: Image, barrier, results) -> None:
    barrier.wait()
    results.put(making.make(image, [(320, "jpg")]))


@pytest.mark.race
def test_a_size_asked_for_twenty_times_at_once_is_made_once():
    image = make_image()
    fork = multiprocessing.get_context("fork")
    barrier, results = fork.Barrier(20), fork.SimpleQueue()
    processes = [
        fork.Process(target=_make_at_once, args=(image, barrier, results)) for _ in range(20)
    ]
    for process in processes:
        process.start()
    made = [results.get() for _ in processes]
    for process in processes:
        process.join()

    assert sorted(made) == [0] * 19 + [1]
    assert [path.name for path in folder(image).iterdir()] == ["320.jpg"]


def test_a_maker_that_dies_leaves_no_half_file(monkeypatch):
    image = make_image()

    def dies(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", dies)
    with pytest.raises(KeyboardInterrupt):
        making.make(image, [(320, "jpg")])

    assert list(folder(image).iterdir()) == []


def test_locks_do_not_grow_with_the_library():
    for _ in range(3):
        making.make(make_image(size=(400, 300)))

    assert len(list((settings.NEWSROOM_DATA / "locks").glob("rendition-*"))) <= 128
