"""What stands above every answer: policies, ids, cookies, and what is refused before a view."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.cast import PASSWORD, ed, make_story

ROOT = Path(__file__).resolve().parents[2]

KINDS = ("/", "/no-such-page/", "/admin/", "/account/sign-in/", "/latest/", "/search/?q=harbour")


def directives(answer) -> dict[str, list[str]]:
    parts = [part.split() for part in answer.headers["Content-Security-Policy"].split(";")]
    return {name: values for name, *values in parts}


def assert_strict(answer) -> None:
    """Every header that standards.md asks of an HTML answer, and none that weakens it."""
    policy = directives(answer)
    assert policy["default-src"] == ["'self'"]
    assert policy["object-src"] == ["'none'"]
    assert policy["base-uri"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert policy["frame-ancestors"] == ["'none'"]
    for name in ("script-src", "style-src"):
        loose = {"'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "*", "https:", "http:"}
        assert not loose & set(policy[name])
        assert not any("*" in value or value.endswith("data:") for value in policy[name])
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] in {"strict-origin-when-cross-origin", "no-referrer"}
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert len(answer.headers["X-Request-ID"]) >= 8


@pytest.mark.django_db
@pytest.mark.parametrize("path", KINDS)
def test_every_kind_of_page_has_the_strict_headers(client, path):
    assert_strict(client.get(path))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/", "/admin/articles/article/add/"])
def test_the_desk_has_them_too_and_is_never_stored(client, path):
    client.force_login(ed())
    answer = client.get(path)
    assert answer.status_code == 200
    assert_strict(answer)
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_a_page_that_fails_has_them_too_and_shows_no_internals(client, monkeypatch):
    client.raise_request_exception = False

    def fail(*args, **kwargs):
        raise RuntimeError("the recipe of the house")

    monkeypatch.setattr("newsroom.masthead.frame_of", fail)
    answer = client.get("/")
    assert answer.status_code == 500
    assert_strict(answer)
    assert b"recipe" not in answer.content
    assert b"Traceback" not in answer.content


def test_a_foreign_host_is_refused_with_them(client):
    answer = client.get("/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "elsewhere" not in answer.content.decode()


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "BREW"])
def test_methods_nobody_needs_are_refused(client, method):
    answer = client.generic(method, "/")
    assert answer.status_code == 405
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["/", "story", "/latest/", "/search/?q=wind", "/feeds/rss/"])
def test_pages_for_everybody_set_no_cookie_and_carry_no_nonce(client, kind):
    path = make_story().get_absolute_url() if kind == "story" else kind
    answer = client.get(path)
    assert answer.status_code == 200
    assert not answer.cookies
    assert "nonce" not in answer.headers["Content-Security-Policy"]
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.django_db
def test_a_client_cannot_choose_the_id_of_its_request(client):
    answer = client.get("/healthz", headers={"x-request-id": "chosen-by-me"})
    assert answer.headers["X-Request-ID"] != "chosen-by-me"


def test_behind_a_proxy_of_ours_the_id_is_the_proxys_if_it_looks_like_one(client, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    given = client.get("/healthz", headers={"x-request-id": "proxy-0123456789"})
    assert given.headers["X-Request-ID"] == "proxy-0123456789"
    forged = client.get("/healthz", headers={"x-request-id": 'a" onload="x'})
    assert "onload" not in forged.headers["X-Request-ID"]


@pytest.mark.django_db
def test_each_request_is_one_line_in_the_log_with_its_id_and_without_its_address(client, caplog):
    with caplog.at_level(logging.INFO, logger="newsroom.requests"):
        client.get("/no-such-section/?key=secret")
    (record,) = [r for r in caplog.records if r.name == "newsroom.requests"]
    assert (record.method, record.status) == ("GET", 404)
    assert record.ms > 0
    assert "secret" not in json.dumps(record.__dict__, default=str)


def test_the_log_is_json_with_the_id_of_the_request_and_safe_against_newlines(tmp_path):
    # In a process of its own: the tests' own log stays as pytest wants it.
    script = (
        "import django; django.setup()\n"
        "import logging\n"
        "from django.test import Client\n"
        "answer = Client().get('/healthz')\n"
        "print(answer.headers['X-Request-ID'])\n"
        "logging.getLogger('newsroom').error('two\\nlines %s', '\\u2028x')\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "NEWSROOM_MODE": "test",
            "NEWSROOM_DATA": str(tmp_path),
            "ALLOWED_HOSTS": "testserver",
            "LOG_JSON": "yes",
            "LOG_LEVEL": "INFO",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [json.loads(line) for line in result.stderr.splitlines() if line.startswith("{")]
    request = next(line for line in lines if line["event"] == "request")
    assert request["request_id"] == result.stdout.strip()
    assert (request["route"], request["status"]) == ("healthz", 200)
    assert next(line for line in lines if line["event"].startswith("two"))["level"] == "error"


# --- Real servers ---


PRODUCTION = {
    "NEWSROOM_MODE": "production",
    "SECRET_KEY": "a newsroom keeps its sources, and its keys, to itself: 0123456789",
    "PROOF_KEY": "what was printed stays printed, whoever holds the ledger: 0123456789",
    "SUPPRESSION_KEY": "who left is left alone, and nobody can say who that was: 0123456789",
    "SITE_URL": "https://news.example",
    "DEFAULT_FROM_EMAIL": "desk@news.example",
    "TRUSTED_PROXY_COUNT": "1",
}


@pytest.fixture(scope="module")
def collected(_live_site):
    """Static files with the names production gives them."""
    _live_site.manage("collectstatic", "--no-input", **PRODUCTION)


@pytest.fixture
def production(live_site, collected):
    """The settings of production, on a server process of its own, spoken to as by a proxy."""
    live_site.restart(**PRODUCTION)
    with httpx.Client(base_url=f"http://127.0.0.1:{live_site.port}", timeout=30) as client:
        yield client
    live_site.stop()


@pytest.mark.race
def test_production_speaks_https_only_and_says_so_for_a_year(production):
    plain = production.get("/", headers={"Host": "news.example"})
    assert plain.status_code == 301
    assert plain.headers["Location"] == "https://news.example/"
    assert production.get("/healthz", headers={"Host": "news.example"}).status_code == 200

    secure = {"Host": "news.example", "X-Forwarded-Proto": "https"}
    for path in ("/", "/no-such-page/", "/account/sign-in/"):
        answer = production.get(path, headers=secure)
        assert answer.status_code in {200, 404}
        assert_strict(answer)
        hsts = answer.headers["Strict-Transport-Security"]
        assert "max-age=31536000" in hsts
        assert "includeSubDomains" in hsts

    assert production.get("/", headers=secure | {"Host": "127.0.0.1"}).status_code == 400
    traced = production.request("TRACE", "/", headers=secure | {"Cookie": "session=mine"})
    assert traced.status_code in {400, 405}
    assert "mine" not in traced.text


@pytest.mark.race
def test_production_cookies_are_bound_to_host_and_https(production):
    secure = {"Host": "news.example", "X-Forwarded-Proto": "https"}
    ed()
    page = production.get("/account/sign-in/", headers=secure)
    token = page.text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    # By hand: a client with a jar would keep a Secure cookie from plain loopback.
    cookies = "; ".join(c.partition(";")[0] for c in page.headers.get_list("set-cookie"))
    answer = production.post(
        "/account/sign-in/",
        data={"login": "ed@example.com", "password": PASSWORD, "csrfmiddlewaretoken": token},
        headers=secure | {"Cookie": cookies, "Referer": "https://news.example/account/sign-in/"},
    )
    assert answer.status_code == 302, answer.text[:500]
    given = page.headers.get_list("set-cookie") + answer.headers.get_list("set-cookie")
    names = {cookie.partition("=")[0] for cookie in given}
    assert {"__Host-csrf", "__Host-session"} <= names
    for cookie in given:
        assert cookie.startswith("__Host-")
        attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= attributes
        assert not any(part.startswith("domain") for part in attributes)
