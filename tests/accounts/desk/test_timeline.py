"""What happened to a reader, in one list on their page."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.desk import timeline
from accounts.models import Customer, Delivery, Device, MoneyMail, Note, Payment
from articles import events
from articles.models import Announcement, Event
from tests import cast
from tests.accounts.doors import browser, last_link, signed_in

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DAY = dt.timedelta(days=1)


def page(client, reader, **asked):
    return client.get(reverse("admin:accounts_user_change", args=[reader.pk]), asked)


def told(reader, **options):
    return [entry.what for entry in timeline.page_of(reader, with_notes=True, **options).entries]


def test_it_tells_of_everything_newest_first(desk, jo, reader):
    plan = cast.make_plan()
    at = iter(NOW - number * DAY for number in range(20, 0, -1))
    type(reader).objects.filter(pk=reader.pk).update(date_joined=next(at))
    row = cast.make_subscription(reader, plan=plan, created_at=next(at))
    events.record(
        Event.Kind.PROVIDER_CHANGED, actor=None, target_kind="reader", at=next(at),
        target_id=reader.public_id, note="Changed at the payment provider",
        details={"plan": "Digital", "failed_at": NOW.isoformat(), "price_id": 7, "ended_at": None},
    )  # fmt: skip
    Payment.objects.create(
        user=reader, subscription=row, provider="stripe", invoice_id="in_1", number="A-1",
        amount=400, currency="USD", paid_at=next(at), refunded=100, refunded_at=next(at),
        disputed_at=next(at),
    )  # fmt: skip
    Device.objects.create(
        user=reader, key_hash="x", slot=1, name="Firefox on Windows", created_at=next(at),
        ended_at=next(at), ending=Device.Ending.REPLACED, ended_from="Safari on iPhone",
    )  # fmt: skip
    MoneyMail.objects.create(
        subscription=row, kind="receipt", about="in_1", state="sent", sent_at=next(at)
    )
    announcement = Announcement.objects.get_or_create(article=cast.make_story().article)[0]
    Delivery.objects.create(
        announcement=announcement, reader=reader, state="sent", sent_at=next(at)
    )
    Note.objects.create(user=reader, text="Called twice.", written_by=jo, written_at=next(at))

    assert told(reader) == [
        "Note",
        "Mail about a story",
        "Mail: Receipt",
        "Firefox on Windows signed out",
        "Signed in on Firefox on Windows",
        "Disputed $4.00",
        "Refunded $1.00",
        "Paid $4.00",
        "Changed at the payment provider",
        "Subscribed to Digital",
        "Signed up",
    ]
    shown = page(desk, reader).content.decode()
    for words in ("Called twice.", "Invoice A-1", "(from Safari on iPhone)", 'data-kind="alert"'):
        assert words in shown
    assert "Failed at: " in shown
    assert "Ended at" not in shown


def test_acts_of_the_desk_and_a_confirmed_address_are_in_it(desk, jo):
    client = browser()
    client.post(
        "/account/sign-up/",
        {"name": "Ula", "email": "ula@example.com", "password1": cast.PASSWORD},
    )
    client.post(last_link())
    reader = type(jo).objects.get(email="ula@example.com")
    desk.post(
        reverse("admin:accounts_subscription_add"),
        {"user": reader.pk, "plan": cast.make_plan().pk, "kind": "comp",
         "starts_at": f"{timezone.localtime(NOW):%Y-%m-%dT%H:%M}", "reason": "Won a quiz"},
    )  # fmt: skip

    found = timeline.page_of(reader, with_notes=False).entries

    words = [(entry.what, entry.who, entry.more) for entry in found]
    assert ("Gave a plan", jo.name, "Won a quiz") in words
    assert ("Confirmed the address", "The system", "") in words
    assert words[-1][0] == "Signed up"


def test_pages_miss_nothing_and_say_nothing_twice(reader):
    """Also where many things happened at one moment."""
    Note.objects.bulk_create(
        [
            Note(user=reader, text=f"Note {number}", written_at=NOW - (number // 20) * DAY)
            for number in range(50)
        ]
    )
    Device.objects.bulk_create(
        [
            Device(
                user=reader, key_hash=f"{number}", slot=1, name=f"Browser {number}",
                created_at=NOW, ended_at=NOW, ending="signed_out",
            )
            for number in range(25)
        ]
    )  # fmt: skip

    found, before = [], ""
    while True:
        part = timeline.page_of(reader, with_notes=True, before=before)
        assert len(part.entries) <= timeline.MOST
        found += part.entries
        if not part.older:
            break
        before = part.older

    assert len(found) == 50 + 25 * 2 + 1
    assert len({(entry.what, entry.more) for entry in found}) == 50 + 25 * 2 + 1
    assert [entry.at for entry in found] == sorted((entry.at for entry in found), reverse=True)


@pytest.mark.parametrize(
    "before", ["x", "1", "9" * 17 + "-1-1", "1-1-" + "9" * 19, "-1-1-1", "１-1-1"]
)
def test_what_is_no_place_in_it_is_not_found(desk, reader, before):
    assert page(desk, reader, before=before).status_code == 404


def test_the_first_and_the_last_place_there_can_be(desk, reader):
    assert page(desk, reader, before="0-0-0").status_code == 200
    assert page(desk, reader, before="9" * 16 + "-99-" + "9" * 18).status_code == 200


def test_it_costs_the_same_however_much_happened(desk, reader, django_assert_max_num_queries):
    Note.objects.bulk_create([Note(user=reader, text=f"Note {n}") for n in range(200)])
    Device.objects.bulk_create(
        [
            Device(
                user=reader, key_hash=f"{n}", slot=1, name="Browser", ended_at=NOW, ending="unseen"
            )
            for n in range(200)
        ]
    )

    with django_assert_max_num_queries(42):
        shown = page(desk, reader).content.decode()

    assert shown.count("<time") == timeline.MOST
    assert "Older" in shown


def test_notes_are_for_who_may_see_them(reader, jo):
    Note.objects.create(user=reader, text="Pays in coins.", written_by=jo)
    chief = signed_in(cast.staff("Chief editor"))

    assert "Pays in coins." not in page(chief, reader).content.decode()


def test_of_what_is_written_nothing_is_markup(desk, reader, jo):
    Note.objects.create(user=reader, text="<script>alert(1)</script>", written_by=jo)
    Customer.objects.create(user=reader, provider="stripe", provider_id="cus_1")

    assert "<script>alert(1)" not in page(desk, reader).content.decode()
