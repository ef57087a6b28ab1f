"""The desk's own pages stand before the Nu checker."""

import pytest
from django.utils import timezone

from articles.desk import revisions, workflow, working_copy
from articles.models import Image
from articles.photos import blocking, library, uploads
from tests.articles.desk.forms import read_form
from tests.articles.photos.files import upload
from tests.articles.photos.said import jpeg_saying, xmp
from tests.articles.photos.test_metadata_table import SAID
from tests.cast import (
    PARAGRAPH,
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
    spoken = library.add(Image(), uploads.check(upload(jpeg_saying(xmp=xmp(SAID)))), by=None)
    blocked = make_image(licence="cc", cc_licence="by-4.0")
    blocking.block(blocked, by=ed(), reason="A claim")
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
        f"{change}/when/",
        f"{change}/correct/",
        f"{change}/retract/",
        f"{change}/archive/",
        f"{change}/publish-over/",
        f"{change}/share/",
        f"/admin/articles/image/add-many/?id={spoken.pk}",
        f"/admin/articles/image/together/?id={spoken.pk}&id={story.lead_image_id}",
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
        "/admin/articles/image/",
        "/admin/articles/image/add/",
        f"/admin/articles/image/{spoken.pk}/change/",
        f"/admin/articles/image/{blocked.pk}/change/",
        f"/admin/articles/image/{spoken.pk}/block/",
        f"/admin/articles/image/{blocked.pk}/block/",
        f"/admin/articles/image/{spoken.pk}/unblock/",
        f"/admin/articles/image/{blocked.pk}/unblock/",
        "/admin/articles/image/rights/",
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
    mine = form | {"base": "9", "headline": "Mine", "body": "<p>Mine</p>", "kind": "opinion"}
    conflict = client.post(url, mine | {"bylines-0-DELETE": "on"})
    assert conflict.status_code == 409
    pages["a conflict"] = conflict.content.decode()
    choose = f"/admin/articles/article/{draft.pk}/choose/{conflict.context['kept'].number}/"
    pages["a choice half made"] = client.post(choose, {"choice-kind": "mine"}).content.decode()
    pages["a story with a text that waits"] = client.get(url).content.decode()

    assert nu_errors(pages) == []


def test_the_pages_of_revisions_are_valid_html(client):
    client.force_login(ed())
    picture = make_image()
    article = make_article(takeaways=[("A", "a first point"), ("B", "another one")])
    content = revisions.snapshot(article)
    revisions.keep(article, editor=ed())
    content |= {
        "headline": "Other",
        "body": "<h2>New</h2><ul><li>One<ul><li>Two</li></ul></li></ul>"
        f'<blockquote><p>Words</p></blockquote><hr data-cut="">{PARAGRAPH}'
        f'<figure data-image="{picture.pk}"></figure><figure data-image="99"></figure>',
        "takeaways": content["takeaways"][::-1],
        "bylines": [],
        "lead_image": picture.pk,
        "topics": [make_topic().pk],
        "internal_note": "One\ntwo",
    }
    working_copy.write(article, content)
    revisions.keep(article, editor=ed(), note="Why")
    revisions.keep_refused(article, content=content, editor=ed())
    story = f"/admin/articles/article/{article.pk}"
    pages = {
        address: client.get(f"{story}/{address}").content.decode()
        for address in ("revisions/", "revisions/1/", "compare/", "compare/?a=1&b=1")
    }
    meanwhile = client.post(f"{story}/revisions/1/restore/", {"base": "1"})
    assert meanwhile.status_code == 409
    pages["saved meanwhile"] = meanwhile.content.decode()

    assert nu_errors(pages) == []
