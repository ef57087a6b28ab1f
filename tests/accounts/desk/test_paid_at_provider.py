"""What the desk does to a subscription that the payment provider renews."""

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import DemoSubscription
from articles.models import Event
from tests.accounts.billing.paying import make_price, only, premium_story, reads, subscribe
from tests.accounts.doors import run_tasks, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(jo, reader):
    return signed_in(reader)


@pytest.fixture
def held(client):
    return subscribe(client, make_price())


def act(desk, held, name, **fields):
    url = reverse(f"admin:accounts_subscription_{name}", args=[held.pk])
    fields = {"reason": "Asked for it by letter", **fields}
    return desk.post(url, fields, follow=True).content.decode()


def test_ending_it_ends_it_there_too(desk, client, reader, held):
    story = premium_story()
    assert reads(client, story)

    act(desk, held, "end")

    assert not reads(client, story)
    assert only(reader).ended_at is not None
    assert DemoSubscription.objects.get().ended_at is not None
    assert Event.objects.get(kind=Event.Kind.PLAN_ENDED).note == "Asked for it by letter"


def test_cancelling_it_stops_the_renewal_there(desk, client, reader, held):
    story = premium_story()
    mail.outbox.clear()

    act(desk, held, "cancel")

    assert only(reader).cancelled_at is not None
    assert reads(client, story)
    run_tasks()
    assert not [each for each in mail.outbox if "will not be renewed" in each.subject]
    again = act(desk, held, "cancel")
    assert "It is cancelled already." in again
    assert Event.objects.filter(kind=Event.Kind.PLAN_ENDED).count() == 1


def test_it_is_not_extended_by_hand(desk, reader, held):
    before = only(reader).ends_at

    page = act(desk, held, "extend", until="2099-01-01T10:00")

    assert "The payment provider says when this one ends." in page
    assert only(reader).ends_at == before
    change = reverse("admin:accounts_subscription_change", args=[held.pk])
    assert "/extend/" not in desk.get(change).content.decode()


def test_without_the_provider_nothing_is_changed(desk, reader, held, settings):
    settings.IS_PRODUCTION = True

    page = act(desk, held, "end")

    assert "The payment provider of this one is not set up here any more." in page
    assert only(reader).ended_at is None


def test_the_timeline_tells_of_paying(desk, reader, held):
    page = desk.get(reverse("admin:accounts_user_change", args=[reader.pk])).content.decode()

    assert "<b>Subscribed</b>" in page
    assert "Paid $8.00" in page
