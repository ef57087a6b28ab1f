"""The desk's own pages stand before the Nu checker."""

import pytest
from django.utils import timezone

from articles.desk import revisions, workflow
from tests.articles.desk.forms import read_form
from tests.cast import (
    ed,
    lisa,
    make_article,
    make_image,
    make_publication,
    make_story,
    make_topic,
)
from tests.machines import nu_errors

pytestmark = pytest.mark.django_db


def test_the_pages_of_the_desk_are_valid_html(client):
    make_publication()
    client.force_login(ed())
    story = make_story(
        takeaways=[("A", "a")],
        sources=[{"title": "Log", "url": "https://example.com/"}],
        topics=[make_topic()],
        lead_image=make_image(),
    )
    change = f"/admin/articles/article/{story.article_id}"
    addresses = [
        "/admin/",
        "/admin/articles/article/",
        "/admin/articles/article/?q=ships&state=live",
        "/admin/articles/article/add/",
        "/admin/calendar/",
        "/admin/notices/",
        f"{change}/change/",
        f"{change}/revisions/",
        f"{change}/revisions/1/",
        f"{change}/unpublish/",
        f"{change}/preview/?as=subscriber",
        f"{change}/due/",
        f"{change}/copy/",
        f"{change}/bin/",
        f"{change}/unbin/",
        f"/admin/articles/author/{lisa().pk}/change/",
        f"/admin/articles/author/{lisa().pk}/delete/",
        "/admin/articles/publication/1/change/",
        "/admin/articles/topic/add/",
        "/admin/articles/plainpage/add/",
    ]
    pages = {address: client.get(address, follow=True).content.decode() for address in addresses}
    draft = make_article(due_at=timezone.now(), lead_image=make_image(credit=""))
    revisions.keep(draft, editor=ed())
    workflow.submit(draft, by=ed(), note="Is one source enough?")
    for name, address in (("a start page", "/admin/"), ("a calendar", "/admin/calendar/")):
        pages[name] = client.get(address).content.decode()
    twice = {"due_at": "2030-11-03T01:30"}
    due = f"/admin/articles/article/{draft.pk}/due/"
    pages["a question about the time"] = client.post(due, twice).content.decode()
    assert "comes twice" in pages["a question about the time"]
    url = f"/admin/articles/article/{draft.pk}/change/"
    form = read_form(client.get(url).content.decode(), "article_form")
    refused = client.post(url, form | {"headline": "x" * 300})
    pages["a refused save"] = refused.content.decode()
    pages["a story in review"] = client.get(url).content.decode()
    conflict = client.post(url, form | {"base": "9", "headline": "Mine"})
    assert conflict.status_code == 409
    pages["a conflict"] = conflict.content.decode()

    assert nu_errors(pages) == []
