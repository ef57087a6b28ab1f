"""What is kept of a reader: shown, copied, closed, brought back, erased, and gone in time."""

import csv
import datetime as dt
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import csv_text, trail
from accounts.billing import jobs
from accounts.models import (
    Checkout,
    Closing,
    CodeTries,
    Customer,
    DemoSubscription,
    Device,
    Export,
    Follow,
    Payment,
    Suppressed,
    User,
)
from accounts.privacy import erasure, export, retention, suppression, tables
from articles.models import Event
from tests import cast
from tests.accounts.billing import paying
from tests.accounts.doors import browser, fill, pending, run_tasks, sign_in, signed_in

pytestmark = pytest.mark.django_db

AGAIN = {"password": cast.PASSWORD}


@pytest.fixture(autouse=True)
def paper():
    cast.make_publication(contact_email="desk@example.com")


@pytest.fixture
def ria():
    return cast.registered()


@pytest.fixture
def home(ria):
    client = signed_in(ria)
    client.post("/account/again/", AGAIN)
    run_tasks()
    mail.outbox.clear()
    return client


def said(response) -> str:
    return " ".join(response.content.decode().split())


def link() -> str:
    return re.search(r"https?://[^/]+(/account/bring-back/\S+)", str(mail.outbox[-1].body))[1]


def close(client):
    response = client.post("/account/privacy/delete/")
    run_tasks()
    return response


# --- The page -----------------------------------------------------------------------------------


def test_the_page_says_what_is_kept_how_long_and_why(home):
    page = said(home.get("/account/privacy/"))

    for rule in retention.RULES:
        assert rule.how_long in page
    assert "90 days after they were signed out." in page
    assert "Make a copy" in page
    assert "/account/privacy/delete/" in page


def test_every_table_of_the_registry_has_a_rule():
    ruled = {label for rule in retention.RULES for label in rule.tables}
    assert {table.model for table in tables.TABLES} <= ruled


def test_every_key_to_an_account_is_decided_about():
    """A new table with a key to a reader, or to a row about one, belongs into
    ``accounts/privacy/tables.py``, or on its list of what is left out, with a reason."""
    assert tables.undecided() == []


def test_a_table_that_nobody_decided_about_is_found(monkeypatch):
    kept = tuple(table for table in tables.TABLES if table.model != "accounts.Follow")
    monkeypatch.setattr(tables, "TABLES", kept)
    assert tables.undecided() == ["accounts.Follow.user"]


# --- The copy -----------------------------------------------------------------------------------


def ask(client):
    return client.post("/account/privacy/copy/")


def unpacked(response) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def test_a_copy_is_made_by_the_worker_and_fetched_by_its_owner_alone(home, ria):
    Follow.objects.create(user=ria, section=cast.make_section())
    cast.make_subscription(ria, reason="=cmd|' /C calc'!A0")
    assert "being made" in said(home.post("/account/privacy/copy/", follow=True))
    assert "Make a copy" not in said(home.get("/account/privacy/"))
    run_tasks()
    run_tasks()

    assert mail.outbox[-1].to == ["ria@example.com"]
    assert mail.outbox[-1].subject == "Your copy is ready"
    row = Export.objects.get()
    path = f"/account/privacy/copy/{row.pk}/"
    assert path in said(home.get("/account/privacy/"))
    fetched = home.get(path)
    assert fetched["Cache-Control"] == "private, no-store"
    assert fetched["Content-Disposition"].startswith("attachment")
    files = unpacked(fetched)
    assert {f"{table.name}.{end}" for table in tables.TABLES for end in ("json", "csv")} | {
        "README.txt"
    } == set(files.namelist())
    [profile] = json.loads(files.read("profile.json"))
    assert (profile["email"], profile["name"]) == ("ria@example.com", "Ria")
    assert json.loads(files.read("follows.json"))[0]["section__name"] == "World"
    header, line = csv.reader(io.StringIO(files.read("subscriptions.csv").decode()))
    assert dict(zip(header, line, strict=True))["reason"].startswith("'=cmd")
    assert "argon2" not in "".join(files.read(name).decode() for name in files.namelist())

    other = signed_in(cast.lapsed())
    other.post("/account/again/", AGAIN)
    assert other.get(path).status_code == 404
    assert browser().get(path)["Location"].startswith("/account/sign-in/")
    assert signed_in(ria).get(path)["Location"].startswith("/account/again/")


