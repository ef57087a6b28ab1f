"""Embargoes hold at every door, and are lifted with a reason only."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles import publishing
from articles.models import Article, Event, PublishedArticle
from articles.publishing import NotPublished, PublishRefused
from tests.articles.publishing.acts import MINUTE, live_headlines, soon
from tests.cast import ed, make_article, publish

pytestmark = pytest.mark.django_db


def codes(refused):
    return {finding.code for finding in refused.value.findings.missing}


def held_back(minutes=60, **fields):
    article = make_article(**fields)
    publishing.set_embargo(
        article, editor=ed(), until=soon(minutes), source="The ministry", reason="Budget speech"
    )
    article.refresh_from_db()
    return article


DOORS = {
    "publish": lambda article, at: publishing.publish(article, editor=ed()),
    "schedule": lambda article, at: publishing.schedule(article, editor=ed(), at=at),
}


@pytest.mark.parametrize("door", DOORS)
def test_before_its_time_every_door_is_shut(door):
    article = held_back()

    with pytest.raises(PublishRefused) as refused:
        DOORS[door](article, article.embargo_until - MINUTE)

    assert codes(refused) == {"embargo"}
    assert not PublishedArticle.objects.exists()


@pytest.mark.parametrize("later", [dt.timedelta(0), MINUTE])
def test_at_its_time_and_after_a_schedule_is_accepted(later):
    article = held_back()

    publishing.schedule(article, editor=ed(), at=article.embargo_until + later)

    story = PublishedArticle.objects.get()
    assert story.published_at == article.embargo_until + later
    assert story.embargo_until == article.embargo_until
    assert live_headlines() == []


def test_after_its_time_publishing_now_is_accepted():
    article = held_back()
    Article.objects.update(embargo_until=timezone.now() - MINUTE)

    publish(article)

    assert live_headlines() == [article.headline]


def test_a_schedule_cannot_be_moved_before_the_embargo():
    article = held_back()
    publishing.schedule(article, editor=ed(), at=article.embargo_until)

    with pytest.raises(PublishRefused) as refused:
        publishing.move(article, editor=ed(), at=article.embargo_until - MINUTE)

    assert codes(refused) == {"embargo"}


def test_an_embargo_later_than_the_schedule_is_refused_and_can_move_it():
    article = make_article()
    publishing.schedule(article, editor=ed(), at=soon(30))

    with pytest.raises(PublishRefused) as refused:
        publishing.set_embargo(article, editor=ed(), until=soon(60), source="The ministry")
    assert codes(refused) == {"scheduled_before"}
    assert Article.objects.get().embargo_until is None

    until = soon(60)
    publishing.set_embargo(
        article, editor=ed(), until=until, source="The ministry", move_schedule=True
    )
    assert PublishedArticle.objects.get().published_at == until


def test_the_database_itself_refuses_a_story_before_its_embargo():
    article = held_back()
    publishing.schedule(article, editor=ed(), at=article.embargo_until)

    with pytest.raises(IntegrityError), transaction.atomic():
        PublishedArticle.objects.update(published_at=timezone.now())


def test_a_live_story_cannot_be_held_back():
    article = make_article()
    publish(article)

    with pytest.raises(PublishRefused) as refused:
        publishing.set_embargo(article, editor=ed(), until=soon(), source="The ministry")

    assert codes(refused) == {"live"}


@pytest.mark.parametrize(
    ("words", "code"),
    [({"until": -5, "source": "The ministry"}, "past"), ({"until": 5, "source": " "}, "source")],
)
def test_an_embargo_needs_a_time_ahead_and_a_source(words, code):
    with pytest.raises(PublishRefused) as refused:
        publishing.set_embargo(
            make_article(), editor=ed(), until=soon(words["until"]), source=words["source"]
        )

    assert codes(refused) == {code}


def test_lifting_needs_a_reason_and_is_written_down():
    article = held_back()
    with pytest.raises(PublishRefused):
        publishing.lift_embargo(article, editor=ed(), reason=" ")

    publishing.lift_embargo(article, editor=ed(), reason="The ministry published early")
    publish(article)

    assert live_headlines() == [article.headline]
    event = Event.objects.get(kind=Event.Kind.EMBARGO_LIFTED)
    assert event.note == "The ministry published early"


def test_an_earlier_embargo_is_not_set_over_a_standing_one():
    article = held_back(60)

    with pytest.raises(PublishRefused) as refused:
        publishing.set_embargo(article, editor=ed(), until=soon(30), source="The ministry")

    assert codes(refused) == {"embargo_later"}


def test_what_is_under_no_embargo_cannot_be_lifted():
    with pytest.raises(NotPublished):
        publishing.lift_embargo(make_article(), editor=ed(), reason="Why not")
