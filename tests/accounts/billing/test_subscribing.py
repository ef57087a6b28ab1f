"""A reader subscribes, pays, changes, cancels and comes back, in the test checkout."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.billing import jobs
from accounts.models import (
    Checkout,
    DemoSubscription,
    Mirror,
    MoneyMail,
    Payment,
    ProviderEvent,
    Subscription,
)
from tests import cast
from tests.accounts.billing.paying import (
    make_price,
    only,
    order,
    pay,
    premium_story,
    reads,
    said,
    subscribe,
)
from tests.accounts.doors import browser, signed_in

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def paper():
    cast.make_publication()


@pytest.fixture
def ria():
    return signed_in(cast.registered())


def ages(days: int) -> None:
    """Let so many days pass for all that was bought, and have the worker look."""
    shift = dt.timedelta(days=days)
    for row in DemoSubscription.objects.all():
        row.started_at -= shift
        row.anchor_at -= shift
        for name in ("declines_from", "cancelled_at", "ends_at", "next_from"):
            value = getattr(row, name)
            setattr(row, name, value - shift if value else None)
        row.save()
    Mirror.objects.update(fetched_at=None)
    jobs.reconcile()
    Mirror.objects.update(not_before=timezone.now())
    jobs.work_off()


def test_from_the_page_of_plans_to_a_premium_story(ria):
    price, path = make_price(), premium_story()
    assert not reads(ria, path)
    assert f'href="/account/subscribe/{price.pk}/"' in ria.get("/account/plans/").content.decode()

    confirm = ria.get(f"/account/subscribe/{price.pk}/")
    assert "$8.00 a month" in said(confirm)
    assert "Test checkout." in said(confirm)
    checkout = order(ria, price)
    assert "No money moves" in said(ria.get(checkout))
    back = pay(ria, checkout)

    assert back["Location"].endswith("/account/subscribed/")
    assert "Everything is open" in said(ria.get("/account/subscribed/"))
    assert reads(ria, path)
    row = only(cast.registered())
    assert row.kind == "paid"
    assert row.price == price
    payment = Payment.objects.get()
    assert (payment.amount, payment.currency, payment.user) == (800, "USD", row.user)
    assert "The next payment is due on" in said(ria.get("/account/subscription/"))
    assert payment.number in said(ria.get("/account/subscription/"))


def test_coming_back_without_having_paid_opens_nothing(ria):
    path = premium_story()
    order(ria, make_price())

    assert "waiting for word" in said(ria.get("/account/subscribed/"))
    jobs.work_off()
    assert not reads(ria, path)


def test_who_is_not_signed_in_is_asked_to_first():
    price = make_price()
    answer = browser().get(f"/account/subscribe/{price.pk}/")
    assert answer["Location"] == f"/account/sign-in/?next=/account/subscribe/{price.pk}/"


@pytest.mark.parametrize("fields", [{"is_offered": False}, {"plan": "withdrawn"}])
def test_what_is_not_offered_cannot_be_bought(ria, fields):
    if "plan" in fields:
        fields["plan"] = cast.make_plan(name="Old", slug="old", is_offered=False)
    price = make_price(**fields)
    assert ria.post(f"/account/subscribe/{price.pk}/").status_code == 404


def test_two_tabs_lead_to_one_checkout_and_a_second_price_closes_the_first(ria):
    price = make_price()
    dearer = make_price(interval="year", amount=8000)
    first = order(ria, price)
    assert order(ria, price) == first

    second = order(ria, dearer)

    assert second != first
    assert pay(ria, first).status_code == 410
    assert pay(ria, second).status_code == 302
    jobs.work_off()
    assert only(cast.registered()).price == dearer
    assert not Checkout.objects.filter(state="open").exists()


def test_who_paid_in_one_tab_cannot_pay_for_another_price_in_the_next(ria):
    first = order(ria, make_price())
    yearly = make_price(interval="year", amount=8000)
    pay(ria, first)

    answer = ria.post(f"/account/subscribe/{yearly.pk}/")

    assert answer["Location"] == "/account/subscribed/"
    jobs.work_off()
    assert DemoSubscription.objects.count() == 1


def test_a_checkout_paid_twice_makes_one_subscription(ria):
    checkout = order(ria, make_price())
    pay(ria, checkout)
    pay(ria, checkout)
    jobs.work_off()

    assert DemoSubscription.objects.count() == 1
    assert Payment.objects.count() == 1


def test_a_trial_is_free_once_and_then_becomes_paid(ria):
    path = premium_story()
    price = make_price(trial_days=14)
    assert "14 days" in said(ria.get(f"/account/subscribe/{price.pk}/"))

    row = subscribe(ria, price)
    assert row.kind == "trial"
    assert reads(ria, path)
    assert not Payment.objects.exists()
    ages(15)
    row.refresh_from_db()
    assert row.kind == "paid"
    assert Payment.objects.count() == 1

    ria.post("/account/subscription/cancel/")
    ages(40)
    assert not reads(ria, path)
    assert "Free at first" not in said(ria.get(f"/account/subscribe/{price.pk}/"))
    assert subscribe(ria, price).kind == "paid"


def test_cancelling_takes_two_clicks_and_leaves_what_is_paid(ria):
    path, row = premium_story(), subscribe(ria, make_price())
    page = ria.get("/account/subscription/").content.decode()
    assert 'href="/account/subscription/cancel/"' in page
    assert "You can read everything until" in said(ria.get("/account/subscription/cancel/"))
    row.refresh_from_db()
    assert row.cancelled_at is None

    after = ria.post("/account/subscription/cancel/", follow=True)

    assert "It is cancelled." in said(after)
    assert "Cancelled. You can read everything until" in said(after)
    assert reads(ria, path)
    ages(32)
    assert not reads(ria, path)
    assert "See plans" in said(ria.get("/account/subscription/"))


def test_one_click_takes_the_cancelling_back(ria):
    row = subscribe(ria, make_price())
    ria.post("/account/subscription/cancel/")

    after = ria.post("/account/subscription/resume/", follow=True)

    assert "it goes on" in said(after)
    row.refresh_from_db()
    assert row.cancelled_at is None
    assert set(MoneyMail.objects.values_list("kind", flat=True)) >= {"cancelled", "resumed"}


@pytest.mark.parametrize("path", ["cancel", "resume", "portal"])
def test_there_is_nothing_to_change_without_a_subscription(ria, path):
    assert ria.post(f"/account/subscription/{path}/").status_code == 404


def test_up_is_at_once_and_down_when_the_period_ends(ria):
    small = make_price(cast.make_plan(name="Digital", slug="digital"), amount=400)
    plan = cast.make_plan(name="Family", slug="family", device_limit=8)
    large = make_price(plan, amount=1200)
    row = subscribe(ria, small)

    assert "At once." in said(ria.get(f"/account/subscribe/{large.pk}/"))
    ria.post(f"/account/subscribe/{large.pk}/")
    row.refresh_from_db()
    assert row.plan == plan

    down = ria.get(f"/account/subscribe/{small.pk}/")
    assert "When the period you have paid for ends" in said(down)
    assert "Those signed in stay signed in" in said(down)
    after = ria.post(f"/account/subscribe/{small.pk}/", follow=True)
    assert "Digital, $4.00 a month" in said(after)
    row.refresh_from_db()
    assert (row.plan, row.next_price) == (plan, small)
    ages(32)
    row.refresh_from_db()
    assert (row.price, row.next_price) == (small, None)


def test_the_plan_held_and_other_currencies_are_refused_with_a_word(ria):
    price = make_price()
    euro = make_price(currency="EUR")
    subscribe(ria, price)

    assert "That is your plan already." in said(ria.post(f"/account/subscribe/{price.pk}/"))
    refused = ria.post(f"/account/subscribe/{euro.pk}/")
    assert refused.status_code == 409
    assert "paid in USD" in said(refused)


def test_a_failed_payment_leaves_seven_days_and_a_way_to_mend_it_without_signing_in(
    ria, mailoutbox
):
    path, row = premium_story(), subscribe(ria, make_price(), card="failing")
    failed_at = row.ends_at
    ages(31)
    row.refresh_from_db()
    assert abs(row.failed_at - (failed_at - 31 * DAY)) < 4 * DAY
    assert reads(ria, path)
    assert "A payment did not go through." in said(ria.get("/account/subscription/"))
    jobs.send_mails()
    mail = next(m for m in mailoutbox if "did not go through" in m.subject)
    link = mail.body.split("/account/mend/")[1].split("/")[0]

    stranger = browser()
    assert "Go to the invoice" in said(stranger.get(f"/account/mend/{link}/"))
    invoice = stranger.post(f"/account/mend/{link}/")
    assert invoice.status_code == 303
    stranger.post(invoice["Location"].split("8000", 1)[-1].replace("http://testserver", ""))
    jobs.work_off()

    row.refresh_from_db()
    assert row.failed_at is None
    assert "Nothing is open" in said(stranger.get(f"/account/mend/{link}/"))
    assert "Sign in" in said(stranger.get("/"))


def test_a_payment_never_made_closes_after_seven_days(ria):
    path = premium_story()
    row = subscribe(ria, make_price(), card="failing")
    ages(30 + 9)
    row.refresh_from_db()

    assert row.ended_at is None
    assert not reads(ria, path)
    assert "so premium stories are closed" in said(ria.get("/account/subscription/"))


def test_a_link_to_mend_that_is_forged_is_worn_out():
    answer = browser().get("/account/mend/12:abc:def/")
    assert answer.status_code == 410
    assert "worn out" in said(answer)


def test_the_test_checkout_does_not_exist_in_production(ria, settings):
    checkout = order(ria, make_price())
    settings.IS_PRODUCTION = True

    assert ria.get(checkout).status_code == 404
    assert ria.post(checkout).status_code == 404
    assert ria.post("/billing/webhook/", b"{}", content_type="application/json").status_code == 404
    page = said(browser().get("/account/plans/"))
    assert "Our subscriptions desk sets up your plan by hand" in page


def test_notices_are_kept_once_and_say_no_more_than_ids(ria):
    subscribe(ria, make_price())
    events = ProviderEvent.objects.all()
    assert {event.kind for event in events} == {"checkout.session.completed"}
    assert all(event.facts == {} for event in events)


def test_mails_go_out_once_each(ria, mailoutbox):
    subscribe(ria, make_price())
    for _ in range(3):
        Mirror.objects.update(wanted=99)
        jobs.work_off()
        jobs.send_mails()

    receipts = [mail for mail in mailoutbox if "receipt" in mail.subject]
    assert len(receipts) == 1
    assert "$8.00" in receipts[0].body
    assert Subscription.objects.count() == 1