def test_the_file_lies_under_a_random_name_outside_of_what_is_served(home):
    ask(home)
    run_tasks()
    path = export.path_of(Export.objects.get())

    assert path.stat().st_mode & 0o077 == 0
    assert len(path.stem) >= 32
    for start in ("/media/exports/", "/exports/", "/media/../exports/"):
        assert browser().get(start + path.name).status_code == 404


def test_the_mail_does_not_hold_the_data(home):
    ask(home)
    run_tasks()
    run_tasks()
    assert "/account/privacy/" in str(mail.outbox[-1].body)
    assert Export.objects.get().file not in str(mail.outbox[-1].body)
    assert not mail.outbox[-1].attachments


def test_a_copy_is_asked_for_by_post_after_the_password(ria, home):
    home.get("/account/privacy/copy/")
    ask(signed_in(ria))
    assert not Export.objects.exists()


def test_two_clicks_make_one_copy_and_a_day_three(home):
    assert [ask(home).status_code for _ in range(4)] == [302, 302, 302, 429]
    assert Export.objects.count() == 1


def test_a_copy_that_came_to_nothing_can_be_asked_for_again(home):
    ask(home)
    Export.objects.update(asked_at=timezone.now() - dt.timedelta(days=1, minutes=1))
    DBTaskResult.objects.all().delete()

    assert "Make a copy" in said(home.get("/account/privacy/"))
    ask(home)
    run_tasks()
    assert Export.objects.get().made_at is not None


def test_a_copy_asked_for_before_the_account_was_closed_is_not_made(ria, home):
    ask(home)
    close(home)
    assert not Export.objects.exists()


def test_a_copy_is_gone_after_a_week(home):
    ask(home)
    run_tasks()
    row = Export.objects.get()
    Export.objects.update(made_at=timezone.now() - dt.timedelta(days=7, minutes=1))

    assert home.get(f"/account/privacy/copy/{row.pk}/").status_code == 404
    assert export.path_of(row).exists()
    retention.purge(timezone.now())
    assert not export.path_of(row).exists()
    assert not Export.objects.exists()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1"])
def test_no_cell_is_a_formula(text):
    assert csv_text.cell(text) == f"'{text}"


def test_other_cells_stay_as_they_are():
    assert [csv_text.cell(value) for value in ("a=b", -5, None, True, "")] == [
        "a=b",
        "-5",
        "",
        "True",
        "",
    ]


# --- Closing and coming back --------------------------------------------------------------------


def test_a_closed_account_is_signed_out_everywhere_at_once(ria, home):
    elsewhere = fill(ria, 2)
    assert close(home)["Location"] == "/account/closed/"

    for client in (home, *elsewhere):
        assert client.get("/account/").status_code == 302
    assert not ria.devices.filter(ended_at=None).exists()
    assert mail.outbox[-1].subject == "Your account is closed"
    assert [m.subject for m in mail.outbox if "Signed out" in m.subject] == []


def test_a_closed_account_reads_nothing_of_premium_and_gets_no_mail():
    sam = cast.sam()
    story = cast.make_story(access="premium")
    client = signed_in(sam)
    client.post("/account/again/", AGAIN)
    assert "paywall" not in said(client.get(story.get_absolute_url()))
    close(client)

    assert "paywall" in said(client.get(story.get_absolute_url()))
    from accounts.alerts.fan_out import reachable

    assert not reachable().filter(pk=sam.pk).exists()


def test_a_sign_in_that_waits_for_a_slot_gets_none_once_the_account_is_closed():
    max_ = cast.max_()
    first, *_ = fill(max_, 5)
    waiting = pending(max_)
    first.post("/account/again/", AGAIN)
    close(first)

    answer = waiting.post("/account/devices/choose/", {"device": "1"})

    assert answer["Location"] == "/account/sign-in/"
    assert not max_.devices.filter(ended_at=None).exists()


def test_signing_in_shows_the_way_back_to_who_knows_the_password(home):
    close(home)
    client = browser()
    assert sign_in(client, "ria@example.com", password="wrong").status_code == 200
    answer = sign_in(client, "ria@example.com")

    assert answer["Location"] == "/account/inactive/"
    assert "You closed this account" in said(client.get("/account/inactive/"))
    assert "You closed" not in said(browser().get("/account/inactive/"))
    count = len(mail.outbox)
    assert client.post("/account/inactive/").status_code == 302
    run_tasks()
    assert len(mail.outbox) == count + 1
    assert client.post("/account/inactive/").status_code == 429


