"""Erasing a published version, for those who may and with a reason. What it was called stays."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import publishing
from articles.models import Event, ProofLink, PublishedArticle, PublishedVersion, Revision
from articles.proof import erasure
from tests.articles.proof.check import codes, published_times, put, texts, verify
from tests.cast import ed, make_article, publish, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.NEWSROOM_DATA = tmp_path


@pytest.fixture
def story():
    return published_times(3)


@pytest.fixture
def chief(client):
    user = staff("Chief editor")
    client.force_login(user)
    return user


def page(story, number):
    return reverse("admin:articles_article_erase_version", args=[story.article_id, number])


def version(story, number):
    return PublishedVersion.objects.get(article=story.article_id, number=number)


def erase(client, story, number, reason="A court said so"):
    return client.post(page(story, number), {"reason": reason})


def test_the_content_goes_and_the_hash_stays(client, chief, story):
    before = version(story, 1)

    answer = erase(client, story, 1)

    assert answer.status_code == 302
    after = version(story, 1)
    assert after.content == {}
    assert after.content_hash == before.content_hash
    assert (after.erased_by, after.erased_reason) == (chief, "A court said so")
    link = ProofLink.objects.get(kind="erasure")
    assert (link.version, link.erased_at) == (1, after.erased_at)
    event = Event.objects.get(kind=Event.Kind.VERSION_ERASED)
    assert (event.actor, event.note, event.details["version"]) == (chief, "A court said so", 1)


def test_the_check_reports_it_as_lawful(client, chief, story):
    erase(client, story, 1)

    is_content, report = verify()

    assert is_content
    (finding,) = report["findings"]
    assert finding["code"] == "erased"
    assert not finding["is_wrong"]
    assert "was erased by the desk on" in finding["text"]
    assert "A court said so" in finding["text"]


def test_an_erasure_past_the_door_is_found(story):
    now = timezone.now()
    put(version(story, 1), content={}, erased_at=now, erased_reason="A court said so")

    assert codes() == ["erased_unlawfully"]


def test_another_reason_put_in_later_is_found(client, chief, story):
    erase(client, story, 1)
    put(version(story, 1), erased_reason="Nobody said so")

    assert codes() == ["erased_unlawfully"]
    assert "time or reason" in texts()


def test_a_content_put_into_an_erased_version_is_found(client, chief, story):
    erase(client, story, 1)
    put(version(story, 1), content={"headline": "All is well"})

    assert codes() == ["content_changed"]


def test_its_own_revision_is_erased_with_it_and_no_other(client, chief, story):
    kept = Revision.objects.get(article=story.article_id, number=1)
    assert kept.content["headline"] == "Ships wait, day 1"

    erase(client, story, 1)

    kept.refresh_from_db()
    assert (kept.content, kept.note) == ({}, "Erased with version 1")
    assert Revision.objects.filter(article=story.article_id).exclude(content={}).count() == 2


def test_the_page_says_what_goes_and_what_stays(client, chief, story):
    text = client.get(page(story, 1)).content.decode()

    assert "Revision 1 of the desk, which was published as this version, is erased" in text
    assert "Other revisions may hold the same words. They are separate, and stay: 2, 3." in text
    assert "Back-ups keep what they have" in text


def test_an_erased_revision_can_still_be_opened(client, chief, story):
    erase(client, story, 1)
    for name, args in (("revisions", []), ("revision", [1])):
        url = reverse(f"admin:articles_article_{name}", args=[story.article_id, *args])
        assert client.get(url).status_code == 200


def test_what_readers_see_now_is_not_erased(client, chief, story):
    answer = erase(client, story, 3)

    assert answer.status_code == 409
    assert "Readers see this version now" in answer.content.decode()
    assert version(story, 3).content
    assert not Event.objects.filter(kind=Event.Kind.VERSION_ERASED).exists()


def queue(story, **fields):
    old = version(story, 3)
    old.pk, old.number = None, 4
    old.live_from = timezone.now() + dt.timedelta(hours=1)
    for name, value in fields.items():
        setattr(old, name, value)
    PublishedVersion.objects.bulk_create([old])
    return old


def test_what_is_scheduled_is_not_erased(client, chief, story):
    queue(story)

    answer = erase(client, story, 4)

    assert answer.status_code == 409
    assert "scheduled to go out" in answer.content.decode()


def test_what_a_scheduled_update_was_written_over_is_not_erased(client, chief, story):
    queue(story, queued_on=2)

    answer = erase(client, story, 2)

    assert answer.status_code == 409
    assert "was written over this version" in answer.content.decode()


def test_without_a_reason_nothing_is_erased(client, chief, story):
    for reason in ("", "  \n ", "\x00"):
        answer = erase(client, story, 1, reason=reason)
        assert answer.status_code == 200
        assert 'class="errorlist"' in answer.content.decode()
    assert version(story, 1).content


def test_twice_is_refused_and_says_so(client, chief, story):
    erase(client, story, 1)

    answer = erase(client, story, 1)

    assert answer.status_code == 409
    assert "erased already" in answer.content.decode()
    assert ProofLink.objects.filter(kind="erasure").count() == 1


def test_of_a_story_off_the_site_the_public_row_loses_the_words_too(client, chief, story):
    publishing.unpublish(story.article, editor=ed())

    assert erase(client, story, 3).status_code == 302

    row = PublishedArticle.objects.get(pk=story.pk)
    assert (row.body_html, row.teaser_html, row.standfirst) == ("", "", "")
    assert (row.headline, row.path) == (story.headline, story.path)
    assert codes() == ["erased"]


def test_the_working_copys_revision_goes_once_the_story_has_changed(client, chief, story):
    article = story.article
    publishing.unpublish(article, editor=ed())
    assert "it is the working copy" in client.get(page(story, 3)).content.decode()
    erase(client, story, 3)
    assert Revision.objects.get(article=article, number=3).content

    article.refresh_from_db()
    article.headline = "Ships wait no more"
    article.save()
    publish(article)
    assert "can go now, too" in client.get(page(story, 3)).content.decode()
    assert erase(client, story, 3, reason="The rest").status_code == 302

    assert Revision.objects.get(article=article, number=3).content == {}
    assert version(story, 3).erased_reason == "A court said so"
    assert codes() == ["erased"]


def test_of_an_old_version_the_revision_is_found_by_its_words(client, chief, story):
    PublishedVersion.objects.filter(article=story.article_id).update(revision=0)

    erase(client, story, 2)

    assert Revision.objects.get(article=story.article_id, number=2).content == {}
    assert Revision.objects.get(article=story.article_id, number=1).content


def test_a_version_that_is_not_there_is_not_found(client, chief, story):
    assert client.get(page(story, 9)).status_code == 404
    assert client.post(page(story, 99999999999999999999), {"reason": "x"}).status_code == 404


def test_erased_versions_can_be_published_after_and_withdrawn(client, chief, story):
    erase(client, story, 1)
    publishing.unpublish(story.article, editor=ed())

    assert codes() == ["erased"]


def test_the_words_of_the_refusal_reach_whoever_calls_it_in_code(story):
    with pytest.raises(erasure.NotErased, match="Say why"):
        erasure.erase(version(story, 1), by=ed(), reason=" ")
    with pytest.raises(erasure.NotErased, match="Readers see"):
        erasure.erase(version(publish(make_article()), 1), by=ed(), reason="x")
