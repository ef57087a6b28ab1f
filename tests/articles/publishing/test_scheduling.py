"""Stories that go out by themselves, and updates that wait for their time."""

import datetime as dt

import pytest
from django.utils import timezone

from articles import publishing
from articles.models import (
    Announcement,
    Article,
    Event,
    Image,
    PublishedArticle,
    Redirect,
    SectionListing,
)
from articles.publishing import NotPublished, PublicState, PublishRefused, public_state, waiting
from tests.articles.publishing.acts import HOUR, edit, let_time_pass, live_headlines, soon
from tests.cast import (
    PARAGRAPH,
    ed,
    make_article,
    make_image,
    make_publication,
    make_topic,
    publish,
    staff,
)

pytestmark = pytest.mark.django_db


def codes(refused):
    return {finding.code for finding in refused.value.findings.missing}


def kinds(article):
    return list(
        Event.objects.filter(target_id=str(article.pk))
        .order_by("pk")
        .values_list("kind", flat=True)
    )


def scheduled(at=None, **fields):
    article = make_article(**fields)
    publishing.schedule(article, editor=ed(), at=at or soon())
    article.refresh_from_db()
    return article


def test_a_scheduled_story_is_visible_because_its_time_has_come():
    article = scheduled(headline="At six")

    assert live_headlines() == []
    assert public_state(article) is PublicState.SCHEDULED
    # No worker has run.
    assert live_headlines(soon(61)) == ["At six"]


def test_a_schedule_obeys_the_same_rules_and_says_everything():
    article = make_article(headline="", authors=[])

    with pytest.raises(PublishRefused) as refused:
        publishing.schedule(article, editor=ed(), at=soon())

    assert codes(refused) == {"headline", "author"}


def test_nothing_is_scheduled_into_the_past():
    with pytest.raises(PublishRefused) as refused:
        publishing.schedule(make_article(), editor=ed(), at=timezone.now() - HOUR)

    assert codes(refused) == {"past"}


def test_a_scheduled_text_is_frozen_and_the_bar_can_say_what_is_not_in_it():
    article = scheduled(headline="Frozen")
    edit(article, headline="Thawed")
    edit(article, headline="Thawed more")

    assert live_headlines(soon(61)) == ["Frozen"]
    assert waiting(article).changes_since == 2

    publishing.put_in_changes(article, editor=ed())

    assert live_headlines(soon(61)) == ["Thawed more"]
    assert waiting(article).changes_since == 0


def test_moving_a_schedule_keeps_the_frozen_text_and_its_approval():
    article = scheduled(headline="Frozen")
    edit(article, headline="Thawed")

    publishing.move(article, editor=ed(), at=soon(120))

    assert live_headlines(soon(61)) == []
    assert live_headlines(soon(121)) == ["Frozen"]


def test_a_story_rescheduled_before_anyone_saw_it_changes_its_address_without_a_redirect():
    make_publication(zone="UTC")
    article = scheduled(slug="ships", at=soon(60))

    publishing.move(article, editor=ed(), at=soon(60 * 49))

    path = PublishedArticle.objects.get().path
    assert path == f"{soon(60 * 49):/%Y/%m/%d/}ships/"
    assert not Redirect.objects.exists()


def test_unscheduling_leaves_no_trace_outside():
    article = scheduled()

    publishing.unschedule(article, editor=ed(), reason="Not sure yet")

    article = Article.objects.get()
    assert public_state(article) is PublicState.NONE
    assert not PublishedArticle.objects.exists()
    assert not SectionListing.objects.exists()
    assert not Announcement.objects.exists()
    assert article.versions.get().withdrawn_at is not None
    assert kinds(article) == ["scheduled", "unscheduled"]


def test_what_is_not_scheduled_cannot_be_moved_unscheduled_or_refreshed():
    article = make_article()
    for act in (
        lambda: publishing.move(article, editor=ed(), at=soon()),
        lambda: publishing.unschedule(article, editor=ed()),
        lambda: publishing.put_in_changes(article, editor=ed()),
    ):
        with pytest.raises(NotPublished):
            act()


def test_publishing_at_once_what_was_scheduled_takes_todays_address():
    make_publication(zone="UTC")
    article = scheduled(slug="ships", at=soon(60 * 49))

    story = publish(article)

    assert story.path == f"{timezone.now():/%Y/%m/%d/}ships/"
    assert story.published_at <= timezone.now()
    assert live_headlines() == [story.headline]
    assert Announcement.objects.get().due_at == story.published_at
    assert article.versions.filter(withdrawn_at=None).count() == 1


def test_the_announcement_is_due_when_the_story_is():
    at = soon()
    article = scheduled(at=at)
    assert Announcement.objects.get().due_at == at

    publishing.move(article, editor=ed(), at=soon(120))

    assert Announcement.objects.get().due_at > at


def test_the_worker_notes_once_that_a_story_went_out():
    article = scheduled()
    let_time_pass(article, 2 * HOUR)

    publishing.settle_due()
    publishing.settle_due()

    assert kinds(article) == ["scheduled", "went_out"]
    event = Event.objects.get(kind=Event.Kind.WENT_OUT)
    assert event.actor is None
    assert event.details["late_seconds"] == pytest.approx(3600, abs=60)


def test_what_is_late_is_named_until_a_worker_has_seen_to_it():
    article = scheduled(headline="Late")
    let_time_pass(article, 2 * HOUR)

    assert [each.headline for each in publishing.late(timezone.now())] == ["Late"]
    publishing.settle_due()
    assert publishing.late(timezone.now()) == []


# --- Updates of a live story ---------------------------------------------------------------------


