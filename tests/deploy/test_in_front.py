"""The samples for nginx and Varnish, started before a real server: what they keep, and how soon it
ends; and that nothing of a single reader is ever in them."""

import os
import signal
import statistics
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from django.core.files.storage import storages

from articles import publishing
from articles.desk import sharing
from tests import cast
from tests.articles.publishing.acts import edit
from tests.conftest import DATA
from tests.deploy import standing
from tests.live import LiveSite
from tests.ports import free_port

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

SECRET = "Only subscribers read of the nine grey lighters."
BODY = f'{cast.PARAGRAPH * 2}<hr data-cut="">{cast.PARAGRAPH * 2}<p>{SECRET}</p>'
SHOWS_WITHIN = 5.0
"""Seconds, on a busy machine; Varnish would keep a list for a minute."""
ROUNDS = 5
LACKING = {
    "nginx": "" if standing.HAS_NGINX else "nginx or its module that purges is not installed",
    "varnish": "" if standing.VARNISH else "Varnish is not installed",
}


@dataclass
class Front:
    """A cache in front. ``told``: where it is told what is over, as PURGE_URLS has it."""

    name: str
    url: str
    told: str
    site: LiveSite
    log: Path | None = None
    """Of who asked for what, where one is kept."""

    @property
    def purging(self) -> str:
        return self.told.partition("+")[2]

    def client(self, address: str = "127.0.0.1") -> httpx.Client:
        """A browser of its own."""
        # Varnish stands behind one that speaks TLS, and so sends these.
        before = {"X-Forwarded-Proto": "https", "Host": "localhost"}
        headers = before if self.name == "varnish" else {}
        transport = httpx.HTTPTransport(verify=False, local_address=address)
        return httpx.Client(base_url=self.url, headers=headers, transport=transport, timeout=30)

    def get(self, path: str, **headers: str) -> httpx.Response:
        with self.client() as client:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return client.get(path, headers=named)

    def until_held(self, path: str) -> httpx.Response:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            answer = self.get(path)
            if answer.headers.get("X-Cache") == "HIT":
                return answer
        pytest.fail(f"{path} is not held: {answer.status_code} {answer.headers}")

    def until(self, path: str, words: str) -> None:
        end = time.monotonic() + SHOWS_WITHIN
        while words not in self.get(path).text:
            assert time.monotonic() < end, f"{words!r} is not on {path}"


@pytest.fixture(scope="module")
def fronts(_live_site: LiveSite, tmp_path_factory) -> Iterator[dict[str, Front]]:
    ports = {name: free_port() for name in ("nginx", "purges", "varnish")}
    told = {
        "nginx": f"purge+http://127.0.0.1:{ports['purges']}",
        "varnish": f"ban+http://127.0.0.1:{ports['varnish']}",
    }
    url = {
        "nginx": f"https://localhost:{ports['nginx']}",
        "varnish": f"http://localhost:{ports['varnish']}",
    }
    _live_site.restart(
        processes=2,
        EDGE="1",
        TRUSTED_PROXY_COUNT="1",
        SITE_URL=url["nginx"],
        PURGE_URLS=",".join(told.values()),
    )
    yield {name: Front(name, url[name], told[name], _live_site) for name in told}
    _live_site.stop()


@pytest.fixture(scope="module", params=["nginx", "varnish"])
def _front(request, fronts, tmp_path_factory) -> Iterator[Front]:
    if LACKING[request.param]:
        pytest.skip(LACKING[request.param])
    front = fronts[request.param]
    folder = tmp_path_factory.mktemp(front.name)
    port = httpx.URL(front.url).port
    assert port is not None
    if front.name == "varnish":
        with standing.varnish(folder, site=front.site.port, port=port):
            yield front
        return
    with nginx_before(front, folder):
        yield replace(front, log=folder / "newsroom.log")


