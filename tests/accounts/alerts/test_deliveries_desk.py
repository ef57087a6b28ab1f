"""The desk's page of mails: what became of each, and sending again by hand."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from accounts.alerts.deliver import deliver_due
from accounts.alerts.fan_out import announce_due
from accounts.models import Delivery, User
from articles.models import Event
from tests import cast
from tests.accounts import doors
from tests.accounts.alerts.people import follower
from tests.accounts.alerts.post_office import PostOffice

pytestmark = pytest.mark.django_db

LIST = "/admin/accounts/delivery/"
STATE = Delivery.State


def staff(group: str) -> Client:
    user = cast.make_user(is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return doors.signed_in(user)


@pytest.fixture
def reader() -> User:
    user = follower(email="rosa@example.com")
    cast.make_story(headline="Eleven ships wait for the wind")
    announce_due(timezone.now())
    return user


@pytest.fixture
def row(reader: User) -> Delivery:
    Delivery.objects.update(state=STATE.UNKNOWN, claimed_at=timezone.now(), attempts=1)
    return Delivery.objects.get()


def state_of(row: Delivery) -> str:
    return Delivery.objects.get(pk=row.pk).state


def test_the_list_shows_what_is_unknown(row: Delivery):
    client = staff("Subscriptions desk")

    text = client.get(LIST, {"state__exact": "unknown"}).text

    assert "Eleven ships wait for the wind" in text
    assert "rosa@example.com" in text
    assert "Sent or not: unknown" in text
    assert "0 deliveries" in client.get(LIST, {"state__exact": "failed"}).text


def test_the_button_sends_once_more_and_is_written_down(row: Delivery, office: PostOffice):
    client = staff("Subscriptions desk")
    path = f"{LIST}{row.pk}/change/"
    assert "Send again" in client.get(path).text

    answer = client.post(path, {"_again": "1"}, follow=True)

    assert "will be sent again" in answer.text
    assert "Send again" not in answer.text
    event = Event.objects.get(kind=Event.Kind.MAIL_SENT_AGAIN)
    assert event.target_id == str(row.reader.public_id)
    assert "rosa" not in f"{event.target_name} {event.note} {event.details}"
    assert event.actor == User.objects.get(is_staff=True, is_superuser=False)
    assert deliver_due(timezone.now()).sent == 1
    assert office.taken["rosa@example.com"] == 1


def test_pressing_it_twice_sends_once(row: Delivery, office: PostOffice):
    client = staff("Subscriptions desk")
    path = f"{LIST}{row.pk}/change/"

    client.post(path, {"_again": "1"})
    answer = client.post(path, {"_again": "1"}, follow=True)

    assert "Nothing was done" in answer.text
    deliver_due(timezone.now())
    answer = client.post(path, {"_again": "1"}, follow=True)
    assert "Nothing was done" in answer.text
    deliver_due(timezone.now())
    assert office.taken["rosa@example.com"] == 1
    assert Event.objects.filter(kind=Event.Kind.MAIL_SENT_AGAIN).count() == 1


def test_several_are_sent_again_from_the_list(row: Delivery):
    client = staff("Subscriptions desk")
    follower(email="sent@example.com")
    announcement = row.announcement
    other = Delivery.objects.create(
        announcement=announcement, reader=User.objects.get(email="sent@example.com"), state="sent"
    )
    chosen = {"action": "send_again", "_selected_action": [row.pk, other.pk]}

    answer = client.post(LIST, chosen, follow=True)

    assert "1 mail will be sent again" in answer.text
    assert "1 mail left as it was" in answer.text
    assert (state_of(row), state_of(other)) == (STATE.QUEUED, STATE.SENT)


def test_a_looked_at_mail_is_never_sent_by_looking(row: Delivery):
    staff("Subscriptions desk").get(f"{LIST}{row.pk}/change/?_again=1")

    assert state_of(row) == STATE.UNKNOWN


@pytest.mark.parametrize("group", ["Reporter", "Editor", "Chief editor", "Photo desk"])
def test_the_other_desks_have_no_say_in_readers_mails(group: str, row: Delivery):
    client = staff(group)

    assert client.get(LIST).status_code == 403
    assert client.post(f"{LIST}{row.pk}/change/", {"_again": "1"}).status_code == 403
    assert state_of(row) == STATE.UNKNOWN


def test_nobody_adds_or_deletes_a_delivery(row: Delivery):
    client = doors.signed_in(cast.ed())

    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(f"{LIST}{row.pk}/change/", {"state": "sent"})
    assert state_of(row) == STATE.UNKNOWN


def test_a_mail_that_is_no_more_is_not_found_kindly(row: Delivery):
    client = staff("Subscriptions desk")

    assert client.get(f"{LIST}999999/change/", follow=True).status_code == 200
    assert client.post(f"{LIST}999999/change/", {"_again": "1"}, follow=True).status_code == 200


def test_the_list_asks_as_many_questions_for_fifty_mails_as_for_one(
    row: Delivery, django_assert_max_num_queries
):
    client = staff("Subscriptions desk")
    for _ in range(30):
        Delivery.objects.create(announcement=row.announcement, reader=follower())

    with django_assert_max_num_queries(14):
        client.get(LIST)
