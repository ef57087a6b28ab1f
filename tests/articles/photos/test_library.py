"""Taking pictures in, correcting what is said of them, taking them out."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import DatabaseError
from django_tasks_db.models import DBTaskResult

from articles.models import Event, Image
from articles.photos import library, making
from articles.photos.doubles import doubles_of
from articles.photos.uploads import check
from articles.photos.uses import InUse
from tests.articles.photos.files import quarters, saved
from tests.cast import ed, jpeg, make_article, make_image

pytestmark = pytest.mark.django_db


def queued() -> list[int]:
    return [result.args_kwargs["args"][0] for result in DBTaskResult.objects.all()]


def test_an_upload_is_kept_under_a_name_of_ours_and_queued_for_the_worker(
    django_capture_on_commit_callbacks,
):
    upload = check(ContentFile(saved(quarters(), "PNG"), "Holiday in Lisbon.JPG"))

    with django_capture_on_commit_callbacks(execute=True):
        image = library.add(Image(caption="Quarters"), upload, by=ed())

    image.refresh_from_db()
    assert image.original_name == "Holiday in Lisbon.JPG"
    assert str(image.file.name).endswith(".png")
    assert "Holiday" not in str(image.file.name)
    assert (image.format, image.width, image.height) == ("png", 640, 400)
    assert image.created_by == ed()
    with image.file.open() as file:
        assert file.read() == saved(quarters(), "PNG")
    assert queued() == [image.pk]


def test_a_row_the_database_refuses_leaves_no_file_behind():
    upload = check(ContentFile(jpeg((40, 30)), "one.jpg"))
    image = Image(is_decorative=True, alt_text="Both")

    with pytest.raises(DatabaseError):
        library.add(image, upload, by=None)

    assert not storages["default"].exists(str(image.file.name))


def test_a_correction_is_written_down_with_old_and_new_words(django_capture_on_commit_callbacks):
    image = make_image(credit="Ana", caption="Ships")
    image.credit, image.caption = "Ana Duarte", "Boats"

    with django_capture_on_commit_callbacks(execute=True):
        changed = library.correct(image, by=ed())

    event = Event.objects.get(note="Changed")
    assert (event.target_kind, event.target_id) == ("image", str(image.pk))
    assert changed == ["credit", "caption"]
    assert (event.kind, event.actor) == (Event.Kind.CHANGED, ed())
    assert event.details == {"credit": ["Ana", "Ana Duarte"], "caption": ["Ships", "Boats"]}
    assert queued() == [image.pk]


def test_a_correction_of_the_caption_needs_no_new_files(django_capture_on_commit_callbacks):
    image = make_image()
    image.caption = "Boats"

    with django_capture_on_commit_callbacks(execute=True):
        library.correct(image, by=ed())

    assert queued() == []


def test_saving_without_a_change_writes_nothing():
    image = make_image()

    assert library.correct(image, by=ed()) == []
    assert not Event.objects.filter(note="Changed").exists()


def test_a_picture_taken_out_leaves_no_files(django_capture_on_commit_callbacks):
    image = make_image()
    making.make(image)
    original, public = str(image.file.name), image.rendition_name

    with django_capture_on_commit_callbacks(execute=True):
        library.take_out(image, by=ed())

    assert not storages["default"].exists(original)
    assert not storages["renditions"].exists(public)
    assert [event.note for event in Event.objects.all()] == ["Deleted", "Added"]


def test_a_picture_in_use_stays_with_its_files(django_capture_on_commit_callbacks):
    image = make_image()
    make_article(lead_image=image)

    with (
        pytest.raises(InUse),
        django_capture_on_commit_callbacks(execute=True),
    ):
        library.take_out(image, by=ed())

    assert storages["default"].exists(str(image.file.name))


def test_the_same_bytes_are_found_again():
    data = jpeg((40, 30), colour=(1, 2, 3))
    first, second = (
        library.add(Image(), check(ContentFile(data, "one.jpg")), by=None) for _ in range(2)
    )

    assert doubles_of([first, second, make_image()]) == {second.pk: first}
