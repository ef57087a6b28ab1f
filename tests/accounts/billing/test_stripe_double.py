"""The double keeps to Stripe's shapes and rules, so that what passes here passes there."""

import pytest

from tests.stripe_double import API_VERSION
from tests.stripe_double.checked import mistakes

KINDS = (
    *("customer", "product", "price", "subscription", "subscription_schedule", "invoice"),
    *("invoice_payment", "payment_intent", "charge", "refund", "dispute", "event"),
    *("checkout.session", "billing_portal.session"),
)


@pytest.fixture(scope="module")
def everything(double):
    """The double after a life with everything in it."""
    price, dearer = double.price(), double.price(amount=1200)
    good = double.do("begin", price=price, reader="r1")
    double.do("begin", price=price, trial_days=14)
    double.do("begin", price=price, card="declines")
    other = double.do("begin", price=dearer)
    form = f"customer={good['customer']}&return_url=https://news.example/"
    double.api("POST", "billing_portal/sessions", form)
    session = new_checkout(double, good["customer"], price)
    double.do("pay", session=session["id"])
    new_checkout(double, good["customer"], price)
    schedule = double.api("POST", "subscription_schedules", f"from_subscription={other['id']}")
    phase = schedule.json()["phases"][0]
    form = f"phases[0][items][0][price]={dearer}&phases[0][start_date]={phase['start_date']}"
    form += f"&phases[0][end_date]={phase['end_date']}&phases[1][items][0][price]={price}"
    form += "&phases[1][duration][interval]=month&end_behavior=release"
    assert double.api("POST", f"subscription_schedules/{phase_id(schedule)}", form).is_success
    double.act(good["id"], "pause", resumes_at=double.do("now") + 99)
    double.act(good["id"], "refund", amount=300)
    double.act(other["id"], "dispute")
    double.act(other["id"], "fail")
    double.advance(days=70)
    return double


def phase_id(schedule):
    return schedule.json()["id"]


def new_checkout(double, customer, price):
    form = f"mode=subscription&customer={customer}&line_items[0][price]={price}"
    form += (
        "&line_items[0][quantity]=1&success_url=https://a.example/&cancel_url=https://b.example/"
    )
    answer = double.api(
        "POST", "checkout/sessions", form + f"&expires_at={double.do('now') + 3600}"
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("kind", KINDS)
def test_every_object_has_the_shape_that_the_sdk_knows(everything, kind):
    found = everything.objects(kind)
    assert found
    assert sorted({mistake for thing in found for mistake in mistakes(thing)}) == []


def test_the_check_of_shapes_finds_what_is_wrong(everything):
    subscription = everything.objects("subscription")[0]
    assert not mistakes(subscription)
    assert mistakes(subscription | {"status": "fine"}) == [
        "subscription.status: 'fine' is not allowed"
    ]
    assert mistakes(subscription | {"current_period_end": 5}) == [
        "subscription.current_period_end: unknown"
    ]
    del subscription["items"]["data"][0]["current_period_end"]
    assert mistakes(subscription) == ["subscription.items[0].current_period_end: missing"]


@pytest.mark.parametrize(
    "path",
    [
        "subscriptions/{subscription}?expand[]=schedule&expand[]=latest_invoice.payments",
        "invoices/{invoice}?expand[]=payments.data.payment.payment_intent",
        "charges/{charge}?expand[]=payment_intent",
    ],
)
def test_what_is_expanded_has_the_shape_too(everything, path):
    names = {
        kind: everything.objects(kind)[-1]["id"] for kind in ("subscription", "invoice", "charge")
    }
    answer = everything.api("GET", path.format(**names))
    assert answer.status_code == 200, answer.text
    assert mistakes(answer.json()) == []


def test_a_list_comes_in_pages(everything):
    first = everything.api("GET", "events?limit=20").json()
    assert first["has_more"]
    after = first["data"][-1]["id"]
    second = everything.api("GET", f"events?limit=20&starting_after={after}").json()
    assert not {row["id"] for row in first["data"]} & {row["id"] for row in second["data"]}


def test_the_same_key_gets_the_same_answer_and_another_question_a_refusal(double):
    key = {"Idempotency-Key": "once"}
    first = double.api("POST", "customers", "email=a@example.com", **key)
    again = double.api("POST", "customers", "email=a@example.com", **key)
    other = double.api("POST", "customers", "email=b@example.com", **key)
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.json()["error"]["type"]) == (400, "idempotency_error")


@pytest.mark.parametrize(
    ("method", "path", "form", "headers", "status"),
    [
        ("GET", "customers/cus_none", "", {}, 404),
        ("GET", "customers/cus_none", "", {"Authorization": "Bearer sk_test_wrong"}, 401),
        ("GET", "customers/cus_none", "", {"Authorization": "none"}, 401),
        ("GET", "customers/cus_none", "", {"Stripe-Version": "2017-08-15"}, 400),
        ("GET", "horses", "", {}, 404),
        ("POST", "customers", "horse=1", {}, 400),
        ("POST", "prices", "unit_amount=5", {}, 400),
        ("GET", "events?limit=101", "", {}, 400),
        ("GET", "events?expand[]=data.a.b.c.d", "", {}, 400),
    ],
)
def test_what_stripe_refuses_the_double_refuses(double, method, path, form, headers, status):
    answer = double.api(method, path, form, **headers)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["message"]


def test_the_clock_renews_fails_and_gives_up(double):
    double.do("after_retries", status="unpaid")
    found = double.do("begin", price=double.price(), trial_days=14)
    assert found["status"] == "trialing"
    double.advance(days=15)
    assert double.object(found["id"])["status"] == "active"
    double.do("card", customer=found["customer"], card="declines")
    double.advance(days=31)
    assert double.object(found["id"])["status"] == "past_due"
    double.advance(days=8)
    assert double.object(found["id"])["status"] == "unpaid"
    double.act(found["id"], "mend")
    assert double.object(found["id"])["status"] == "active"


def test_a_reader_pays_on_its_pages(double):
    price = double.price()
    customer = double.api("POST", "customers", "email=zyx@example.com").json()["id"]
    session = new_checkout(double, customer, price)
    page = double.http.get(session["url"])
    assert "800 usd" in page.text
    assert double.http.post(session["url"], data={"card": "declined"}).status_code == 402
    paid = double.http.post(session["url"], data={"card": "declines_later"})
    assert (paid.status_code, paid.headers["Location"]) == (303, "https://a.example/")
    assert double.http.get(session["url"]).status_code == 410
    found = double.object(double.object(session["id"])["subscription"])
    assert found["status"] == "active"
    double.advance(days=32)
    invoice = double.object(double.object(found["id"])["latest_invoice"])
    assert invoice["status"] == "open"
    assert "is paid" in double.http.post(invoice["hosted_invoice_url"]).text
    assert double.object(found["id"])["status"] == "active"


def test_the_version_is_the_one_of_the_sdk_and_of_the_provider():
    from stripe._api_version import _ApiVersion

    from accounts.billing import stripe_calls

    assert API_VERSION == stripe_calls.API_VERSION == _ApiVersion.CURRENT
