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
from articles.photos.crops import Crop
from articles.photos.renditions import Step, picture, printed
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
    [
        ("640.jpg", "image/jpeg", "JPEG"),
        ("640.webp", "image/webp", "WEBP"),
        ("640.avif", "image/avif", "AVIF"),
    ],
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
        "/media/r/{name}-16x9/320.jpg",
        "/media/r/{name}-2x1/480.jpg",
        "/media/r/{name}-/480.jpg",
        "/media/r/{name}-moving/480.webp",
        "/media/r/{name}-4x3/1600.avif",
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

    assert make_renditions.func(image.pk) == len(list(printed(image)))
    assert make_renditions.func(image.pk) == 0
    files = sorted(path.name for path in folder(image).iterdir())
    fine = [f"{width}.avif" for width in (320, 480, 640, 800, 960)]
    coarse = [f"{width}.{kind}" for width in (320, 640, 960) for kind in ("jpg", "webp")]
    assert files == sorted([*fine, *coarse])
    assert sorted(path.name for path in folder(image).parent.glob(f"{image.rendition_name}*")) == [
        image.rendition_name,
        *(f"{image.rendition_name}-{shape}" for shape in ("16x9", "1x1", "4x3")),
    ]


def test_a_picture_deleted_before_its_turn_is_no_error():
    assert make_renditions.func(0) == 0


def test_every_address_a_page_prints_is_answered(client):
    image = make_image(size=(70, 50))
    image.colour = "clear"

    for crop in (Crop.WHOLE, Crop.WIDE, Crop.STANDARD, Crop.SQUARE):
        shown = picture(image, crop=crop)
        sets = (shown.avif_srcset, shown.webp_srcset, shown.jpeg_srcset)
        for part in (part for each in sets for part in each.split(", ")):
            response = client.get(part.split()[0])
            made = Pillow.open(io.BytesIO(response.content))
            assert made.size == (shown.width, shown.height)


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
    results.put(making.make(image, [Step(320, "jpg")]))


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
        making.make(image, [Step(320, "jpg")])

    assert list(folder(image).iterdir()) == []


def test_locks_do_not_grow_with_the_library():
    for _ in range(3):
        making.make(make_image(size=(400, 300)))

    assert len(list((settings.NEWSROOM_DATA / "locks").glob("rendition-*"))) <= 128
