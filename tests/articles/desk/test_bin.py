"""The bin: drafts wait there for 30 days; what was ever public is never deleted."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import publishing
from articles.desk import bin as desk_bin
from articles.desk import revisions, workflow
from articles.desk.bin import BinRefused
from articles.models import Article, Byline, Event, PublishedArticle, Revision, Takeaway
from articles.publishing import PublishRefused
from newsroom.tasks.periodic import jobs
from tests.cast import ed, make_article, make_story, publish, staff

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def editor(client):
    user = staff("Editor")
    client.force_login(user)
    return user


def url(article, page):
    return reverse(f"admin:articles_article_{page}", args=[article.pk])


def binned(days_ago, **fields):
    """A whole draft, put into the bin so many days ago."""
    at = timezone.now() - days_ago * DAY
    article = make_article(takeaways=[("A", "a")], sources=[{"title": "Log"}], **fields)
    revisions.keep(article, editor=ed())
    article.revisions.update(created_at=at)
    Article.objects.filter(pk=article.pk).update(binned_at=at, binned_by=ed())
    return article


def empty():
    """What the worker does once a day."""
    job = next(job for job in jobs() if job.name == "bin")
    assert job.every == DAY
    job.function()


def test_a_draft_goes_in_and_comes_out_as_it_was(client, editor):
    article = make_article(headline="Ships")
    assert "Put it in the bin?" in client.get(url(article, "bin")).content.decode()
    assert Article.objects.get().binned_at is None

    answer = client.post(url(article, "bin"), follow=True)

    assert "“Ships” is in the bin. It can come back for 30 days." in answer.content.decode()
    kept = Article.objects.get()
    assert (kept.binned_by, kept.binned_at is not None) == (editor, True)
    page = client.get(url(article, "change")).content.decode()
    assert 'data-state="bin">In the bin' in page
    assert "It is deleted for good after" in page
    assert "_publish" not in page
    assert "Take it out" in client.get(url(article, "unbin")).content.decode()

    client.post(url(article, "unbin"))

    assert (Article.objects.get().binned_at, Article.objects.get().binned_by) == (None, None)
    kinds = Event.objects.order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["binned", "unbinned"]


def test_what_was_published_stays_even_when_it_is_off_the_site(client, editor):
    article = make_story().article
    publishing.unpublish(article, editor=editor)

    assert "such a story is never deleted" in client.get(url(article, "bin")).content.decode()
    answer = client.post(url(article, "bin"), follow=True)

    assert "such a story stays" in answer.content.decode()
    assert Article.objects.get().binned_at is None
    assert url(article, "bin") not in client.get(url(article, "change")).content.decode()


def test_twice_in_or_twice_out_is_said_kindly(client, editor):
    article = make_article()
    desk_bin.put(article, by=editor)
    assert "in the bin already" in client.get(url(article, "bin")).content.decode()
    with pytest.raises(BinRefused, match="already"):
        desk_bin.put(article, by=editor)
    desk_bin.take_out(article, by=editor)

    answer = client.post(url(article, "unbin"), follow=True)

    assert "It is not in the bin." in answer.content.decode()


def test_a_reporter_bins_their_own_drafts_only(client):
    reporter = staff("Reporter")
    own, other = make_article(created_by=reporter), make_article()
    client.force_login(reporter)

    assert client.post(url(own, "bin")).status_code == 302
    assert client.post(url(other, "bin")).status_code == 403
    assert client.post(url(other, "unbin")).status_code == 403
    assert Article.objects.filter(binned_at=None).get() == other
    with pytest.raises(BinRefused):
        desk_bin.put(other, by=reporter)


def test_nothing_leads_on_from_the_bin(editor):
    article = make_article(created_by=editor)
    revisions.keep(article, editor=editor)
    desk_bin.put(article, by=editor)

    with pytest.raises(PublishRefused, match="It is in the bin"):
        publish(article)
    with pytest.raises(workflow.WorkflowRefused, match="It is in the bin"):
        workflow.submit(article, by=editor)


def test_after_thirty_days_a_draft_is_deleted_with_all_that_is_its_own():
    gone, kept = binned(31, headline="Old ships"), binned(29, headline="New ships")

    empty()

    assert Article.objects.get() == kept
    for model in (Byline, Takeaway, Revision):
        assert not model.objects.filter(article_id=gone.pk).exists()
    event = Event.objects.get(kind=Event.Kind.DELETED)
    assert (event.target_id, event.target_name, event.actor) == (str(gone.pk), "Old ships", None)


def test_what_was_ever_published_is_never_deleted_whatever_its_row_says(caplog):
    article = make_story().article
    publishing.unpublish(article, editor=ed())
    Article.objects.update(binned_at=timezone.now() - 40 * DAY)
    Revision.objects.update(created_at=timezone.now() - 40 * DAY)

    empty()

    assert Article.objects.get() == article
    assert PublishedArticle.objects.exists()
    # It was not even tried.
    assert not caplog.records


def test_words_kept_in_the_bin_give_a_draft_more_time():
    article = binned(31)
    article.revisions.create(number=2, reason="autosave", content={}, created_by=ed())

    empty()

    assert Article.objects.get() == article


def test_what_left_the_bin_is_not_deleted():
    article = binned(31)
    desk_bin.take_out(article, by=ed())

    empty()

    assert Article.objects.get() == article
