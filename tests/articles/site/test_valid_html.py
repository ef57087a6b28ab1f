"""Every kind of reader's page is valid HTML, has one h1 and skips no level."""

import itertools
import re

import pytest
from django.template.loader import get_template

from articles.models import Correction
from tests import cast
from tests.accounts.doors import signed_in
from tests.articles.site.whole_paper import print_it
from tests.machines import nu_errors

pytestmark = pytest.mark.django_db


def test_the_nu_checker_finds_no_error(client):
    pages = {name: client.get(path).content.decode() for name, path in print_it().items()}
    pages |= {"not found": client.get("/nothing/").content.decode()}
    pages |= {name: get_template(f"{name}.html").render() for name in ("400", "403", "500", "503")}
    subscriber = signed_in(cast.sam())
    story = next(path for name, path in print_paths(pages) if name == "premium story")
    Correction.objects.all().delete()
    pages["no corrections"] = client.get("/corrections/").content.decode()
    pages["premium story for a subscriber"] = subscriber.get(story).content.decode()
    assert nu_errors(pages) == []


def print_paths(pages):
    for name, html in pages.items():
        found = re.search(r'<link rel="canonical" href="https?://[^/]+([^"]*)"', html)
        if found:
            yield name, found[1]


def test_every_page_has_one_h1_and_skips_no_level(client):
    for name, path in print_it().items():
        html = client.get(path).content.decode()
        levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", html)]
        assert levels.count(1) == 1, name
        main = [int(level) for level in re.findall(r"<h([1-6])[ >]", html[html.index("<main") :])]
        for before, after in itertools.pairwise(main):
            assert after <= before + 1, (name, levels)


def test_no_page_holds_inline_script_style_or_handler(client):
    for name, path in print_it().items():
        html = client.get(path).content.decode()
        assert not re.search(r"<[^>]+\s(style|on\w+)=", html), name
        assert "<style" not in html, name
        for script in re.findall(r"<script[^>]*>", html):
            assert "src=" in script or "application/ld+json" in script, name


def test_an_article_is_small(client):
    path = print_it()["story"]
    assert len(client.get(path).content) < 100_000


def test_no_link_of_a_page_is_broken(client):
    seen = set()
    for path in print_it().values():
        html = client.get(path).content.decode()
        seen |= {link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]*)"', html)}
    assert len(seen) > 30
    for link in seen:
        if not link.startswith(("/static/", "/media/")):
            assert client.get(link).status_code in {200, 302, 410}, link
