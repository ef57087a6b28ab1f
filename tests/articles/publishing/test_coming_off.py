"""Stories that leave the site: for a while, at a time, for good, or into the archive."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles import publishing
from articles.models import (
    Article,
    AuthorListing,
    Correction,
    Event,
    PublishedArticle,
    SectionListing,
    TopicListing,
)
from articles.publishing import NotPublished, PublicState, PublishRefused, public_state
from tests.articles.publishing.acts import HOUR, edit, let_time_pass, live_headlines, soon
from tests.cast import ed, make_article, make_topic, publish

pytestmark = pytest.mark.django_db


def codes(refused):
    return {finding.code for finding in refused.value.findings.missing}


@pytest.fixture
def article():
    article = make_article(headline="Ships wait", topics=[make_topic()])
    publish(article)
    article.refresh_from_db()
    return article


def test_a_retracted_story_is_gone_for_good_and_says_why(article):
    publishing.retract(article, editor=ed(), text="Its main source was made up.", signature="Ed")

    story = PublishedArticle.objects.get()
    assert live_headlines() == []
    assert public_state(Article.objects.get()) is PublicState.RETRACTED
    assert story.corrections[0]["text"] == "Its main source was made up."
    assert story.corrections[0]["kind"] == "retraction"
    for listing in (SectionListing, AuthorListing, TopicListing):
        assert not listing.objects.exists()
    assert not article.versions.filter(withdrawn_at=None).exists()
    assert Event.objects.filter(kind=Event.Kind.RETRACTED).get().note == (
        "Its main source was made up."
    )


@pytest.mark.parametrize(
    "door", [publish, lambda article: publishing.schedule(article, editor=ed(), at=soon())]
)
def test_a_retracted_story_never_comes_back(article, door):
    publishing.retract(article, editor=ed(), text="Made up.")

    with pytest.raises(PublishRefused) as refused:
        door(article)

    assert codes(refused) == {"retracted"}


def test_a_retraction_needs_a_reason_a_seen_story_and_happens_once(article):
    with pytest.raises(PublishRefused) as refused:
        publishing.retract(article, editor=ed(), text=" ")
    assert codes(refused) == {"reason"}
    with pytest.raises(NotPublished):
        publishing.retract(make_article(), editor=ed(), text="Made up.")

    publishing.retract(article, editor=ed(), text="Made up.")
    with pytest.raises(PublishRefused) as refused:
        publishing.retract(article, editor=ed(), text="Made up.")
    assert codes(refused) == {"retracted"}
    assert Correction.objects.count() == 1


def test_an_unpublished_story_can_be_retracted_but_a_scheduled_one_cannot(article):
    publishing.unpublish(article, editor=ed())
    publishing.retract(article, editor=ed(), text="Made up.")
    assert PublishedArticle.objects.get().retracted_at is not None

    unseen = make_article()
    publishing.schedule(unseen, editor=ed(), at=soon())
    with pytest.raises(NotPublished):
        publishing.retract(unseen, editor=ed(), text="Made up.")


def test_the_database_keeps_a_retracted_story_withdrawn(article):
    publishing.retract(article, editor=ed(), text="Made up.")

    with pytest.raises(IntegrityError), transaction.atomic():
        PublishedArticle.objects.update(withdrawn_at=None)


def test_an_archived_story_stays_public_off_the_fronts(article):
    publishing.archive(article, editor=ed(), reason="Old")

    now = timezone.now()
    assert live_headlines() == ["Ships wait"]
    assert not PublishedArticle.objects.on_fronts(now).exists()
    assert public_state(Article.objects.get()) is PublicState.ARCHIVED
    with pytest.raises(PublishRefused):
        publishing.archive(article, editor=ed())

    publishing.unarchive(article, editor=ed())
    assert PublishedArticle.objects.on_fronts(now).exists()
    with pytest.raises(NotPublished):
        publishing.unarchive(article, editor=ed())


@pytest.mark.parametrize("act", [publishing.archive, publishing.unpublish])
def test_what_leaves_takes_its_queued_update_with_it(article, act):
    edit(article, headline="Then")
    publishing.schedule(article, editor=ed(), at=soon())

    act(article, editor=ed())

    waiting = article.versions.filter(withdrawn_at=None, live_from__gt=timezone.now())
    assert not waiting.exists()
    assert PublishedArticle.objects.get().next_at is None


def test_a_story_leaves_at_its_time_whether_a_worker_runs_or_not(article):
    publishing.set_take_off(article, editor=ed(), at=soon())
    assert live_headlines() == ["Ships wait"]
    assert live_headlines(soon(61)) == []

    let_time_pass(article, 2 * HOUR)
    assert live_headlines() == []
    assert SectionListing.objects.exists()
    publishing.settle_due()
    publishing.settle_due()

    assert not SectionListing.objects.exists()
    assert Event.objects.filter(kind=Event.Kind.UNPUBLISHED).count() == 1
    assert public_state(Article.objects.get()) is PublicState.UNPUBLISHED


def test_a_take_off_can_be_called_off_and_lies_after_what_is_to_be_seen(article):
    publishing.set_take_off(article, editor=ed(), at=soon())
    publishing.set_take_off(article, editor=ed(), at=None)
    assert live_headlines(soon(61)) == ["Ships wait"]

    with pytest.raises(PublishRefused) as refused:
        publishing.set_take_off(article, editor=ed(), at=timezone.now() - HOUR)
    assert codes(refused) == {"off_too_soon"}
    with pytest.raises(NotPublished):
        publishing.set_take_off(make_article(), editor=ed(), at=soon())


def test_an_update_after_the_take_off_is_refused(article):
    publishing.set_take_off(article, editor=ed(), at=soon(30))
    edit(article, headline="Then")

    with pytest.raises(PublishRefused) as refused:
        publishing.schedule(article, editor=ed(), at=soon(60))

    assert codes(refused) == {"off_before"}


def test_coming_back_before_the_worker_ran_leaves_the_gap_in_the_proof(article):
    publishing.set_take_off(article, editor=ed(), at=soon())
    let_time_pass(article, 2 * HOUR)
    off_at = PublishedArticle.objects.get().off_at

    publish(article)

    first, again = article.versions.order_by("number")
    assert first.withdrawn_at == off_at
    assert again.live_from > off_at
    assert live_headlines() == ["Ships wait"]


def test_a_story_that_left_at_its_time_may_come_back(article):
    publishing.set_take_off(article, editor=ed(), at=soon())
    let_time_pass(article, 2 * HOUR)
    publishing.settle_due()

    publish(article)

    assert live_headlines() == ["Ships wait"]
    assert PublishedArticle.objects.get().off_at is None
