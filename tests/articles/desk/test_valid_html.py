"""The desk's own pages stand before the Nu checker."""

import pytest

from tests.articles.desk.forms import read_form
from tests.cast import ed, lisa, make_article, make_image, make_story, make_topic
from tests.machines import nu_errors

pytestmark = pytest.mark.django_db


def test_the_pages_of_the_desk_are_valid_html(client):
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
        f"{change}/change/",
        f"{change}/revisions/",
        f"{change}/revisions/1/",
        f"{change}/unpublish/",
        f"{change}/preview/?as=subscriber",
        f"{change}/history/",
        f"{change}/said/",
        f"{change}/said/?at=2026-03-03T14:00",
        f"{change}/said/?at=soon",
        f"{change}/said/1/",
        f"{change}/said/1/erase/",
        "/admin/articles/article/said/?path=/nothing/",
        "/admin/articles/event/",
        "/admin/articles/event/?day=2026-03-03&who=0",
        "/admin/auth/group/1/change/",
        f"/admin/articles/author/{lisa().pk}/change/",
        f"/admin/articles/author/{lisa().pk}/delete/",
        "/admin/articles/publication/1/change/",
        "/admin/articles/topic/add/",
        "/admin/articles/plainpage/add/",
    ]
    pages = {address: client.get(address, follow=True).content.decode() for address in addresses}
    draft = make_article()
    url = f"/admin/articles/article/{draft.pk}/change/"
    form = read_form(client.get(url).content.decode(), "article_form")
    refused = client.post(url, form | {"headline": "x" * 300})
    pages["a refused save"] = refused.content.decode()
    conflict = client.post(url, form | {"base": "9", "headline": "Mine"})
    assert conflict.status_code == 409
    pages["a conflict"] = conflict.content.decode()

    assert nu_errors(pages) == []
