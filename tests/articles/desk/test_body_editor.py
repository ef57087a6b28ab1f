"""The form field of a story's body, as it is without JavaScript."""

import json
import re

import pytest
from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.staticfiles import finders
from django.test import Client

from articles.desk.body_editor import BodyEditor, BodyField
from articles.models import PlainPage
from tests import cast


class BodyForm(forms.Form):
    body = BodyField()


def test_what_is_posted_is_sanitised_before_anything_else_sees_it() -> None:
    form = BodyForm({"body": "<p onclick=x>One<script>bad()</script></p>two"})
    assert form.is_valid()
    assert form.cleaned_data["body"] == "<p>One</p><p>two</p>"


@pytest.mark.parametrize("nothing", ["", "<p></p>", "<p><br></p>", "<script>x</script>", "&nbsp;"])
def test_a_body_without_words_and_pictures_is_missing(nothing: str) -> None:
    assert "body" in BodyForm({"body": nothing}).errors


def test_a_body_of_one_picture_is_a_body() -> None:
    assert BodyForm({"body": '<figure data-image="3"></figure>'}).is_valid()


def test_the_field_is_a_plain_textarea_that_says_where_the_pictures_are() -> None:
    html = str(BodyForm(initial={"body": "<p>A &amp; B</p>"}))
    assert "&lt;p&gt;A &amp;amp; B&lt;/p&gt;</textarea>" in html
    assert 'data-body-editor="/admin/articles/image/picker/"' in html
    # A browser could not point at it once the editor has hidden it.
    assert " required" not in html


def test_a_body_keeps_its_editor_when_the_admin_offers_its_textarea() -> None:
    assert isinstance(BodyField(widget=AdminTextareaWidget()).widget, BodyEditor)


@pytest.mark.django_db
def test_a_plain_page_keeps_only_what_a_body_may_hold(client: Client) -> None:
    client.force_login(cast.ed())
    form = client.get("/admin/articles/plainpage/add/").content.decode()
    assert 'data-body-editor=""' in form  # no library: no pictures, no marker
    page = {"title": "Terms", "slug": "terms", "position": "1", "body": "<p onclick=x>Fair<script>"}
    assert client.post("/admin/articles/plainpage/add/", page).status_code == 302
    assert PlainPage.objects.get().body == "<p>Fair</p>"


def test_a_body_that_was_not_touched_has_not_changed() -> None:
    body = '<p>A</p><hr data-cut=""><p>B</p>'
    assert not BodyForm({"body": body}, initial={"body": body}).has_changed()


def test_each_module_that_a_module_imports_is_in_the_import_map() -> None:
    html = str(BodyForm().media)
    assert html.count("importmap") == 1
    named = re.search(r'"imports": (\{[^}]*\})', html)
    assert named
    known = json.loads(named[1])
    desk = settings.BASE_DIR / "static" / "desk"
    modules = [desk / "dom.js", desk / "picker.js", *(desk / "editor").glob("*.js")]
    wanted = {name for path in modules for name in re.findall(r' from "([^"]+)"', path.read_text())}
    assert wanted <= known.keys()
    assert all(finders.find(address.removeprefix("/static/")) for address in known.values())