@pytest.mark.parametrize(
    ("path", "field"), [("code", "login"), ("reset", "email"), ("sign-up", "email")]
)
def test_by_mail_the_owner_learns_of_the_way_back_and_others_nothing(home, path, field):
    close(home)
    mail.outbox.clear()
    fields = {"name": "Ria", "password1": cast.PASSWORD}
    client, other = browser(), browser()
    if path == "code":
        field = "email"
    known = client.post(f"/account/{path}/", {field: "ria@example.com", **fields})
    unknown = other.post(f"/account/{path}/", {field: "no@example.com", **fields})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [m.subject for m in mail.outbox if m.to == ["ria@example.com"]] == [
        "Your account is closed"
    ]


def test_the_link_brings_everything_back_by_a_button(ria, home):
    Follow.objects.create(user=ria, section=cast.make_section())
    close(home)
    back = link()
    for _ in range(3):
        assert "Bring it back" in said(browser().get(back))
    assert not User.objects.get(pk=ria.pk).is_active
    answer = browser().post(back)

    assert "Your account is back" in said(answer)
    assert answer["Referrer-Policy"] == "no-referrer"
    assert sign_in(browser(), "ria@example.com").status_code == 302
    assert ria.follows.count() == 1
    assert browser().post(back).status_code == 404
    erasure.erase_due(timezone.now() + dt.timedelta(days=30))
    assert User.objects.filter(pk=ria.pk).exists()


def test_after_a_week_the_link_opens_nothing(home):
    close(home)
    now = timezone.now()
    Closing.objects.update(closed_at=now - dt.timedelta(days=8), erase_at=now)

    assert browser().get(link()).status_code == 404
    assert browser().post(link()).status_code == 404


@pytest.mark.parametrize("token", ["1", "1.abc", "x" * 300, "%00.x"])
def test_a_forged_link_brings_nothing_back(home, token):
    close(home)
    assert browser().post(f"/account/bring-back/{token}/").status_code == 404


def test_an_account_the_desk_switched_off_says_so_and_has_no_way_back(ria):
    User.objects.update(is_active=False)
    client = browser()

    assert sign_in(client, "ria@example.com")["Location"] == "/account/inactive/"
    assert "switched off" in said(client.get("/account/inactive/"))


def test_deleting_asks_for_the_password_and_for_a_button(ria):
    client = signed_in(ria)
    assert client.post("/account/privacy/delete/")["Location"].startswith("/account/again/")
    client = signed_in(ria)
    client.post("/account/again/", AGAIN)
    assert "Delete my account" in said(client.get("/account/privacy/delete/"))
    assert not Closing.objects.exists()


def test_staff_cannot_delete_themselves_here():
    client = signed_in(cast.ed())
    client.post("/account/again/", AGAIN)

    assert "staff" in said(client.get("/account/privacy/delete/"))
    answer = client.post("/account/privacy/delete/")
    assert answer.status_code == 409
    assert not Closing.objects.exists()


def test_who_once_worked_at_the_desk_cannot_either():
    ed = cast.ed()
    cast.make_story()
    User.objects.filter(pk=ed.pk).update(is_staff=False, is_superuser=False)
    client = signed_in(User.objects.get(pk=ed.pk))
    client.post("/account/again/", AGAIN)

    assert client.post("/account/privacy/delete/").status_code == 409


def test_a_subscription_that_renews_is_cancelled_with_the_account(ria, home):
    paid = paying.subscribe(home, paying.make_price())
    mail.outbox.clear()
    assert close(home).status_code == 302

    paid.refresh_from_db()
    assert paid.cancelled_at is not None
    assert DemoSubscription.objects.get().cancelled_at is not None
    jobs.send_mails()
    assert [m.subject for m in mail.outbox] == ["Your account is closed"]
    assert "you can take that back" in said(browser().post(link()))
    client = signed_in(ria)
    assert client.post("/account/subscription/resume/").status_code == 302
    paid.refresh_from_db()
    assert paid.cancelled_at is None


def test_a_checkout_that_waits_can_be_paid_no_more(ria, home):
    waiting = paying.order(home, paying.make_price())
    close(home)

    assert not Checkout.objects.filter(state=Checkout.State.OPEN).exists()
    paying.pay(home, waiting)
    jobs.work_off()
    assert not ria.subscriptions.exists()


