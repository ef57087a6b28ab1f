"""Two accounts of one person become one."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.desk import merging, relations
from accounts.desk.merging import MergeRefused, merge
from accounts.models import (
    Checkout,
    Customer,
    Delivery,
    Device,
    DeviceOverride,
    EmailChange,
    Follow,
    Merger,
    Note,
    Opening,
    Payment,
    Price,
    Subscription,
    User,
)
from accounts.privacy import closing, erasure
from articles.models import Announcement, Event
from tests import cast
from tests.accounts.doors import browser, run_tasks, sign_in, signed_in

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DAY = dt.timedelta(days=1)


@pytest.fixture
def other():
    return cast.make_user("other@example.com", name="Ria once more")


def merge_page(desk, kept, **fields):
    return desk.post(reverse("admin:accounts_user_merge", args=[kept.pk]), fields)


def sure(other, **fields):
    return {"other": other.public_id, "reason": "One person", "sure": "yes", **fields}


def test_every_relation_to_an_account_was_thought_of():
    """New tables move, stay or go with a merger because somebody said so in ``relations``."""
    there = {
        f"{relation.related_model._meta.label}.{relation.field.name}"
        for relation in User._meta.related_objects
    }

    assert there == relations.DECIDED


def fill_both(kept, other):
    """Everything a reader can have, with doubles where there may be one only."""
    stories = [cast.make_story(access="metered").article for _ in range(2)]
    announcements = [Announcement.objects.get_or_create(article=each)[0] for each in stories]
    for user, count in ((kept, 1), (other, 2)):
        for story, announcement in list(zip(stories, announcements, strict=True))[:count]:
            Opening.objects.create(user=user, period="2026-03", article=story)
            Delivery.objects.create(announcement=announcement, reader=user)
        Follow.objects.create(user=user, author=cast.lisa())
        Note.objects.create(user=user, text="A note")
        Customer.objects.create(user=user, provider="stripe", provider_id=f"cus_{user.pk}")
    Follow.objects.create(user=other, section=cast.make_section())
    price = Price.objects.create(
        plan=cast.make_plan(), interval="month", currency="USD", amount=400
    )
    for user in (kept, other):
        Checkout.objects.create(
            user=user, price=price, provider="stripe", expires_at=NOW - DAY, state="open"
        )
    row = cast.make_subscription(other, ends_at=NOW + 300 * DAY)
    Payment.objects.create(
        user=other, subscription=row, provider="stripe", invoice_id="in", number="1",
        amount=1, currency="USD", paid_at=NOW,
    )  # fmt: skip
    Authenticator.objects.create(user=other, type="webauthn", data={})


def test_all_moves_to_the_one_that_is_kept_and_nothing_twice(desk, jo, reader, other):
    fill_both(reader, other)
    cast.make_subscription(reader, ends_at=NOW + DAY)
    DeviceOverride.objects.create(user=other, limit=9, reason="x", until=NOW + DAY)

    merge(reader, other, reason="One person", by=jo)

    counts = {
        each.label: (each.of(reader).count(), each.of(other).count()) for each in relations.MOVES
    }
    assert counts == {
        "accounts.Subscription.user": (2, 0),
        "accounts.Follow.user": (2, 0),
        "accounts.Opening.user": (2, 0),
        "accounts.Note.user": (2, 0),
        "accounts.Delivery.reader": (2, 0),
        "accounts.Customer.user": (2, 0),
        "accounts.Payment.user": (1, 0),
        "accounts.Checkout.user": (2, 0),
    }
    assert DeviceOverride.objects.get().user == reader
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("best_is_kept", [True, False])
def test_the_more_generous_number_of_devices_stays(jo, reader, other, best_is_kept):
    first, second = (reader, other) if best_is_kept else (other, reader)
    DeviceOverride.objects.create(user=first, limit=8, reason="x", until=NOW + DAY)
    DeviceOverride.objects.create(user=second, limit=40, reason="y", until=NOW - DAY)

    merge(reader, other, reason="One person", by=jo)

    assert [(row.user, row.limit) for row in DeviceOverride.objects.all()] == [(reader, 8)]


def test_the_best_grant_wins_and_the_emptied_account_is_closed(desk, reader, other):
    premium = cast.make_story(access="premium").get_absolute_url()
    cast.make_subscription(reader, ends_at=NOW + DAY, kind="trial")
    cast.make_subscription(other, kind="comp", ends_at=NOW + 300 * DAY)
    kept_client, other_client = signed_in(reader), signed_in(other)
    run_tasks()
    mail.outbox.clear()

    shown = merge_page(desk, reader, other=" OTHER@example.com").content.decode()

    assert "<dt>Subscriptions</dt><dd>1</dd>" in shown
    assert "<dt>Devices signed out</dt><dd>1</dd>" in shown
    assert not Merger.objects.exists()
    assert merge_page(desk, reader, **sure(other)).status_code == 302

    page = desk.get(reverse("admin:accounts_user_change", args=[reader.pk])).content.decode()
    assert "May read premium: complimentary until" in page
    assert "was merged into this account" in page
    assert kept_client.get(premium).context["page"].is_full
    assert not other_client.get(premium).context["page"].is_full
    assert other_client.get("/account/").status_code == 302
    assert not Device.objects.filter(user=other, ended_at=None).exists()
    assert sign_in(browser(), other.email)["Location"] == "/account/inactive/"
    run_tasks()
    told = {message.to[0]: message.body for message in mail.outbox}
    assert "sign in with your other address, r…@example.com" in told["other@example.com"]
    assert "o…@example.com" in told["ria@example.com"]
    closed = desk.get(reverse("admin:accounts_user_change", args=[other.pk])).content.decode()
    assert "Merged into" in closed
    assert "Give a plan" not in closed


def test_both_logs_tell_of_it_and_name_nobody(desk, jo, reader, other):
    cast.make_subscription(other)

    merge_page(desk, reader, **sure(other))

    told = Event.objects.filter(kind=Event.Kind.ACCOUNTS_MERGED)
    assert {event.target_id for event in told} == {str(reader.public_id), str(other.public_id)}
    for event in told:
        assert (event.actor, event.note) == (jo, "One person")
        assert event.details["subscriptions"] == 1
        assert "example.com" not in f"{event.target_name} {event.details}"


def test_asking_and_looking_change_nothing(desk, reader, other):
    before = Event.objects.count()

    desk.get(reverse("admin:accounts_user_merge", args=[reader.pk]))
    merge_page(desk, reader, other=str(other.public_id))
    page = merge_page(desk, reader, **sure(other, reason=""))

    assert "This field is required." in page.content.decode()
    assert "What moves" in page.content.decode()
    assert Event.objects.count() == before
    assert not Merger.objects.exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ria@example.com", "That is this very account."),
        ("editor@example.com", "Accounts of staff are not merged."),
        ("nobody@example.com", "There is no account with that address or id."),
        ("other", "There is no account with that address or id."),
        ("\x00", "Null characters are not allowed."),
    ],
)
def test_whom_one_cannot_merge_is_said_in_words(desk, reader, other, name, words):
    cast.staff("Editor")

    page = merge_page(desk, reader, other=name)

    assert page.status_code == 200
    assert words in page.content.decode()


def test_an_account_that_was_merged_is_merged_no_second_time(desk, jo, reader, other):
    third = cast.make_user()
    merge(reader, other, reason="One person", by=jo)

    for kept, emptied in ((third, other), (reader, other), (other, third)):
        with pytest.raises(MergeRefused, match="was merged into another account already"):
            merge(kept, emptied, reason="Again", by=jo)
    page = desk.post(
        reverse("admin:accounts_user_merge", args=[third.pk]), sure(other), follow=True
    )
    assert "was merged into another account already" in page.content.decode()
    assert Merger.objects.count() == 1


def test_a_chain_of_mergers_leads_to_the_last_account(jo, reader, other):
    third = cast.make_user()
    merge(other, third, reason="One person", by=jo)
    merge(reader, other, reason="One person", by=jo)

    assert set(merging.emptied_into(reader)) == {other, third}


def test_an_account_that_is_switched_off_is_not_the_one_to_keep(jo, reader, other):
    User.objects.filter(pk=reader.pk).update(is_active=False)

    with pytest.raises(MergeRefused, match="switched off"):
        merge(reader, other, reason="One person", by=jo)


def test_who_is_just_about_to_pay_is_left_alone(jo, reader, other):
    price = Price.objects.create(
        plan=cast.make_plan(), interval="month", currency="USD", amount=400
    )
    Checkout.objects.create(user=other, price=price, provider="stripe", expires_at=NOW + DAY)

    with pytest.raises(MergeRefused, match="just about to pay"):
        merge(reader, other, reason="One person", by=jo)


def test_a_closed_account_stays_closed_and_gets_nothing(desk, jo, reader, other):
    merge(reader, other, reason="One person", by=jo)

    desk.post(
        reverse("admin:accounts_user_change", args=[other.pk]), {"name": "x", "is_active": "on"}
    )

    assert not User.objects.get(pk=other.pk).is_active
    assert not Subscription.objects.filter(user=other).exists()


def test_the_address_of_a_merged_account_can_become_that_of_the_kept_one(desk, jo, reader, other):
    merge(reader, other, reason="One person", by=jo)

    desk.post(
        reverse("admin:accounts_user_address", args=[reader.pk]),
        {"address": "other@example.com", "reason": "Reads mail there now"},
    )

    assert EmailChange.objects.get(user=reader).new_email == "other@example.com"
    assert User.objects.get(pk=other.pk).email.endswith("@merged.invalid")


def test_who_asked_to_be_deleted_is_not_merged(jo, reader, other):
    closing.close(other, at=NOW)

    with pytest.raises(MergeRefused, match="has asked to delete it"):
        merge(reader, other, reason="One person", by=jo)


def test_who_pays_twice_is_shown_before_it_happens(desk, reader, other):
    for user in (reader, other):
        cast.make_subscription(user, provider="stripe", provider_id=f"sub_{user.pk}")

    assert "one person pays twice" in merge_page(desk, reader, other=other.email).content.decode()


def test_what_was_merged_is_erased_with_its_reader(jo, reader, other):
    Note.objects.create(user=other, text="A note")
    merge(reader, other, reason="Marker in a reason", by=jo)
    closing.close(reader, at=NOW - 8 * DAY)

    erasure.erase_due(NOW)

    assert not User.objects.filter(pk__in=[reader.pk, other.pk]).exists()
    assert not Note.objects.exists()
    assert not Merger.objects.exists()
    assert not Event.objects.filter(note__contains="Marker").exists()
