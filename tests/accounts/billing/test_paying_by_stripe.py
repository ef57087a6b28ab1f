"""A reader pays by Stripe: by our pages, the double's pages and its signed notices."""

import json
import time
from urllib.parse import urlsplit

import pytest

from accounts.billing import jobs
from accounts.billing.mend_links import url_for
from accounts.models import Checkout, Mirror, Payment
from tests import cast
from tests.accounts.billing.paying import make_price, only, premium_story, reads, said
from tests.accounts.doors import browser, signed_in
from tests.stripe_double import driver
from tests.stripe_double.webhooks import signature

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(double, settings):
    settings.STRIPE_SECRET_KEY = driver.KEY
    settings.STRIPE_WEBHOOK_SECRET = driver.SECRET
    settings.STRIPE_API_URL = double.url
    double.do("troubles", coming=[])
    heard(double)
    cast.make_publication()


@pytest.fixture
def ria():
    return signed_in(cast.registered())


SEEN = set()


def heard(double):
    """What has happened at the double since the last look."""
    found = [event for event in double.objects("event") if event["id"] not in SEEN]
    SEEN.update(event["id"] for event in found)
    return found


def tell(double):
    """Bring its notices, signed, and have the worker look."""
    for event in heard(double):
        body = json.dumps(event).encode()
        header = signature(body, [driver.SECRET], int(time.time()))
        answer = browser().post(
            "/billing/webhook/",
            body,
            content_type="application/json",
            headers={"Stripe-Signature": header},
        )
        assert answer.status_code == 200, answer.content
    Mirror.objects.update(failures=0)
    while jobs.work_off():
        pass


def subscribe(ria, double, price, *, card="good"):
    """To Stripe's page, paying there, and the notices of it. Out: our row."""
    answer = ria.post(f"/account/subscribe/{price.pk}/")
    assert answer.status_code == 303, said(answer)
    assert double.url in answer["Content-Security-Policy"]
    paid = double.http.post(answer["Location"], data={"card": card})
    assert paid.headers["Location"].endswith("/account/subscribed/")
    tell(double)
    return only(cast.registered())


def test_from_the_page_of_plans_to_a_premium_story(ria, double):
    price, path = make_price(trial_days=0), premium_story()
    row = subscribe(ria, double, price)
    assert reads(ria, path)
    assert (row.provider, row.price, row.kind) == ("stripe", price, "paid")
    assert Payment.objects.get().amount == price.amount
    assert Checkout.objects.get().state == "closed"
    assert double.object(row.provider_id)["metadata"] == {"reader": str(row.user.public_id)}


def test_coming_back_from_paying_opens_it_before_any_notice(ria, double):
    price, path = make_price(), premium_story()
    page = ria.post(f"/account/subscribe/{price.pk}/")["Location"]
    assert "Everything is open" not in said(ria.get("/account/subscribed/"))
    assert not reads(ria, path)
    double.http.post(page, data={"card": "good"})
    assert "Everything is open" in said(ria.get("/account/subscribed/"))
    assert reads(ria, path)
    tell(double)
    assert Payment.objects.count() == 1


def test_cancelling_and_resuming_are_stripes_too(ria, double):
    row = subscribe(ria, double, make_price())
    ria.post("/account/subscription/cancel/")
    assert double.object(row.provider_id)["cancel_at_period_end"]
    assert only(row.user).cancelled_at
    ria.post("/account/subscription/resume/")
    assert not double.object(row.provider_id)["cancel_at_period_end"]
    assert not only(row.user).cancelled_at


def test_up_at_once_down_later_and_a_declined_card_says_so(ria, double):
    small = make_price(cast.make_plan(name="Digital", slug="digital"), amount=400)
    large = make_price(cast.make_plan(name="Family", slug="family"), amount=1200)
    row = subscribe(ria, double, small, card="declines_later")
    refused = ria.post(f"/account/subscribe/{large.pk}/")
    assert refused.status_code == 402
    assert "Your card was declined" in said(refused)
    assert only(row.user).price == small

    portal = ria.post("/account/subscription/portal/")
    double.http.post(portal["Location"], data={"card": "good"})
    other = make_price(cast.make_plan(name="Grand", slug="grand"), amount=2000)
    ria.post(f"/account/subscribe/{other.pk}/")
    assert only(row.user).price == other
    ria.post(f"/account/subscribe/{small.pk}/")
    assert (only(row.user).price, only(row.user).next_price) == (other, small)


def test_a_payment_that_fails_is_mended_on_stripes_page_without_signing_in(ria, double):
    path, row = premium_story(), subscribe(ria, double, make_price())
    double.act(row.provider_id, "fail")
    tell(double)
    assert only(row.user).failed_at
    assert reads(ria, path)
    mend = browser().post(urlsplit(url_for(row)).path)
    assert mend.status_code == 303
    assert double.url in mend["Content-Security-Policy"]
    assert "is paid" in double.http.post(mend["Location"]).text
    tell(double)
    assert not only(row.user).failed_at
    assert Payment.objects.count() == 2


@pytest.mark.parametrize("act", ["refund", "dispute", "end", "give_up"])
def test_what_ends_it_at_stripe_ends_it_here(ria, double, act):
    path, row = premium_story(), subscribe(ria, double, make_price())
    assert reads(ria, path)
    double.act(row.provider_id, act)
    tell(double)
    assert not reads(ria, path)


@pytest.mark.parametrize("trouble", [{"status": 429}, {"status": 401}])
def test_while_stripe_fails_nothing_is_lost_and_the_page_says_so(ria, double, trouble):
    price = make_price()
    double.do("troubles", coming=[trouble] * 3)
    answer = ria.post(f"/account/subscribe/{price.pk}/")
    assert answer.status_code == 503
    assert "does not answer" in said(answer)
    double.do("troubles", coming=[])
    assert ria.post(f"/account/subscribe/{price.pk}/").status_code == 303
