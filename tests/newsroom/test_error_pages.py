"""The pages for errors: readable, private, and without what has failed."""

import pytest
from django.db import OperationalError
from django.template.loader import get_template
from django.test import Client

from articles.site import frame
from tests import cast

ODD = [
    "/%00/",
    "/world/%00",
    "/" + "x" * 3000 + "/",
    "/2025/01/24/" + "x" * 3000 + "/",
    "/%FF%FE/",
    "/authors/%F0%9F%9A%A2/",
    "/2025/13/45/story/",
    "/0000/00/00/x/",
    "/../../etc/passwd",
    "/search/?q=%FF%FE",
    "/search/?q=" + "x" * 3000,
    "/?page=-1",
    "/latest/?before=" + "9" * 3000,
    "/media/r/%00/1.jpg",
    "/sitemaps/stories-99999999999999999999.xml",
    "/sitemaps/news-99999999999999999999.xml",
    "/topics/x/feeds/rss/?x=%00",
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ODD)
def test_an_odd_address_is_never_our_fault(path):
    cast.make_story()
    answer = Client(raise_request_exception=False).get(path)
    assert answer.status_code in {200, 301, 400, 404}, answer.status_code


@pytest.mark.django_db
def test_a_missing_page_helps_on(client):
    cast.make_publication(name="The Testing Post")
    answer = client.get("/nothing-here/")
    html = answer.content.decode()
    assert answer.status_code == 404
    assert "We cannot find that page" in html
    assert "The Testing Post" in html
    assert 'href="/search/"' in html
    assert 'content="noindex"' in html
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_a_fault_of_ours_shows_no_internals(monkeypatch):
    def broken():
        raise RuntimeError("the secret reason")

    monkeypatch.setattr(frame, "read", broken)
    answer = Client(raise_request_exception=False).get("/")
    html = answer.content.decode()
    assert answer.status_code == 500
    assert "Something broke on our side" in html
    assert "secret" not in html
    assert answer["Cache-Control"] == "private, no-store"
    assert "default-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.django_db
def test_without_a_database_the_site_says_that_it_will_be_back(monkeypatch):
    def gone():
        raise OperationalError("connection refused to 10.0.0.1")

    monkeypatch.setattr(frame, "read", gone)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 503
    assert "We will be back shortly" in answer.content.decode()
    assert "10.0.0.1" not in answer.content.decode()
    assert int(answer["Retry-After"]) > 0


@pytest.mark.parametrize("name", ["400", "403", "500", "503"])
def test_an_error_page_needs_no_context_no_database_and_no_tag(name):
    template = get_template(f"{name}.html")
    source = template.template.source
    assert "{%" not in source
    assert "{{" not in source
    assert "<h1>" in template.render()


@pytest.mark.django_db
def test_the_site_reads_on_when_the_cache_does_not_answer(client, monkeypatch):
    from newsroom import weather

    def broken(*_):
        raise ConnectionError("no cache")

    monkeypatch.setattr(weather, "current", broken)
    assert client.get("/").status_code == 200


@pytest.mark.django_db
def test_a_form_without_its_token_changes_nothing_and_says_what_to_do():
    answer = Client(enforce_csrf_checks=True).post("/account/sign-in/", {"login": "x"})
    assert answer.status_code == 403
    assert "This form was too old" in answer.content.decode()
