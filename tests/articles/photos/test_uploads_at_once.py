"""Heavy uploads at real server processes, while readers read and the desk writes."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from articles.models import Image
from tests.articles.desk.forms import read_form
from tests.articles.desk.test_races import signed_in
from tests.articles.photos.hostile.jpegs import thousands_of_scans
from tests.cast import make_image, make_story, staff
from tests.live import LiveSite

pytestmark = pytest.mark.race

ADD = "/admin/articles/image/add/"
# A page takes some milliseconds, on a busy machine a second or two; a locked database would take
# until the uploads are refused.
SOON = 7


def test_two_uploads_that_take_their_time_hold_up_neither_readers_nor_the_desk(
    live_site: LiveSite,
) -> None:
    address = make_story().get_absolute_url()
    desk = [signed_in(live_site, staff("Photo desk").email) for _ in range(2)]
    data = thousands_of_scans()

    def post(who: int) -> str:
        form = read_form(desk[who].get(ADD).text, "image_form")
        form |= {"csrfmiddlewaretoken": desk[who].cookies["csrf"]}
        headers = {"Referer": f"{live_site.url}{ADD}"}
        files = {"file": ("picture.jpg", data, "image/jpeg")}
        return desk[who].post(ADD, data=form, files=files, headers=headers).text

    took: list[float] = []
    with ThreadPoolExecutor(2) as both, live_site.client() as reader:
        posted = [both.submit(post, who) for who in range(2)]
        while not all(each.done() for each in posted):
            began = time.monotonic()
            assert reader.get(address).status_code == 200
            make_image(caption="Written meanwhile")
            took.append(time.monotonic() - began)
            time.sleep(0.1)

    for each, client in zip(posted, desk, strict=True):
        assert "takes too long to read" in each.result()
        client.close()
    assert len(took) > 2
    assert max(took) < SOON
    assert not Image.objects.exclude(caption="Written meanwhile").exists()
