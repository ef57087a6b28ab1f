"""What we ask of Stripe, by its SDK over HTTP, of a double in a process of its own."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from accounts.billing.provider import (
    NotThere,
    Order,
    ProviderRefused,
    Status,
    Terms,
)
from tests.stripe_double.driver import DAY


def new_order(price, **changes):
    fields = {
        "reader": str(uuid.uuid4()),
        "email": "zyx@example.com",
        "customer_id": "",
        "price_id": price,
        "trial_days": 0,
        "success_url": "https://news.example/account/subscribed/",
        "cancel_url": "https://news.example/plans/",
        "expires_at": timezone.now() + dt.timedelta(hours=1),
        "key": uuid.uuid4().hex,
    }
    return Order(**(fields | changes))


def new_terms(**changes):
    fields = {
        "key": uuid.uuid4().hex,
        "plan_key": uuid.uuid4().hex,
        "plan_name": "Premium",
        "amount": 800,
        "currency": "EUR",
        "interval": "month",
    }
    return Terms(**(fields | changes))


@pytest.fixture(scope="module")
def price(double):
    return double.price()


@pytest.fixture(scope="module")
def dearer(double):
    return double.price(amount=1400)


@pytest.fixture(autouse=True)
def calm(double):
    """What one test broke is whole for the next one."""
    double.do("troubles", fail_rate=0, slow_rate=0, coming=[])
    double.do("after_retries", status="unpaid")
    double.do("asked")


def near(moment, *, days):
    return abs(moment - (timezone.now() + dt.timedelta(days=days))) < dt.timedelta(days=1)


# --- Prices -------------------------------------------------------------------------------------


def test_a_price_is_made_once_with_its_product(double, stripe):
    terms = new_terms()
    name = stripe.ensure_price(terms)
    assert stripe.ensure_price(terms) == name
    made = double.object(name)
    assert (made["unit_amount"], made["currency"]) == (800, "eur")
    assert made["recurring"]["interval"] == "month"
    product = double.object(made["product"])
    assert product["name"] == "Premium"
    yearly = new_terms(plan_key=terms.plan_key, interval="year", amount=8000)
    assert double.object(stripe.ensure_price(yearly))["product"] == product["id"]


@pytest.mark.parametrize(
    ("currency", "ours", "theirs"),
    [("EUR", 800, 800), ("JPY", 400, 400), ("ISK", 900, 90000), ("KWD", 2500, 2500)],
)
def test_an_amount_is_the_same_money_in_stripes_unit(double, stripe, currency, ours, theirs):
    name = stripe.ensure_price(new_terms(currency=currency, amount=ours))
    assert double.object(name)["unit_amount"] == theirs
    found = stripe.fetch(double.do("begin", price=name)["id"])
    assert (found.paid[0].amount, found.paid[0].currency) == (ours, currency)


def test_a_price_with_our_key_and_other_terms_is_not_taken_for_ours(stripe):
    terms = new_terms()
    stripe.ensure_price(terms)
    with pytest.raises(ProviderRefused, match="other terms"):
        stripe.ensure_price(new_terms(key=terms.key, amount=900))


# --- Checkout -----------------------------------------------------------------------------------


def test_a_checkout_knows_the_reader_and_waits_for_them(double, stripe, price):
    order = new_order(price, trial_days=14)
    started = stripe.start_checkout(order)
    assert started.url.startswith(stripe.form_targets[0])
    session = double.object(started.session_id)
    assert session["client_reference_id"] == order.reader
    assert double.object(started.customer_id)["email"] == order.email
    assert stripe.locate(started.session_id) == ""
    assert double.http.post(started.url, data={"card": "good"}).status_code == 303
    found = stripe.fetch(stripe.locate(started.session_id))
    assert (found.reader, found.status) == (order.reader, Status.TRIALING)
    assert (found.price_id, found.customer_id) == (price, started.customer_id)
    assert near(found.period_ends_at, days=14)
    assert found.paid == ()


def test_asking_twice_starts_one_checkout_for_one_customer(double, stripe, price):
    order = new_order(price)
    assert stripe.start_checkout(order) == stripe.start_checkout(order)
    made = [row for row in double.objects("customer") if row["metadata"]["reader"] == order.reader]
    assert len(made) == 1


def test_a_reader_who_is_known_there_is_not_made_again(double, stripe, price):
    first = stripe.start_checkout(new_order(price))
    second = stripe.start_checkout(new_order(price, customer_id=first.customer_id))
    assert second.customer_id == first.customer_id
    assert second.session_id != first.session_id


def test_a_customer_deleted_at_stripe_is_made_anew(double, stripe, price):
    order = new_order(price, customer_id="cus_gone")
    started = stripe.start_checkout(order)
    assert double.object(started.customer_id)["metadata"] == {"reader": order.reader}
    assert stripe.start_checkout(order) == started


def test_an_answer_that_is_lost_on_the_way_leaves_one_customer(double, stripe, price):
    order = new_order(price)
    double.do("troubles", coming=[{"cut": True}])
    stripe.start_checkout(order)
    asked = double.do("asked")
    assert [row["target"] for row in asked[:2]] == ["/v1/customers"] * 2
    made = [row for row in double.objects("customer") if row["metadata"]["reader"] == order.reader]
    assert len(made) == 1


def test_a_closed_checkout_can_be_paid_by_nobody(double, stripe, price):
    started = stripe.start_checkout(new_order(price))
    assert stripe.close_checkout(started.session_id)
    assert stripe.close_checkout(started.session_id)
    assert double.http.post(started.url, data={"card": "good"}).status_code == 410


def test_a_checkout_that_was_paid_cannot_be_closed(double, stripe, price):
    started = stripe.start_checkout(new_order(price))
    double.do("pay", session=started.session_id)
    assert not stripe.close_checkout(started.session_id)


def test_a_checkout_nobody_knows_counts_as_closed(stripe):
    assert stripe.close_checkout("cs_test_none")


def test_an_order_that_makes_no_sense_is_refused(stripe, price):
    with pytest.raises(ProviderRefused, match="expires_at"):
        stripe.start_checkout(new_order(price, expires_at=timezone.now()))
    with pytest.raises(ProviderRefused, match="No such price"):
        stripe.start_checkout(new_order("price_none"))


def test_the_portal_is_a_page_of_its_own(double, stripe, price):
    customer = double.do("begin", price=price)["customer"]
    page = double.http.get(stripe.portal(customer, return_url="https://news.example/account/"))
    assert "https://news.example/account/" in page.text


# --- How it stands ------------------------------------------------------------------------------


def test_a_payment_is_one_invoice(double, stripe, price):
    found = stripe.fetch(double.do("begin", price=price, reader="r")["id"])
    assert found.status is Status.ACTIVE
    assert near(found.period_ends_at, days=30)
    (paid,) = found.paid
    assert (paid.amount, paid.currency, paid.refunded) == (800, "USD", 0)
    assert paid.number.endswith("-0001")
    assert near(paid.paid_at, days=0)
    assert (paid.refunded_at, paid.disputed_at) == (None, None)
    assert (found.ends_at, found.cancelled_at, found.ended_at, found.failed_at) == (None,) * 4


def test_a_first_payment_that_fails_begins_nothing(double, stripe, price):
    begun = double.do("begin", price=price, card="declines")
    assert stripe.fetch(begun["id"]).status is Status.INCOMPLETE
    double.do("change", name=begun["id"], fields={"status": "incomplete_expired"})
    found = stripe.fetch(begun["id"])
    assert (found.status, found.paid) == (Status.INCOMPLETE, ())


def test_a_payment_that_fails_is_open_since_its_first_try(double, stripe, price):
    begun = double.do("begin", price=price)
    double.act(begun["id"], "fail")
    found = stripe.fetch(begun["id"])
    assert found.status is Status.PAST_DUE
    assert near(found.failed_at, days=0)
    assert len(found.paid) == 1
    double.act(begun["id"], "give_up")
    found = stripe.fetch(begun["id"])
    assert found.status is Status.UNPAID
    assert near(found.failed_at, days=0)
    assert double.http.get(stripe.pay_link(begun["id"])).status_code == 200
    double.http.post(stripe.pay_link(begun["id"]))
    found = stripe.fetch(begun["id"])
    assert (found.status, found.failed_at, len(found.paid)) == (Status.ACTIVE, None, 2)
    assert stripe.pay_link(begun["id"]) == ""


def test_the_next_month_does_not_begin_the_grace_anew(double, stripe, price):
    begun = double.do("begin", price=price)
    double.act(begun["id"], "fail")
    first = stripe.fetch(begun["id"]).failed_at
    invoice = double.object(begun["id"])["latest_invoice"]
    earlier = {"finalized_at": int(first.timestamp()) - 31 * DAY}
    transitions = double.object(invoice)["status_transitions"] | earlier
    double.do("change", name=invoice, fields={"status_transitions": transitions})
    double.act(begun["id"], "fail")
    assert stripe.fetch(begun["id"]).failed_at == first - dt.timedelta(days=31)


def test_the_newest_payment_comes_first(double, stripe, price):
    begun = double.do("begin", price=price)
    for _ in range(3):
        double.act(begun["id"], "renew")
    paid = stripe.fetch(begun["id"]).paid
    assert [row.number[-4:] for row in paid] == ["0004", "0003", "0002", "0001"]


def test_money_given_back_is_told_in_part_and_in_whole(double, stripe, price):
    begun = double.do("begin", price=price)
    double.act(begun["id"], "refund", amount=300)
    (paid,) = stripe.fetch(begun["id"]).paid
    assert (paid.refunded, paid.refunded_at) == (300, None)
    double.act(begun["id"], "refund")
    (paid,) = stripe.fetch(begun["id"]).paid
    assert paid.refunded == paid.amount == 800
    assert near(paid.refunded_at, days=0)


def test_an_earlier_payment_given_back_is_told_with_that_payment(double, stripe, price):
    begun = double.do("begin", price=price)
    double.act(begun["id"], "refund")
    double.act(begun["id"], "renew")
    refunded = sorted(row.refunded for row in stripe.fetch(begun["id"]).paid)
    assert refunded == [0, 800]


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        ("needs_response", True),
        ("under_review", True),
        ("lost", True),
        ("won", False),
        ("warning_closed", False),
        ("prevented", False),
    ],
)
def test_a_bank_that_asks_for_money_back_counts_until_it_is_turned_away(
    double, stripe, price, status, counts
):
    begun = double.do("begin", price=price)
    double.act(begun["id"], "dispute")
    double.act(begun["id"], "close_dispute", status=status)
    (paid,) = stripe.fetch(begun["id"]).paid
    assert (paid.disputed_at is not None) is counts


def test_a_pause_says_until_when(double, stripe, price):
    begun = double.do("begin", price=price)
    resumes = double.do("now") + 20 * DAY
    double.act(begun["id"], "pause", resumes_at=resumes)
    found = stripe.fetch(begun["id"])
    assert found.is_paused
    assert near(found.resumes_at, days=20)
    double.act(begun["id"], "go_on")
    assert not stripe.fetch(begun["id"]).is_paused
    double.do("change", name=begun["id"], fields={"status": "paused"})
    assert stripe.fetch(begun["id"]).is_paused


def test_a_status_of_tomorrow_is_refused_instead_of_guessed(double, stripe, price):
    begun = double.do("begin", price=price)
    double.do("change", name=begun["id"], fields={"status": "dreaming"})
    with pytest.raises(ProviderRefused, match="dreaming"):
        stripe.fetch(begun["id"])


def test_what_is_not_there_is_said_to_be_not_there(stripe):
    with pytest.raises(NotThere):
        stripe.fetch("sub_none")
    assert stripe.locate("in_none") == ""


# --- Changes ------------------------------------------------------------------------------------


def test_cancelling_ends_it_with_its_period_and_resuming_takes_it_back(double, stripe, price):
    begun = double.do("begin", price=price)["id"]
    stripe.cancel(begun, key="c1" + begun)
    stripe.cancel(begun, key="c1" + begun)
    found = stripe.fetch(begun)
    assert (found.status, found.ends_at) == (Status.ACTIVE, found.period_ends_at)
    assert near(found.cancelled_at, days=0)
    stripe.resume(begun, key="r1" + begun)
    found = stripe.fetch(begun)
    assert (found.ends_at, found.cancelled_at) == (None, None)


def test_an_end_set_by_hand_at_stripe_is_an_end(double, stripe, price):
    begun = double.do("begin", price=price)["id"]
    double.do("change", name=begun, fields={"cancel_at": double.do("now") + 5 * DAY})
    assert near(stripe.fetch(begun).ends_at, days=5)


def test_the_step_to_another_price_is_no_end(double, stripe, price, dearer):
    begun = double.do("begin", price=dearer)["id"]
    stripe.change_later(begun, price, key="s" + begun)
    double.do("change", name=begun, fields={"cancel_at": double.do("now") + 5 * DAY})
    assert stripe.fetch(begun).ends_at is None


def test_a_dearer_price_is_paid_and_holds_at_once(double, stripe, price, dearer):
    begun = double.do("begin", price=price)["id"]
    stripe.change_now(begun, dearer, key="n" + begun)
    stripe.change_now(begun, dearer, key="n" + begun)
    found = stripe.fetch(begun)
    assert found.price_id == dearer
    assert sorted(row.amount for row in found.paid) == [600, 800]


def test_a_card_that_is_declined_changes_nothing_and_may_be_mended(
    double, stripe, price, dearer, monkeypatch
):
    begun = double.do("begin", price=price)
    double.do("card", customer=begun["customer"], card="declines")
    with pytest.raises(ProviderRefused, match="declined"):
        stripe.change_now(begun["id"], dearer, key="d" + begun["id"])
    assert stripe.fetch(begun["id"]).price_id == price
    # Stripe repeats its no under the same key; two minutes later it is asked anew.
    later = timezone.now() + dt.timedelta(minutes=2)
    monkeypatch.setattr("accounts.billing.stripe_changes.timezone.now", lambda: later)
    double.do("card", customer=begun["customer"], card="good")
    stripe.change_now(begun["id"], dearer, key="d" + begun["id"])
    assert stripe.fetch(begun["id"]).price_id == dearer


def test_a_cheaper_price_waits_for_the_next_period(double, stripe, price, dearer):
    begun = double.do("begin", price=dearer)["id"]
    stripe.change_later(begun, price, key="l" + begun)
    found = stripe.fetch(begun)
    assert (found.price_id, found.next_price_id) == (dearer, price)
    assert len(found.paid) == 1
    # Asking once more, or for another one, leaves one change to come.
    yearly = double.price(amount=9000, interval="year")
    stripe.change_later(begun, yearly, key="m" + begun)
    stripe.change_later(begun, price, key="l" + begun)
    assert stripe.fetch(begun).next_price_id == price


@pytest.mark.parametrize("change", ["cancel", "change_now"])
def test_another_change_drops_the_one_to_come(double, stripe, price, dearer, change):
    begun = double.do("begin", price=price)["id"]
    stripe.change_later(begun, double.price(amount=500), key="l" + begun)
    arguments = [dearer] if change == "change_now" else []
    getattr(stripe, change)(begun, *arguments, key="x" + begun)
    assert stripe.fetch(begun).next_price_id == ""


def test_a_change_to_come_leaves_a_trial_as_long_as_it_was(double, stripe, price, dearer):
    begun = double.do("begin", price=dearer, trial_days=14)["id"]
    stripe.change_later(begun, price, key="t" + begun)
    found = stripe.fetch(begun)
    assert (found.status, found.next_price_id) == (Status.TRIALING, price)
    assert near(found.period_ends_at, days=14)


def test_ending_now_is_for_good_and_may_be_said_twice(double, stripe, price):
    begun = double.do("begin", price=price)["id"]
    stripe.end_now(begun, key="e1" + begun)
    stripe.end_now(begun, key="e2" + begun)
    found = stripe.fetch(begun)
    assert found.status is Status.CANCELED
    assert near(found.ended_at, days=0)
    with pytest.raises(ProviderRefused):
        stripe.resume(begun, key="r2" + begun)
    with pytest.raises(NotThere):
        stripe.end_now("sub_none", key="e3" + begun)


# --- Finding ------------------------------------------------------------------------------------


def test_everything_leads_to_its_subscription(double, stripe, price, dearer):
    begun = double.do("begin", price=price)["id"]
    double.act(begun, "dispute")
    double.act(begun, "refund", amount=5)
    stripe.change_later(begun, dearer, key="w" + begun)
    made = double.object(begun)
    invoice = made["latest_invoice"]
    charge = next(row for row in double.objects("charge") if row["customer"] == made["customer"])
    dispute = next(row for row in double.objects("dispute") if row["charge"] == charge["id"])
    refund = next(row for row in double.objects("refund") if row["charge"] == charge["id"])
    named = [invoice, charge["id"], charge["payment_intent"], dispute["id"], refund["id"]]
    for name in [*named, made["schedule"], begun]:
        assert stripe.locate(name) == begun, name
    stripe.cancel(begun, key="v" + begun)
    assert stripe.locate(made["schedule"]) == begun
    assert stripe.locate("") == stripe.locate("acct_1") == stripe.locate(made["customer"]) == ""


def test_all_subscriptions_are_those_that_run_and_those_that_ended_lately(double, stripe, price):
    steps = [["begin", {"price": price}] for _ in range(120)]
    begun = [row["id"] for row in double.do("many", steps=steps)]
    double.act(begun[0], "end")
    found = list(stripe.subscriptions())
    assert len(found) == len(set(found))
    assert set(begun) <= set(found)


# --- Time, at the double ------------------------------------------------------------------------


def test_time_changes_to_the_cheaper_price_and_lets_the_schedule_go(double, stripe, price, dearer):
    begun = double.do("begin", price=dearer)["id"]
    stripe.change_later(begun, price, key="z" + begun)
    double.advance(days=32)
    found = stripe.fetch(begun)
    assert (found.price_id, found.next_price_id) == (price, "")
    assert sorted(row.amount for row in found.paid) == [800, 1400]
    double.advance(days=31)
    assert double.object(begun)["schedule"] is None
    assert stripe.fetch(begun).status is Status.ACTIVE
