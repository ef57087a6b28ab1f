"""Mails about money: which ones a change brings, when, and that each goes out once."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.billing import jobs, mails
from accounts.models import MoneyMail, Payment, Price, Subscription
from tests import cast
from tests.accounts.billing.paying import make_price

pytestmark = pytest.mark.django_db

Kind = MoneyMail.Kind
NOW = dt.datetime(2026, 3, 3, 14, 40, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def paper():
    cast.make_publication()


def row(*, interval="month", ends=30, kind="paid", price=None, **moments):
    ends_at = NOW + ends * DAY
    known = Price.objects.filter(interval=interval, is_offered=False).first()
    return Subscription(
        plan=cast.make_plan(),
        price=price or known or make_price(interval=interval, is_offered=False),
        kind=kind,
        starts_at=NOW - DAY,
        ends_at=ends_at,
        ending=moments.pop("ending", ""),
        **{f"{name}_at": NOW + days * DAY for name, days in moments.items()},
    )


def told(before, after, paid=()):
    """Kind and day of each mail."""
    due = mails.due_mails(before, after, paid=paid, at=NOW)
    return {(mail.kind.value, round((mail.due_at - NOW) / DAY)) for mail in due}


def receipt(days=0):
    return Payment(invoice_id="in_1", paid_at=NOW + days * DAY)


def test_a_trial_is_greeted_and_its_end_announced():
    assert told(None, row(kind="trial", ends=20)) == {("started", 0), ("trial_ends", 17)}
    assert told(None, row(kind="trial", ends=2)) == {("started", 0)}


def test_a_payment_has_its_receipt_unless_it_is_old_news():
    assert told(None, row(), [receipt()]) == {("receipt", 0)}
    assert told(None, row(), [receipt(-4)]) == set()


def test_a_year_is_announced_a_fortnight_before_a_month_is_not():
    assert told(None, row(interval="year", ends=365)) == {("renews", 351)}
    assert told(None, row(interval="month")) == set()
    assert told(None, row(interval="year", ends=365, cancelled=0)) == {("cancelled", 0)}


def test_a_failed_payment_is_told_of_on_its_day_the_fifth_and_the_seventh():
    assert told(row(), row(failed=0)) == {("failed", 0), ("failed_again", 5), ("last_call", 7)}


def test_cancelling_and_taking_it_back_are_answered():
    assert told(row(), row(cancelled=0)) == {("cancelled", 0)}
    assert told(row(cancelled=-3), row()) == {("resumed", 0)}


def test_another_plan_is_told_of_once_whether_now_or_later():
    small, large = make_price(is_offered=False), make_price(is_offered=False)
    now, later = row(price=small), row(price=small)
    later.next_price = large
    assert told(now, later) == {("changed", 0)}
    assert told(later, row(price=large)) == set()
    assert told(now, row(price=large)) == {("changed", 0)}


@pytest.mark.parametrize(
    ("ending", "kind"), [("over", "ended"), ("refunded", "refunded"), ("disputed", "refunded")]
)
def test_the_end_is_told_of(ending, kind):
    assert told(row(), row(ended=0, ending=ending)) == {(kind, 0)}


# --- Sending


def kept(mail, about="", **fields):
    user = cast.make_user("ria@example.com", name="Ria")
    price = make_price(interval="year", amount=8000)
    defaults = {
        "plan": price.plan,
        "price": price,
        "provider": "demo",
        "provider_id": "sub_demo_1",
        "starts_at": timezone.now() - DAY,
        "ends_at": timezone.now() + 300 * DAY,
    }
    subscription = cast.make_subscription(user, **(defaults | fields))
    moment = fields.get("failed_at") or fields.get("cancelled_at") or subscription.ends_at
    if mail is Kind.RECEIPT:
        about = "in_1"
        Payment.objects.create(
            user=user,
            subscription=subscription,
            provider="demo",
            invoice_id=about,
            number="TEST-1",
            amount=8000,
            currency="USD",
            paid_at=timezone.now(),
        )
    about = about or moment.astimezone(dt.UTC).isoformat()
    return MoneyMail.objects.create(subscription=subscription, kind=mail, about=about)


NOW_ = timezone.now()
SAID = {
    Kind.STARTED: ({"kind": "trial"}, "Your trial of Digital has begun", "$80.00 a year"),
    Kind.RECEIPT: ({}, "Your receipt from", "$80.00"),
    Kind.FAILED: ({"failed_at": NOW_}, "did not go through", "/account/mend/"),
    Kind.FAILED_AGAIN: ({"failed_at": NOW_}, "Two days left", "/account/mend/"),
    Kind.LAST_CALL: ({"failed_at": NOW_}, "has stopped", "/account/mend/"),
    Kind.TRIAL_ENDS: ({"kind": "trial"}, "ends on", "/account/subscription/"),
    Kind.RENEWS: ({}, "renews on", "another year, for $80.00 a year"),
    Kind.CANCELLED: ({"cancelled_at": NOW_}, "You cancelled Digital", "one click"),
    Kind.RESUMED: ({}, "Digital goes on", "next payment"),
    Kind.CHANGED: ({}, "Your plan has changed", "up to 5 devices"),
    Kind.ENDED: ({"ended_at": NOW_, "ending": "over"}, "has ended", "/account/plans/"),
    Kind.REFUNDED: ({"ended_at": NOW_, "ending": "refunded"}, "has stopped", "gave back"),
}


@pytest.mark.parametrize("kind", list(Kind))
def test_each_says_what_it_is_about_and_where_to_go(kind, mailoutbox):
    fields, subject, words = SAID[kind]
    kept(kind, **fields)

    jobs.send_mails()

    (message,) = mailoutbox
    assert subject in message.subject
    assert words in message.body
    assert message.to == ["ria@example.com"]
    assert message.alternatives[0][1] == "text/html"
    assert "{" not in message.body


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Kind.FAILED_AGAIN, {}),
        (Kind.LAST_CALL, {"failed_at": NOW_, "ended_at": NOW_, "ending": "over"}),
        (Kind.RENEWS, {"cancelled_at": NOW_}),
        (Kind.TRIAL_ENDS, {}),
        (Kind.CANCELLED, {}),
    ],
)
def test_what_no_longer_holds_is_not_sent(kind, fields, mailoutbox):
    kept(kind, about="2026-01-01T00:00:00+00:00", **fields)

    jobs.send_mails()

    assert mailoutbox == []
    assert MoneyMail.objects.get().state == "dropped"


def test_a_mail_waits_for_its_day_and_goes_out_once(mailoutbox):
    mail = kept(Kind.RENEWS)
    MoneyMail.objects.update(due_at=timezone.now() + DAY)
    jobs.send_mails()
    assert mailoutbox == []

    MoneyMail.objects.update(due_at=timezone.now())
    for _ in range(3):
        jobs.send_mails()

    assert len(mailoutbox) == 1
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("sent", 1)


def test_who_has_left_gets_none(mailoutbox):
    kept(Kind.RENEWS).subscription.user.__class__.objects.update(is_active=False)
    jobs.send_mails()
    assert mailoutbox == []


def test_one_that_a_dead_worker_began_is_not_sent_again(mailoutbox):
    kept(Kind.RENEWS)
    MoneyMail.objects.update(state="sending", claimed_at=timezone.now() - dt.timedelta(minutes=6))

    jobs.send_mails()

    assert mailoutbox == []
    assert MoneyMail.objects.get().state == "unknown"