def with_update(minutes=60, **words):
    article = make_article(headline="Now", body=PARAGRAPH * 3)
    publish(article)
    edit(article, **(words or {"headline": "Then"}))
    publishing.schedule(article, editor=ed(), at=soon(minutes))
    article.refresh_from_db()
    return article


def test_an_update_waits_while_the_story_stays_as_it_is():
    article = with_update()

    assert live_headlines() == ["Now"]
    wait = waiting(article)
    assert wait.is_update
    assert not wait.is_approved
    assert PublishedArticle.objects.get().next_at == wait.at


def test_a_due_update_becomes_the_story_once():
    article = with_update()
    let_time_pass(article, 2 * HOUR)

    publishing.settle_due()
    publishing.settle_due()

    story = PublishedArticle.objects.get()
    assert story.headline == "Then"
    assert story.next_at is None
    assert kinds(article).count("changes_published") == 1
    assert waiting(article) is None


def test_an_update_that_matters_says_updated_at_its_own_time():
    article = make_article()
    publish(article)
    edit(article, headline="Then")
    publishing.schedule(article, editor=ed(), at=soon(), tell_readers=True)
    let_time_pass(article, 2 * HOUR)

    publishing.settle_due()

    story = PublishedArticle.objects.get()
    assert story.updated_at == story.changed_at
    assert story.updated_at < timezone.now() - HOUR + dt.timedelta(minutes=5)


def test_a_second_schedule_replaces_the_first():
    article = with_update()
    edit(article, headline="Another")
    publishing.schedule(article, editor=ed(), at=soon(30))

    open_ones = article.versions.filter(withdrawn_at=None, live_from__gt=timezone.now())
    assert [version.content["headline"] for version in open_ones] == ["Another"]


def test_unscheduling_an_update_leaves_the_live_story_alone():
    article = with_update()

    publishing.unschedule(article, editor=ed())

    assert live_headlines(soon(90)) == ["Now"]
    assert PublishedArticle.objects.get().next_at is None
    let_time_pass(article, 2 * HOUR)
    publishing.settle_due()
    assert live_headlines() == ["Now"]


def test_a_story_that_comes_back_does_not_bring_its_old_update():
    article = with_update()
    publishing.unpublish(article, editor=ed())
    edit(article, headline="Back")
    publish(article)
    let_time_pass(article, 2 * HOUR)

    publishing.settle_due()

    assert live_headlines() == ["Back"]


def test_a_story_may_return_at_a_time():
    article = make_article(headline="Gone")
    publish(article)
    publishing.unpublish(article, editor=ed())

    publishing.schedule(article, editor=ed(), at=soon())

    assert live_headlines() == []
    assert live_headlines(soon(61)) == ["Gone"]
    publishing.unschedule(article, editor=ed())
    assert live_headlines(soon(61)) == []
    assert public_state(Article.objects.get()) is PublicState.UNPUBLISHED


def test_an_act_after_the_time_but_before_the_worker_builds_on_the_due_update():
    article = with_update()
    let_time_pass(article, 2 * HOUR)

    publishing.archive(article, editor=ed())

    story = PublishedArticle.objects.get()
    assert story.headline == "Then"
    assert story.archived_at is not None


def test_an_update_moves_the_address_at_its_time_and_leaves_a_redirect():
    article = make_article(slug="one")
    publish(article)
    edit(article, slug="two")
    publishing.schedule(article, editor=ed(), at=soon())
    assert PublishedArticle.objects.get().path.endswith("/one/")
    let_time_pass(article, 2 * HOUR)

    publishing.settle_due()

    assert PublishedArticle.objects.get().path.endswith("/two/")
    assert Redirect.objects.get().path.endswith("/one/")


def test_an_address_taken_meanwhile_does_not_keep_an_update_back():
    article = make_article(slug="one", headline="Now")
    publish(article)
    edit(article, slug="two", headline="Then")
    publishing.schedule(article, editor=ed(), at=soon())
    publish(make_article(slug="two"))
    let_time_pass(article, 2 * HOUR)

    publishing.settle_due()

    story = PublishedArticle.objects.get(article=article)
    assert story.headline == "Then"
    assert story.path.endswith("/one/")


def test_an_update_is_not_lost_for_a_topic_that_is_gone():
    topic = make_topic("Tides")
    article = make_article(headline="Now")
    publish(article)
    article.topics.add(topic)
    edit(article, headline="Then", lead_image=make_image())
    publishing.schedule(article, editor=ed(), at=soon())
    article.topics.clear()
    edit(article, lead_image=None)
    topic.delete()
    Image.objects.all().delete()
    let_time_pass(article, 2 * HOUR)

    publishing.settle_due()

    story = PublishedArticle.objects.get()
    assert story.headline == "Then"
    assert story.lead_image is None


# --- Approval ------------------------------------------------------------------------------------


def test_an_approved_text_that_was_changed_is_not_published():
    from articles.models.article import Work

    article = edit(make_article())
    article.work, article.approved_revision = Work.APPROVED, article.head
    article.work_by = staff("Editor")
    article.save()
    edit(article, headline="Changed")

    with pytest.raises(PublishRefused) as refused:
        publish(article)

    assert codes(refused) == {"approval_voided"}


def test_who_approved_a_text_stands_in_its_version():
    from articles.models.article import Work

    article = edit(make_article())
    article.work, article.approved_revision = Work.APPROVED, article.head
    article.work_by = staff("Editor")
    article.save()

    publishing.schedule(article, editor=ed(), at=soon())

    assert article.versions.get().approved_by == staff("Editor")
    assert waiting(article).is_approved
    article.refresh_from_db()
    assert article.work == Work.DRAFT