def test_without_an_answer_of_the_provider_the_account_stays_open(ria, home, settings):
    cast.make_subscription(ria, provider="stripe", provider_id="sub_1")
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_URL = "sk_test_x", "http://127.0.0.1:9"

    answer = home.post("/account/privacy/delete/")

    assert answer.status_code == 409
    assert "does not answer just now" in said(answer)
    assert User.objects.get(pk=ria.pk).is_active


def test_a_subscription_with_a_provider_of_the_past_is_a_matter_for_the_desk(ria, home):
    cast.make_subscription(ria, provider="gone", provider_id="sub_1")

    answer = home.post("/account/privacy/delete/")

    assert answer.status_code == 409
    assert "that we use no longer" in said(answer)


def test_one_account_that_cannot_go_yet_holds_up_no_other(ria, home, settings):
    other = signed_in(cast.lapsed())
    other.post("/account/again/", AGAIN)
    close(home)
    close(other)
    Customer.objects.create(user=ria, provider="stripe", provider_id="cus_1")
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_URL = "sk_test_x", "http://127.0.0.1:9"

    assert erasure.erase_due(timezone.now() + dt.timedelta(days=8)) == 1
    assert [user.email for user in User.objects.all()] == ["ria@example.com"]


# --- Erasing ------------------------------------------------------------------------------------


def erase(client):
    close(client)
    return erasure.erase_due(timezone.now() + dt.timedelta(days=7, seconds=1))


def test_nothing_is_erased_before_the_week_is_over(home):
    close(home)
    assert erasure.erase_due(timezone.now() + dt.timedelta(days=6, hours=23)) == 0
    assert User.objects.filter(email="ria@example.com").exists()


def test_payments_stay_without_their_reader(ria, home):
    given = cast.make_subscription(ria)
    Payment.objects.create(
        user=ria,
        subscription=given,
        provider="test",
        invoice_id="in_1",
        number="2026-17",
        amount=900,
        currency="usd",
        paid_at=timezone.now(),
    )

    assert erase(home) == 1

    kept = Payment.objects.get()
    assert (kept.user, kept.subscription) == (None, None)
    assert (kept.number, kept.amount) == ("2026-17", 900)
    assert not User.objects.exists()
    assert not Device.objects.exists()


def test_the_log_keeps_the_random_id_and_who_did_what(ria, home):
    ed = cast.ed()
    reason = {"reason": "Ria Berg of 4 Quay Street lost her phone"}
    signed_in(ed).post(f"/admin/accounts/user/{ria.pk}/sign-out/", reason)
    home = signed_in(ria)
    home.post("/account/again/", AGAIN)
    erase(home)

    rows = Event.objects.filter(target_id=str(ria.public_id)).order_by("id")
    assert [(row.actor, row.note) for row in rows] == [
        (ed, ""),
        (None, "Closed by its owner"),
        (None, "Erased"),
    ]


def test_what_the_desk_writes_about_a_reader_keeps_no_address(ria):
    row = trail.record(Event.Kind.CHANGED, ria, by=ria, note="Wrote from <ria@example.com>, twice")

    assert row.note == "Wrote from <(address)>, twice"
    assert row.actor_name == ""


def test_the_desk_sees_who_closed_the_account_and_when_it_is_erased(ria, home):
    close(home)
    desk = signed_in(cast.staff("Subscriptions desk"))

    assert "closed by its owner, erased on" in said(
        desk.get(f"/admin/accounts/user/{ria.pk}/change/")
    )


def test_switched_on_again_by_the_desk_is_brought_back(home, ria):
    close(home)
    User.objects.filter(pk=ria.pk).update(is_active=True)

    assert erasure.erase_due(timezone.now() + dt.timedelta(days=8)) == 0
    assert not Closing.objects.exists()


def test_an_account_switched_on_again_can_be_closed_again_at_once(home, ria):
    close(home)
    User.objects.filter(pk=ria.pk).update(is_active=True)
    again = signed_in(ria)
    again.post("/account/again/", AGAIN)

    assert close(again)["Location"] == "/account/closed/"


def test_an_erased_address_is_kept_as_a_keyed_hash_and_gets_no_mails_from_an_import(home, settings):
    erase(home)

    assert Suppressed.objects.count() == 1
    assert "ria" not in Suppressed.objects.get().address_hash
    assert suppression.holds(" RIA@example.com")
    settings.SUPPRESSION_KEY = "another"
    assert not suppression.holds("ria@example.com")
    settings.SUPPRESSION_KEY = "only-for-hashes-of-tests"
    assert not User.objects.create_user("ria@example.com").wants_story_mail
    assert User.objects.create_user("other@example.com").wants_story_mail