def nginx_before(front: Front, folder: Path) -> AbstractContextManager[int]:
    """nginx running as ``front`` says, with its files in ``folder``."""
    return standing.nginx(
        folder,
        site=front.site.port,
        data=DATA,
        renditions=storages["renditions"].path(""),
        port=httpx.URL(front.url).port or 0,
        purges=httpx.URL(front.purging).port or 0,
    )


@pytest.fixture
def front(transactional_db, _front, live_site, settings) -> Front:
    settings.PURGE_URLS = [_front.told]
    settings.SITE_URL = _front.url
    if _front.name == "varnish":
        # What the test before left behind.
        httpx.request("BAN", _front.purging, headers={"Surrogate-Key": "site"})
    return _front


def signed_in(front: Front, user) -> httpx.Client:
    client = front.client()
    page = client.get("/account/sign-in/")
    token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    form = {"login": user.email, "password": cast.PASSWORD, "csrfmiddlewaretoken": token}
    # Secure cookies go back by http only because we say so.
    cookies = {cookie.name: cookie.value or "" for cookie in client.cookies.jar}
    origin = {"Origin": "https://localhost", "Referer": "https://localhost/"}
    answer = client.post("/account/sign-in/", data=form, headers=origin | _sent(cookies))
    assert answer.status_code == 302, answer.text
    cookies |= {cookie.name: cookie.value or "" for cookie in client.cookies.jar}
    client.headers.update(_sent(cookies))
    return client


def _sent(cookies: dict[str, str]) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}


# --- What is kept -------------------------------------------------------------------------------


def test_what_all_share_is_kept_for_every_way_to_ask_and_caches_beyond_must_ask(front):
    story = cast.make_story()
    held = front.until_held(story.path)
    assert held.headers["Cache-Control"] == "public, max-age=0, s-maxage=0, must-revalidate"
    assert not {"Surrogate-Key", "Set-Cookie", "X-Accel-Expires"} & set(held.headers)
    for encoding in ("gzip", "br", "identity"):
        answer = front.get(story.path, Accept_Encoding=encoding)
        assert answer.text == held.text
        assert answer.headers.get("Content-Encoding", "identity") in (encoding, "identity")
    assert front.get(story.path, If_None_Match=held.headers["ETag"]).status_code == 304
    assert front.get(story.path, Cookie="_ga=1; csrf=x").text == held.text
    with front.client() as client:
        assert client.head(story.path).status_code == 200
        assert client.get(story.path, headers={"Range": "bytes=0-9"}).status_code in (200, 206)


def test_what_is_not_for_all_is_never_kept(front):
    story = cast.make_story()
    _, key = sharing.share(cast.make_article(), by=cast.ed(), label="Ann", days=1)
    for path in ("/account/sign-in/", "/nothing-here/", "/search/?q=x", f"/preview/{key}/"):
        answers = [front.get(path) for _ in range(3)]
        assert {answer.headers.get("X-Cache") for answer in answers} <= {"MISS", "BYPASS", None}
        assert {answer.status_code for answer in answers} <= {200, 404}, path
    for cookie in ("__Host-session=abc", "__Host-openings=x", "__Host-token=y"):
        front.until_held(story.path)
        assert front.get(story.path, Cookie=cookie).headers["X-Cache"] != "HIT"


# Varnish keeps no log by itself.
@pytest.mark.parametrize("_front", ["nginx"], indirect=True)
def test_addresses_with_keys_stand_in_no_log(front):
    assert front.log is not None
    _, key = sharing.share(cast.make_article(), by=cast.ed(), label="Ann", days=1)
    assert front.get(f"/preview/{key}/").status_code == 200
    for path in (f"/account/{key}/", f"/%61ccount/{key}/", f"/logged/{key}x/"):
        assert front.get(path).status_code == 404
    logged = until_logged(front.log, f"/logged/{key}x/")
    assert f"{key}/" not in logged


