"""Makers that die, hang or find no room: no half file, no error page, and another try later."""

from pathlib import Path

import pytest
from django.core.files.storage import storages

from articles.models import Image
from articles.photos import making, rendering
from articles.photos.rendering import NotMade
from articles.photos.renditions import Step
from articles.photos.tasks import make_renditions
from tests.cast import make_image

pytestmark = pytest.mark.django_db


def address(image: Image) -> str:
    return f"/media/r/{image.rendition_name}/320.jpg"


@pytest.fixture
def no_time(monkeypatch):
    """The child gets less time than Python needs to start."""
    monkeypatch.setattr(rendering, "_PATIENCE", 0.01)


def is_asked_for(client, image: Image) -> int:
    response = client.get(address(image))
    if response.status_code == 503:
        assert response["Cache-Control"] == "no-store"
        assert int(response["Retry-After"]) > 0
    return response.status_code


def test_a_maker_that_hangs_is_ended_and_the_next_try_may_succeed(client, no_time, monkeypatch):
    image = make_image()

    assert is_asked_for(client, image) == 503
    monkeypatch.undo()
    assert is_asked_for(client, image) == 200


def test_the_task_fails_and_says_why(no_time):
    image = make_image()

    with pytest.raises(NotMade, match="no end after"):
        make_renditions.func(image.pk)

    assert not Path(storages["renditions"].path(image.rendition_name)).exists()


def test_a_child_that_wants_too_much_memory_is_no_fault_of_the_picture(client, monkeypatch):
    image = make_image(size=(3000, 2000))
    monkeypatch.setattr(rendering, "CHILD_BYTES", 64 * 1024 * 1024)

    assert is_asked_for(client, image) == 503
    monkeypatch.undo()
    assert is_asked_for(client, image) == 200


def test_a_child_that_takes_too_long_is_ended(monkeypatch):
    image = make_image(size=(5000, 4000))
    monkeypatch.setattr(rendering, "CHILD_SECONDS", 1)

    with pytest.raises(NotMade, match="the child ended with -"):
        making.make(image)


def test_a_full_disk_leaves_no_half_file(client, monkeypatch):
    image = make_image()

    def is_full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", is_full)
    assert is_asked_for(client, image) == 503
    monkeypatch.undo()

    folder = Path(storages["renditions"].path(image.rendition_name))
    assert list(folder.iterdir()) == []
    assert is_asked_for(client, image) == 200


def test_makers_leave_nothing_behind(client, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    image = make_image()

    making.make(image, [Step(320, "jpg")])

    assert list(tmp_path.iterdir()) == []