def test_signing_up_anew_is_welcome_and_lifts_it(home):
    erase(home)
    client = browser()
    fields = {"name": "Ria", "email": "ria@example.com", "password1": cast.PASSWORD}
    client.post("/account/sign-up/", fields)
    assert suppression.holds("ria@example.com")
    path = re.search(r"https?://[^/]+(/account/confirm/\S+)", str(mail.outbox[-1].body))[1]
    client.post(path)

    assert not suppression.holds("ria@example.com")
    assert User.objects.get().wants_story_mail


# --- Keeping no longer than said ----------------------------------------------------------------


def counted(at=None) -> dict[str, int]:
    return {rule.what: count for rule, count in retention.purge(at or timezone.now())}


def test_a_dry_run_says_what_would_go_and_removes_nothing(capsys):
    CodeTries.objects.create(key="k", created_at=timezone.now() - dt.timedelta(days=2))
    call_command("purge_personal_data", "--dry-run")
    out = capsys.readouterr().out

    assert re.search(r" 1  How often an e-mailed code was tried: 1 day after it was sent.", out)
    assert CodeTries.objects.exists()
    call_command("purge_personal_data")
    assert not CodeTries.objects.exists()


def test_devices_go_ninety_days_after_they_ended_and_open_nothing(ria):
    client = signed_in(ria)
    long_ago = timezone.now() - dt.timedelta(days=91)
    Device.objects.update(ended_at=long_ago, ending=Device.Ending.SIGNED_OUT)

    assert counted()["Devices that were signed out"] == 1
    assert client.get("/account/").status_code == 302


def test_live_devices_stay_however_long_unseen(ria):
    signed_in(ria)
    Device.objects.update(last_seen_at=timezone.now() - dt.timedelta(days=300))
    counted()
    assert Device.objects.exists()


def test_sign_ins_begun_and_not_finished_go_after_two_days(ria):
    browser().post("/account/code/", {"email": "stranger@example.com"})
    signed_in(ria)
    assert Session.objects.count() == 2
    soon = timezone.now() + dt.timedelta(days=2, minutes=1)
    assert counted()["Sign-ins that were begun and not finished"] == 0

    assert counted(soon)["Sign-ins that were begun and not finished"] == 1
    assert Session.objects.count() == 1


def test_accounts_never_confirmed_go_after_a_month(ria):
    fields = {"name": "Nora", "email": "nora@example.com", "password1": cast.PASSWORD}
    browser().post("/account/sign-up/", fields)
    User.objects.update(date_joined=timezone.now() - dt.timedelta(days=31))

    assert counted()["Accounts whose address was never confirmed"] == 1
    assert [user.email for user in User.objects.all()] == ["ria@example.com"]


def test_the_log_of_staff_signing_in_goes_and_the_rest_of_the_log_stays():
    ed = cast.ed()
    cast.make_story()
    signed_in(ed)
    events = Event.objects.count()
    later = timezone.now() + dt.timedelta(days=401)

    assert counted(later)["When our staff signed in and out, and failed to"] == 1
    assert Event.objects.count() == events - 1


def test_results_of_tasks_go_after_a_fortnight(ria):
    signed_in(ria)
    DBTaskResult.objects.update(
        status="SUCCESSFUL", finished_at=timezone.now() - dt.timedelta(days=15)
    )
    assert counted()["What became of background work, with errors of the mail server"] == 1


def test_limits_that_ended_leave_the_cache_and_never_name_an_address(ria):
    from django.db import connections

    sign_in(browser(), "ria@example.com", password="wrong")
    with connections["cache"].cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache_limits")
        keys = [row[0] for row in cursor.fetchall()]
    assert keys
    assert not [key for key in keys if "ria" in key or "127.0" in key]
    gone = counted(timezone.now() + dt.timedelta(days=2))

    assert gone["How often something was tried from an address, as a keyed hash"] >= len(keys)


def test_the_worker_does_all_this_by_itself():
    from newsroom.tasks import periodic

    every = {job.name: job.every for job in periodic.jobs()}
    assert every["retention"] == dt.timedelta(days=1)
    assert every["erasure"] == dt.timedelta(hours=1)


def test_mails_of_the_demo_go_with_their_reader(home, settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path
    mine, other = Path(tmp_path) / "1.log", Path(tmp_path) / "2.log"
    mine.write_text("To: Ria@example.com\n")
    other.write_text("To: other@example.com\n")
    erase(home)

    assert not mine.exists()
    assert other.exists()