def until_logged(log: Path, words: str) -> str:
    end = time.monotonic() + SHOWS_WITHIN
    while words not in (said := log.read_text()):
        assert time.monotonic() < end, f"{words!r} is not in {log}"
        time.sleep(0.1)
    return said


def test_premium_text_goes_to_the_subscriber_and_stays_in_no_cache(front):
    premium = cast.make_story(access="premium", body=BODY)
    with closing(signed_in(front, cast.sam())) as sam:
        for _ in range(3):
            page = sam.get(premium.path)
            assert SECRET in page.text
            assert page.headers["Cache-Control"] == "private, no-store"
            assert SECRET not in front.get(premium.path).text
        front.until_held(premium.path)
        assert SECRET in sam.get(premium.path).text
    assert SECRET not in front.get(premium.path).text


# --- How it ends --------------------------------------------------------------------------------


def test_what_is_published_and_taken_back_shows_here_at_once(front):
    story = cast.make_story(headline="Ships wait")
    took = []
    for number in range(ROUNDS):
        front.until_held(story.path)
        front.until_held("/")
        publishing.publish(edit(story.article, headline=f"Number {number}"), editor=cast.ed())
        committed = time.monotonic()
        front.until(story.path, f"Number {number}")
        took.append(time.monotonic() - committed)
        front.until("/", f"Number {number}")
    front.until_held(story.path)
    publishing.retract(story.article, editor=cast.ed(), text="It was not so.")
    committed = time.monotonic()
    front.until(story.path, "It was not so.")
    took.append(time.monotonic() - committed)
    assert {front.get(story.path).status_code for _ in range(20)} == {410}
    front.until("/latest/", "<main")
    assert f"Number {ROUNDS - 1}" not in front.get("/").text
    print(f"{front.name}: {statistics.median(took):.3f} s, at most {max(took):.3f} s")  # noqa: T201


def test_what_is_taken_down_in_the_first_minute_of_nginx_stays_so(
    fronts, live_site, transactional_db, settings, tmp_path
):
    if LACKING["nginx"]:
        pytest.skip(LACKING["nginx"])
    story = cast.make_story()
    told = f"purge+http://127.0.0.1:{free_port()}"
    front = replace(fronts["nginx"], url=f"https://localhost:{free_port()}", told=told)
    settings.PURGE_URLS = [told]
    with nginx_before(front, tmp_path):
        front.until_held(story.path)
    # Now it finds on the disk what an earlier run has left.
    with nginx_before(front, tmp_path):
        for _ in range(20):
            front.until_held(story.path)
        publishing.retract(story.article, editor=cast.ed(), text="It was not so.")
        front.until(story.path, "It was not so.")
        assert {front.get(story.path).status_code for _ in range(60)} == {410}


def test_only_newsroom_may_say_what_is_over(front):
    story = cast.make_story()
    method = {"nginx": "PURGE", "varnish": "BAN"}[front.name]
    keys = {"Surrogate-Key": "site", "Host": "localhost"}
    transport = httpx.HTTPTransport(local_address="127.0.0.2")
    with httpx.Client(transport=transport) as stranger:
        answer = stranger.request(method, f"{front.purging}{story.path}", headers=keys)
        assert answer.status_code == 403
    front.until_held(story.path)
    with front.client() as client:
        # At the readers' door.
        assert client.request("PURGE", story.path).status_code in (403, 405)


def test_a_server_that_is_down_brings_nothing_back(front):
    story = cast.make_story()
    front.until_held(story.path)
    for process in front.site.processes():
        os.kill(process, signal.SIGSTOP)
    try:
        publishing.retract(story.article, editor=cast.ed(), text="It was not so.")
        time.sleep(1)
        with front.client() as client, pytest.raises(httpx.TimeoutException):
            client.get(story.path, timeout=1)
    finally:
        for process in front.site.processes():
            os.kill(process, signal.SIGCONT)
    front.until(story.path, "It was not so.")
