"""What goes wrong with Stripe is one of three things to us: down, refused, not there."""

import time

import pytest

from accounts.billing import stripe_calls
from accounts.billing.provider import NotThere, ProviderDown, ProviderRefused
from tests.accounts.billing.conftest import provider_at
from tests.accounts.billing.test_stripe_provider import new_order
from tests.ports import free_port


@pytest.fixture(autouse=True)
def calm(double):
    double.do("troubles", coming=[])
    yield
    double.do("troubles", coming=[])


@pytest.mark.parametrize("status", [409, 429, 500, 502, 503, 200])
def test_a_failure_of_theirs_is_to_be_tried_again(double, stripe, status):
    double.do("troubles", coming=[{"status": status}])
    with pytest.raises(ProviderDown):
        stripe.fetch("sub_none")


def test_a_line_that_is_cut_is_to_be_tried_again(double, stripe):
    double.do("troubles", coming=[{"cut": True}])
    with pytest.raises(ProviderDown):
        stripe.fetch("sub_none")


def test_a_worker_asks_once_and_a_reader_is_asked_for_thrice(double, stripe, monkeypatch):
    monkeypatch.setattr("stripe.HTTPClient.INITIAL_DELAY", 0.01)
    begun = double.do("begin", price=double.price())
    double.do("asked")
    double.do("troubles", coming=[{"status": 500}] * 2)
    with pytest.raises(ProviderDown):
        stripe.fetch(begun["id"])
    assert len(double.do("asked")) == 1
    double.do("troubles", coming=[{"status": 500}, {"cut": True}])
    stripe.cancel(begun["id"], key="k")
    asked = double.do("asked")
    assert [row["status"] for row in asked[-4:-1]] == [500, 200, 200]
    assert {row["version"] for row in asked} == {stripe_calls.API_VERSION}


def test_every_writing_call_has_a_key(double, stripe):
    begun, cheaper = double.do("begin", price=double.price()), double.price(amount=5)
    double.do("asked")
    stripe.change_later(begun["id"], cheaper, key="a")
    stripe.cancel(begun["id"], key="b")
    stripe.portal(begun["customer"], return_url="https://news.example/")
    written = [row for row in double.do("asked") if row["method"] == "POST"]
    assert written
    assert all(row["idempotency_key"] for row in written)


def test_one_who_is_too_slow_counts_as_down(double, monkeypatch):
    monkeypatch.setattr("accounts.billing.stripe_provider.WORKER_WAITS", 0.2)
    double.do("troubles", coming=[{"seconds": 0.6}])
    begun = time.monotonic()
    with pytest.raises(ProviderDown):
        provider_at(double.url).fetch("sub_none")
    assert time.monotonic() - begun < 0.6


def test_many_slow_answers_do_not_outlast_the_claim(double, stripe, monkeypatch):
    monkeypatch.setattr("accounts.billing.stripe_calls.NONE_BEGUN_AFTER", 0.1)
    begun = double.do("begin", price=double.price())
    double.do("troubles", coming=[{"seconds": 0.2}])
    with pytest.raises(ProviderDown, match="slowly"):
        stripe.fetch(begun["id"])


def test_nobody_at_the_address_counts_as_down():
    with pytest.raises(ProviderDown):
        provider_at(f"http://127.0.0.1:{free_port()}").fetch("sub_none")


def test_a_wrong_key_is_refused(double):
    with pytest.raises(ProviderRefused, match="Invalid API Key"):
        provider_at(double.url, key="sk_test_wrong").fetch("sub_none")


def test_an_address_that_is_not_stripes_makes_no_subscription_look_gone(double):
    with pytest.raises(ProviderRefused, match="Unrecognized"):
        provider_at(f"{double.url}/v1/elsewhere").fetch("sub_none")


def test_a_key_of_the_other_mode_makes_no_subscription_look_gone():
    import stripe

    words = "No such subscription: 'sub_1'; a similar object exists in live mode"
    with pytest.raises(ProviderRefused), stripe_calls.in_our_words():
        raise stripe.InvalidRequestError(words, "id", "resource_missing", http_status=404)


def test_what_it_says_is_kept_without_anybodys_address(double, stripe):
    import stripe as sdk

    with pytest.raises(ProviderRefused) as refused, stripe_calls.in_our_words():
        raise sdk.InvalidRequestError("Invalid email address: zyx@example.com", "email")
    assert "zyx" not in str(refused.value)
    assert refused.value.__suppress_context__
    with pytest.raises(NotThere, match="No such subscription"):
        stripe.fetch("sub_none")


def test_no_log_names_a_reader(double, stripe, caplog):
    caplog.set_level("DEBUG")
    begun = double.do("begin", price=double.price(), email="zyx@example.com")
    stripe.fetch(begun["id"])
    order = new_order(begun["items"]["data"][0]["price"]["id"], email="zyx@example.com")
    stripe.start_checkout(order)
    with pytest.raises(ProviderRefused):
        stripe.start_checkout(new_order("price_none", email="zyx"))
    assert "urllib3" in {record.name.partition(".")[0] for record in caplog.records}
    assert "zyx" not in caplog.text.lower()
