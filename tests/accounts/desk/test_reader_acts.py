"""Notes, addresses and numbers of devices: each act asks for its right and a reason."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import DeviceOverride, Note, User
from articles.models import Event
from tests import cast
from tests.accounts.doors import browser, fill, last_link, run_tasks, sign_in, signed_in

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DAY = dt.timedelta(days=1)
ACTS = {
    "sign_out": ("change_device", {"reason": "Lost phone"}),
    "devices": (
        "add_deviceoverride",
        {"limit": "3", "until": f"{NOW + 9 * DAY:%Y-%m-%dT%H:%M}", "reason": "Asked"},
    ),
    "devices_again": ("delete_deviceoverride", {"reason": "Asked"}),
    "address": ("correct_address", {"address": "new@example.org", "reason": "A typing error"}),
    "confirmation": ("correct_address", {"go": "on"}),
    "note": ("add_note", {"text": "Prefers letters."}),
    "merge": ("merge_readers", {"other": "other@example.com"}),
}


def url(name, reader):
    return reverse(f"admin:accounts_user_{name}", args=[reader.pk])


def act(client, name, reader, **fields):
    return client.post(url(name, reader), ACTS[name][1] | fields)


def happened(kind):
    return Event.objects.filter(kind=kind).count()


@pytest.mark.parametrize("name", ACTS)
def test_without_its_right_an_act_is_refused_and_changes_nothing(jo, reader, name):
    jo.groups.first().permissions.remove(Permission.objects.get(codename=ACTS[name][0]))
    client = signed_in(jo)
    reader.emailaddress_set.update(verified=False)
    DeviceOverride.objects.create(user=reader, limit=7, reason="x", until=NOW + DAY)
    before = Event.objects.count()

    assert client.get(url(name, reader)).status_code == 403
    assert act(client, name, reader).status_code == 403
    assert Event.objects.count() == before
    page = client.get(reverse("admin:accounts_user_change", args=[reader.pk])).content.decode()
    assert f'href="{url(name, reader)}"' not in page


@pytest.mark.parametrize("name", ACTS)
def test_the_desk_acts_on_no_account_of_staff(desk, name):
    editor = cast.staff("Editor")

    assert desk.get(url(name, editor)).status_code == 403
    assert act(desk, name, editor).status_code == 403


@pytest.mark.parametrize("name", ACTS)
def test_nobody_there_is_not_found(desk, name):
    assert desk.get(reverse(f"admin:accounts_user_{name}", args=[999999])).status_code == 404


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("sign_out", "reason"),
        ("devices", "reason"),
        ("devices", "limit"),
        ("devices", "until"),
        ("devices_again", "reason"),
        ("address", "reason"),
        ("address", "address"),
        ("note", "text"),
        ("merge", "other"),
    ],
)
def test_what_is_asked_must_be_said(desk, reader, name, field):
    events = Event.objects.count()

    page = act(desk, name, reader, **{field: ""})

    assert page.status_code == 200
    assert "This field is required." in page.content.decode()
    assert Event.objects.count() == events


def test_a_note_is_kept_with_who_and_when_and_the_log_does_not_say_what(desk, jo, reader):
    act(desk, "note", reader, text="Her <b>sister</b> pays.\nSince May.")

    note = Note.objects.get()
    assert (note.user, note.written_by) == (reader, jo)
    assert NOW - DAY < note.written_at <= timezone.now()
    event = Event.objects.get(kind=Event.Kind.NOTE_LEFT)
    assert "sister" not in f"{event.note} {event.details}"
    page = desk.get(reverse("admin:accounts_user_change", args=[reader.pk])).content.decode()
    assert "Her &lt;b&gt;sister&lt;/b&gt; pays.<br>Since May." in page


def test_a_note_that_is_too_long_is_given_back_whole(desk, reader):
    page = act(desk, "note", reader, text="long " * 500)

    assert not Note.objects.exists()
    assert page.content.decode().count("long ") >= 499


def test_another_number_holds_until_its_end_and_is_taken_back_with_a_reason(desk, jo, reader):
    act(desk, "devices", reader, limit="2", reason="Half a town shares it")

    assert DeviceOverride.objects.get(user=reader).limit == 2
    fill(reader, 2)
    assert sign_in(browser(), reader.email)["Location"] == "/account/devices/choose/"
    act(desk, "devices", reader, limit="4", reason="Too strict")
    assert DeviceOverride.objects.get(user=reader).limit == 4

    act(desk, "devices_again", reader, reason="Enough of it")

    assert not DeviceOverride.objects.exists()
    told = Event.objects.filter(kind=Event.Kind.DEVICES_CHANGED).order_by("pk")
    assert [(event.note, event.details["limit"], event.actor) for event in told] == [
        ("Half a town shares it", 2, jo),
        ("Too strict", 4, jo),
        ("Enough of it", None, jo),
    ]
    mail.outbox.clear()
    run_tasks()
    subjects = [message.subject for message in mail.outbox if message.to == [reader.email]]
    assert subjects.count("How many devices may be signed in") == 3


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"limit": "0"}, "greater than or equal to 1"),
        ({"limit": "51"}, "less than or equal to 50"),
        ({"limit": "many"}, "Enter a whole number."),
        ({"until": f"{NOW - DAY:%Y-%m-%dT%H:%M}"}, "That end is past"),
        ({"until": "soon"}, ""),
        ({"reason": "x" * 301}, "at most 300"),
    ],
)
def test_a_number_that_makes_no_sense_is_refused_in_words(desk, reader, fields, words):
    page = act(desk, "devices", reader, **fields)

    assert page.status_code == 200
    assert words in page.content.decode()
    assert not DeviceOverride.objects.exists()


def test_taking_back_what_is_not_there_says_so(desk, reader):
    page = act(desk, "devices_again", reader)

    assert "No other number holds any more." in page.content.decode()
    assert not happened(Event.Kind.DEVICES_CHANGED)


def test_a_corrected_address_counts_once_it_is_confirmed(desk, jo, reader):
    client = signed_in(reader)
    run_tasks()
    mail.outbox.clear()

    answer = act(desk, "address", reader, address="  Ria.New@Example.org ")

    assert answer.status_code == 302
    run_tasks()
    to_new, to_old = mail.outbox
    assert (to_new.to, to_old.to) == (["ria.new@example.org"], ["ria@example.com"])
    assert "ria.new" not in to_old.body.lower()
    assert client.get("/account/").status_code == 200
    assert sign_in(browser(), "ria@example.com")["Location"] == "/account/"
    event = Event.objects.get(kind=Event.Kind.ADDRESS_CORRECTED)
    assert (event.actor, event.note) == (jo, "A typing error")
    assert "example" not in f"{event.target_name} {event.details}"

    mail.outbox[:] = [to_new]
    browser().post(last_link())

    assert User.objects.get(pk=reader.pk).email == "ria.new@example.org"
    assert client.get("/account/").status_code == 200
    assert sign_in(browser(), "ria.new@example.org")["Location"] == "/account/"


def test_an_address_that_was_never_confirmed_is_replaced_at_once(desk, reader):
    reader.emailaddress_set.update(verified=False)

    act(desk, "address", reader)

    assert sign_in(browser(), "new@example.org")["Location"] == "/account/confirm/"
    to_new, to_old = mail.outbox[:2]
    assert (to_new.to, to_old.to) == (["new@example.org"], ["ria@example.com"])
    assert "new@example.org" not in to_old.body
    assert "/account/" not in to_old.body
    assert sign_in(browser(), "ria@example.com").status_code == 200
    mail.outbox[:] = [to_new]
    browser().post(last_link())
    assert sign_in(browser(), "new@example.org")["Location"] == "/account/"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("no address", "Enter an address with an @ sign"),
        ("x@", "Enter an address with an @ sign"),
        (f"{'x' * 250}@example.com", "254 letters at most"),
        ("RIA@example.com", "That is the address already."),
        ("Sam@Example.com", "Another account uses this address."),
        ("pending-of-sam@example.com", "Another account uses this address."),
        ("new@example.org\nBcc: x@example.com", "Enter an address with an @ sign"),
    ],
)
def test_an_address_that_cannot_be_is_refused_in_words(desk, reader, address, words):
    sam = cast.sam()
    sam.emailaddress_set.create(email="pending-of-sam@example.com", verified=True)
    mail.outbox.clear()

    page = act(desk, "address", reader, address=address)

    assert page.status_code == 200
    assert words in page.content.decode()
    assert User.objects.get(pk=reader.pk).email == "ria@example.com"
    assert not mail.outbox
    assert not happened(Event.Kind.ADDRESS_CORRECTED)


def test_an_old_link_to_a_new_password_dies_with_the_old_address(desk, reader):
    reader.emailaddress_set.update(verified=False)
    browser().post("/account/reset/", {"email": reader.email})
    link = last_link()

    act(desk, "address", reader)

    assert "This link does not work any more" in browser().get(link, follow=True).content.decode()


def test_a_confirmation_is_sent_again_once_a_minute(desk, reader):
    reader.emailaddress_set.update(verified=False)
    mail.outbox.clear()

    assert act(desk, "confirmation", reader).status_code == 302
    page = act(desk, "confirmation", reader)

    assert "One was sent just now." in page.content.decode()
    assert [message.to for message in mail.outbox] == [[reader.email]]
    assert happened(Event.Kind.CONFIRMATION_SENT) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "The address is confirmed already."),
        ({"is_active": False}, "The account is switched off."),
    ],
)
def test_a_confirmation_nobody_needs_is_not_sent(desk, reader, change, words):
    if change:
        User.objects.filter(pk=reader.pk).update(**change)
        reader.emailaddress_set.update(verified=False)
    mail.outbox.clear()

    page = act(desk, "confirmation", reader)

    assert words in page.content.decode()
    assert not mail.outbox


def test_a_mail_server_that_is_down_undoes_no_correction(desk, reader, settings):
    reader.emailaddress_set.update(verified=False)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    page = desk.post(url("address", reader), ACTS["address"][1], follow=True).content.decode()

    assert "The confirmation could not be sent." in page
    assert "The former address could not be told." in page
    assert User.objects.get(pk=reader.pk).email == "new@example.org"


@pytest.mark.parametrize("name", ["extend", "cancel", "end"])
def test_a_reader_is_told_by_mail_what_becomes_of_a_plan(desk, reader, name):
    subscription = cast.make_subscription(reader)
    run_tasks()
    mail.outbox.clear()
    fields = {"until": f"{NOW + 90 * DAY:%Y-%m-%dT%H:%M}", "reason": "Secret reason"}

    desk.post(reverse(f"admin:accounts_subscription_{name}", args=[subscription.pk]), fields)
    run_tasks()

    (message,) = mail.outbox
    assert message.to == [reader.email]
    assert {"extend": "runs longer", "cancel": "not be renewed", "end": "has ended"}[
        name
    ] in message.subject
    assert "Secret reason" not in message.body
    assert "Digital" in message.alternatives[0][0]


def test_a_plan_paid_without_us_names_its_payment(desk, reader):
    fields = {
        "user": reader.pk, "plan": cast.make_plan().pk, "kind": "paid",
        "starts_at": f"{NOW:%Y-%m-%dT%H:%M}", "ends_at": f"{NOW + 300 * DAY:%Y-%m-%dT%H:%M}",
        "reason": "By bank transfer",
    }  # fmt: skip
    add = reverse("admin:accounts_subscription_add")

    assert "Name the payment" in desk.post(add, fields).content.decode()
    assert desk.post(add, fields | {"reference": "Transfer 4711"}).status_code == 302

    given = reader.subscriptions.get()
    assert given.reference == "Transfer 4711"
    assert Event.objects.get(kind=Event.Kind.PLAN_GIVEN).details["reference"] == "Transfer 4711"
    mail.outbox.clear()
    run_tasks()
    assert "Your plan: Digital" in [message.subject for message in mail.outbox]


def test_nothing_is_given_to_an_account_that_is_switched_off(desk, reader):
    User.objects.filter(pk=reader.pk).update(is_active=False)
    fields = {
        "user": reader.pk, "plan": cast.make_plan().pk, "kind": "comp",
        "starts_at": f"{NOW:%Y-%m-%dT%H:%M}", "reason": "Won",
    }  # fmt: skip

    page = desk.post(reverse("admin:accounts_subscription_add"), fields)

    assert "This account is switched off." in page.content.decode()
    assert not reader.subscriptions.exists()
