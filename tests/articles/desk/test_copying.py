"""Copying a story: all its words, and nothing of what happened to it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.desk import revisions, workflow
from articles.models import Article, Event
from tests.cast import lisa, make_article, make_image, make_story, make_topic, publish, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = staff("Editor")
    client.force_login(user)
    return user


def url(article, page="copy"):
    return reverse(f"admin:articles_article_{page}", args=[article.pk])


def whole(**fields):
    return make_article(
        takeaways=[("Queue", "It shrinks."), ("Wind", "It turns.")],
        sources=[{"title": "Port log", "publisher": "Port", "url": "https://example.com/log"}],
        topics=[make_topic()],
        lead_image=make_image(),
        lead_caption="Seen from the quay.",
        access="premium",
        internal_note="Call the pilot.",
        **fields,
    )


def words(article):
    """All that was written, without the address and the ids of rows."""
    content = revisions.snapshot(article)
    content.pop("slug")
    for kind in ("bylines", "takeaways", "sources"):
        content[kind] = [{k: v for k, v in row.items() if k != "uid"} for row in content[kind]]
    return content


def test_a_copy_has_all_words_and_rows_and_is_a_draft_of_ones_own(client, editor):
    source = whole(headline="Ships", created_by=staff("Reporter"), authors=[lisa()])
    revisions.keep(source, editor=editor)
    assert "Copy this story?" in client.get(url(source)).content.decode()
    assert Article.objects.count() == 1

    answer = client.post(url(source), follow=True)

    copy = Article.objects.exclude(pk=source.pk).get()
    assert words(copy) == words(source)
    assert (copy.created_by, copy.slug, copy.work, copy.head) == (editor, "", "draft", 1)
    assert answer.redirect_chain[-1][0] == url(copy, "change")
    assert "This is the copy" in answer.content.decode()
    kinds = ("bylines", "takeaways", "sources")
    uids = {row.uid for kind in kinds for row in getattr(copy, kind).all()}
    assert not uids & {row.uid for kind in kinds for row in getattr(source, kind).all()}
    assert len(uids) == 4


def test_a_copy_says_where_it_came_from(client, editor):
    source = whole(headline="x" * 200)

    client.post(url(source))

    copy = Article.objects.exclude(pk=source.pk).get()
    revision = copy.revisions.get()
    assert (revision.reason, revision.created_by) == ("copy", editor)
    assert f"Copied from “{'x' * 200}” (No. {source.pk})" == revision.note
    event = Event.objects.get(kind=Event.Kind.COPIED)
    assert (event.target_id, event.details, event.actor) == (
        str(copy.pk),
        {"from": source.pk},
        editor,
    )


def test_nothing_of_what_happened_to_the_other_is_copied(client, editor):
    source = make_story().article
    revisions.keep(source, editor=editor)
    workflow.submit(source, by=editor)
    workflow.approve(source, by=editor, revision=source.head)
    workflow.set_due(source, at=timezone.now(), by=editor)
    Article.objects.filter(pk=source.pk).update(
        embargo_until=timezone.now(), embargo_source="Port", embargo_reason="Asked"
    )

    client.post(url(source))

    copy = Article.objects.exclude(pk=source.pk).get()
    assert (copy.work, copy.approved_revision, copy.due_at) == ("draft", None, None)
    assert (copy.embargo_until, copy.embargo_source, copy.embargo_reason) == (None, "", "")
    assert not hasattr(copy, "published")
    copy.slug = "another"
    copy.save()
    assert publish(copy).path != source.published.path


def test_a_reporter_copies_any_story_they_may_see(client):
    client.force_login(staff("Reporter"))
    source = whole()

    client.post(url(source))

    assert Article.objects.count() == 2


def test_who_may_not_add_stories_copies_none(client):
    source = whole()
    client.force_login(staff("Photo desk"))
    assert client.post(url(source)).status_code == 403
    reader = staff("Reporter")
    reader.groups.get().permissions.filter(codename="add_article").delete()
    client.force_login(reader)

    assert client.post(url(source)).status_code == 403
    assert url(source) not in client.get(url(source, "change")).content.decode()
    assert Article.objects.count() == 1


def test_a_story_that_is_not_there_is_not_copied(client, editor):
    assert client.post("/admin/articles/article/999999/copy/").status_code == 404
