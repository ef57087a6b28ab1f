"""What is offered, and what it costs."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Price
from accounts.money import shown
from tests import cast
from tests.accounts.doors import browser

pytestmark = pytest.mark.django_db


def words(path: str) -> str:
    page = browser().get(path).content.decode()
    return " ".join(re.sub("<[^>]+>", " ", page).split())


@pytest.mark.parametrize(
    ("amount", "currency", "language", "text"),
    [
        (450, "USD", "en", "$4.50"),
        (400, "JPY", "en", "¥400"),
        (450, "EUR", "de", "4,50\xa0€"),
        (450, "USD", "tlh-x", "$4.50"),
        (12345, "KWD", "en", "KWD12.345"),
    ],
)
def test_a_sum_is_written_as_its_currency_and_language_want(amount, currency, language, text):
    assert shown(amount, currency, language=language) == text


def test_the_page_of_plans_says_what_each_costs_and_its_trial():
    plan = cast.make_plan()
    Price.objects.create(plan=plan, interval="month", currency="USD", amount=800, trial_days=30)
    Price.objects.create(plan=plan, interval="year", currency="USD", amount=7900)
    Price.objects.create(plan=plan, interval="month", currency="USD", amount=1, is_offered=False)

    page = words("/account/plans/")

    assert "$8.00 a month. The first 30 days are free." in page
    assert "$79.00 a year" in page
    assert "$0.01" not in page


def test_one_currency_is_shown_at_a_time_and_another_can_be_chosen():
    plan = cast.make_plan()
    Price.objects.create(plan=plan, interval="month", currency="USD", amount=800)
    Price.objects.create(plan=plan, interval="month", currency="EUR", amount=900, position=1)

    assert "$8.00" in words("/account/plans/")
    assert "€9.00" not in words("/account/plans/")
    assert "€9.00" in words("/account/plans/?currency=EUR")
    assert "$8.00" in words("/account/plans/?currency=%00XYZ")


def test_one_currency_needs_no_choice():
    Price.objects.create(plan=cast.make_plan(), interval="month", currency="USD", amount=800)

    assert "?currency=" not in browser().get("/account/plans/").content.decode()


@pytest.mark.parametrize(
    "wrong", [{"amount": 0}, {"trial_days": 366}, {"interval": "week"}, {"currency": "XYZ"}]
)
def test_a_price_that_makes_no_sense_is_refused(wrong):
    facts = {"interval": "month", "currency": "USD", "amount": 800} | wrong
    with pytest.raises(ValidationError):
        Price(plan=cast.make_plan(), **facts).full_clean()


def test_a_plan_has_one_offered_price_for_an_interval_and_a_currency():
    facts = {"plan": cast.make_plan(), "interval": "month", "currency": "USD", "amount": 800}
    Price.objects.create(**facts)
    Price.objects.create(**facts, is_offered=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Price.objects.create(**facts)


def test_the_subscriptions_desk_keeps_the_prices(client):
    plan = cast.make_plan()
    client.force_login(cast.staff("Subscriptions desk"))
    page = f"/admin/accounts/plan/{plan.pk}/change/"
    assert "What it costs" in client.get(page).content.decode()

    rows = {
        "prices-TOTAL_FORMS": "1",
        "prices-INITIAL_FORMS": "0",
        "prices-0-interval": "year",
        "prices-0-currency": "EUR",
        "prices-0-amount": "7900",
        "prices-0-trial_days": "14",
        "prices-0-is_offered": "on",
        "prices-0-position": "1",
    }
    facts = {"name": plan.name, "slug": plan.slug, "device_limit": "5", "position": "0"}
    answer = client.post(page, facts | rows)

    assert answer.status_code == 302, re.findall("errorlist.*", answer.content.decode())
    price = plan.prices.get()
    assert (price.interval, price.currency, price.amount) == ("year", "EUR", 7900)
