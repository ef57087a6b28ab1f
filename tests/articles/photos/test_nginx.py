"""The sample configuration before a real nginx: files from the disk, everything else from us."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.core.files.storage import storages
from django.utils import timezone

from articles.desk import picture_acts
from articles.models import Image
from articles.photos import blocking, making
from tests.cast import ed, make_image, make_story
from tests.conftest import DATA
from tests.deploy import standing
from tests.live import LiveSite
from tests.ports import free_port

pytestmark = [
    pytest.mark.race,
    pytest.mark.skipif(not standing.HAS_NGINX, reason="nginx, with its purges, is not installed"),
]


@pytest.fixture
def nginx(live_site: LiveSite, tmp_path: Path) -> Iterator[httpx.Client]:
    """The sample as an operator would adapt it, before the live site."""
    port = free_port()
    with (
        standing.nginx(
            tmp_path,
            site=live_site.port,
            data=DATA,
            renditions=storages["renditions"].path(""),
            port=port,
            purges=free_port(),
        ),
        httpx.Client(base_url=f"https://localhost:{port}", verify=False) as client,  # noqa: S501
    ):
        yield client


def address(image: Image, file: str = "320.jpg") -> str:
    return f"/media/r/{image.rendition_name}/{file}"


def is_from_disk(answer: httpx.Response) -> bool:
    """Files of nginx have a time of change; answers of ours have a request id."""
    return "Last-Modified" in answer.headers and "X-Request-ID" not in answer.headers


def test_files_come_from_the_disk_and_a_missing_one_from_us_once(nginx):
    image = make_image()

    made, stored = nginx.get(address(image)), nginx.get(address(image))

    assert made.status_code == stored.status_code == 200
    assert (is_from_disk(made), is_from_disk(stored)) == (False, True)
    assert made.content == stored.content
    assert stored.headers["Content-Type"] == "image/jpeg"
    assert stored.headers["X-Content-Type-Options"] == "nosniff"
    assert stored.headers["Cache-Control"] == "public, no-cache"
    again = nginx.get(address(image), headers={"If-None-Match": stored.headers["ETag"]})
    assert again.status_code == 304


def test_after_the_end_the_page_is_without_it_at_once_and_the_file_once_the_worker_is_back(nginx):
    image = make_image()
    making.make(image)
    story = make_story(lead_image=image)
    Image.objects.filter(pk=image.pk).update(licence_ends=timezone.now())

    assert image.rendition_name not in nginx.get(story.path).text
    assert nginx.get(address(image)).status_code == 200

    picture_acts.see_to_rights()
    gone = nginx.get(address(image))
    assert (gone.status_code, gone.headers["Cache-Control"]) == (410, "no-store")


def test_a_block_removes_the_file_with_no_worker_at_all(nginx):
    image = make_image()
    making.make(image)
    assert is_from_disk(nginx.get(address(image)))

    blocking.block(image, by=ed(), reason="A claim")

    assert nginx.get(address(image)).status_code == 410
    blocking.unblock(image, by=ed())
    assert nginx.get(address(image)).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/media/r/{name}/321.jpg",
        "/media/r/{name}/",
        "/media/r/../originals/{original}",
        "/media/r/%2e%2e/originals/{original}",
        "/media/{original}",
    ],
)
def test_nothing_else_of_the_disk_is_served(nginx, path):
    image = make_image()
    making.make(image)
    path = path.format(name=image.rendition_name, original=image.file.name)

    assert nginx.get(path).status_code in (400, 404)


def test_files_of_the_design_come_from_the_disk_and_those_with_a_mark_for_good(nginx):
    for name, kept in (("a.css", "max-age=60"), ("a.0123456789ab.css", "immutable")):
        (DATA / "static" / name).write_text("body { color: red }")
        answer = nginx.get(f"/static/{name}")
        assert is_from_disk(answer)
        assert kept in answer.headers["Cache-Control"]
        assert answer.headers["Content-Type"] == "text/css"
        (DATA / "static" / name).unlink()
    assert nginx.get("/static/a.css").status_code == 404
