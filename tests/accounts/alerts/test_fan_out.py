"""From an announcement to a delivery for each follower."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.alerts import fan_out, follows
from accounts.alerts.fan_out import announce_due
from accounts.models import Delivery, User
from articles import publishing
from articles.models import Announcement, Author
from tests import cast
from tests.accounts.alerts.people import follower

pytestmark = pytest.mark.django_db


def told() -> set[User]:
    return {delivery.reader for delivery in Delivery.objects.select_related("reader")}


def test_followers_of_author_and_section_are_told_once_each():
    author, section, both = follower(), follower(cast.make_section()), follower()
    follows.follow(both, cast.make_section())
    follower(cast.make_section("Markets"))
    follower(Author.objects.create(name="Otto", slug="otto"))
    cast.make_user()
    cast.make_story()

    queued = announce_due(timezone.now())

    assert queued == 3
    assert told() == {author, section, both}
    assert set(Delivery.objects.values_list("state", flat=True)) == {"queued"}


def test_every_name_in_the_byline_counts():
    otto = Author.objects.create(name="Otto", slug="otto")
    first, second = follower(), follower(otto)
    cast.make_story(authors=[cast.lisa(), otto])

    announce_due(timezone.now())

    assert told() == {first, second}


@pytest.mark.parametrize(
    "fields", [{"is_active": False}, {"wants_story_mail": False}], ids=["closed", "mail off"]
)
def test_who_cannot_or_will_not_get_mail_is_left_out(fields: dict[str, bool]):
    follower(**fields)
    cast.make_story()

    assert announce_due(timezone.now()) == 0


def test_an_unconfirmed_address_gets_nothing():
    user = follower()
    EmailAddress.objects.filter(user=user).update(verified=False)
    cast.make_story()

    assert announce_due(timezone.now()) == 0


def test_another_confirmed_address_does_not_stand_in_for_the_one_we_write_to():
    user = follower()
    EmailAddress.objects.filter(user=user).update(email="old@example.com")
    cast.make_story()

    assert announce_due(timezone.now()) == 0


def test_a_second_call_adds_nothing():
    follower()
    cast.make_story()
    announce_due(timezone.now())

    assert announce_due(timezone.now() + dt.timedelta(hours=1)) == 0
    assert Delivery.objects.count() == 1


def test_publishing_changes_tells_nobody_again():
    follower()
    article = cast.make_article()
    cast.publish(article)
    announce_due(timezone.now())

    cast.publish(article, tell_readers=True)
    announce_due(timezone.now())

    assert Delivery.objects.count() == 1


def test_a_story_taken_off_before_anybody_was_told_is_told_to_nobody():
    follower()
    article = cast.make_article()
    cast.publish(article)
    publishing.unpublish(article, editor=cast.ed())

    assert announce_due(timezone.now()) == 0
    assert Announcement.objects.get().done_at


def test_an_announcement_waits_for_its_time():
    follower()
    cast.make_story()
    soon = timezone.now() + dt.timedelta(minutes=10)
    Announcement.objects.update(due_at=soon)

    assert announce_due(soon - dt.timedelta(seconds=1)) == 0
    assert announce_due(soon) == 1


def test_an_archive_brought_in_is_no_news():
    follower()
    cast.make_story(at=timezone.now() - dt.timedelta(days=400))

    assert announce_due(timezone.now()) == 0
    assert Announcement.objects.get().done_at


def test_a_claim_left_behind_is_taken_over_after_a_minute():
    follower()
    cast.make_story()
    now = timezone.now()
    Announcement.objects.update(claimed_at=now)

    assert announce_due(now + dt.timedelta(seconds=30)) == 0
    assert announce_due(now + dt.timedelta(seconds=61)) == 1


def test_a_fan_out_cut_short_goes_on_behind_the_last_reader(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fan_out, "CHUNK", 2)
    readers = [follower() for _ in range(5)]
    cast.make_story()
    Delivery.objects.bulk_create(
        Delivery(announcement=Announcement.objects.get(), reader=reader) for reader in readers[:2]
    )

    assert announce_due(timezone.now()) == 3
    assert told() == set(readers)


def test_a_story_taken_off_in_the_middle_is_told_to_no_one_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fan_out, "CHUNK", 2)
    for _ in range(5):
        follower()
    article = cast.make_article()
    cast.publish(article)
    insert = fan_out._insert

    def then_unpublish(*args: object) -> int:
        added = insert(*args)  # type: ignore[arg-type]
        publishing.unpublish(article, editor=cast.ed())
        return added

    monkeypatch.setattr(fan_out, "_insert", then_unpublish)

    assert announce_due(timezone.now()) == 2
