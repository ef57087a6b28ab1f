"""The sample configuration before a real nginx: files from the disk, everything else from us."""

import os
import shutil
import subprocess
import time
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
from tests.live import ROOT, LiveSite
from tests.ports import free_port

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
STARTS_WITHIN = 20.0
# Started by root, it would serve as somebody else, who may not read the files of this test.
USER = "user root;" if os.geteuid() == 0 else ""

pytestmark = [
    pytest.mark.race,
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed"),
]

AROUND = """
{user}
daemon off;
pid {folder}/pid;
error_log {folder}/errors.log;
worker_processes 1;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@pytest.fixture
def nginx(live_site: LiveSite, tmp_path: Path) -> Iterator[httpx.Client]:
    """The sample as an operator would adapt it, before the live site."""
    port = free_port()
    sample = (ROOT / "deploy" / "nginx.conf").read_text()
    for written, ours in (
        ("127.0.0.1:8000", f"127.0.0.1:{live_site.port}"),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("server_name news.example;", "server_name localhost;"),
        ("/srv/newsroom/var/renditions", storages["renditions"].path("")),
        ("Host $host;", f"Host localhost:{live_site.port};"),
    ):
        assert written in sample
        sample = sample.replace(written, ours)
    (tmp_path / "site.conf").write_text(sample)
    (tmp_path / "nginx.conf").write_text(AROUND.format(folder=tmp_path, user=USER))
    command = [str(NGINX), "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "errors.log")]
    server = subprocess.Popen(command)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            wait_for(client, tmp_path / "errors.log")
            yield client
    finally:
        server.terminate()
        server.wait(10)


def wait_for(client: httpx.Client, log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        try:
            if client.get("/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"nginx did not answer: {log.read_text()}")


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
