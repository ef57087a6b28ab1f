"""A reader's new address reaches the payment provider, too."""

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import email_change
from accounts.billing import readdressing
from accounts.billing.provider import NotThere, ProviderDown
from accounts.models import Customer
from tests import cast
from tests.accounts.billing.test_stripe_provider import new_order
from tests.accounts.doors import run_tasks
from tests.ports import free_port
from tests.stripe_double import driver

pytestmark = pytest.mark.django_db


def with_stripe(settings, url):
    settings.STRIPE_SECRET_KEY = driver.KEY
    settings.STRIPE_WEBHOOK_SECRET = driver.SECRET
    settings.STRIPE_API_URL = url


def changed(reader):
    """The reader's change of address, asked for and confirmed."""
    change = email_change.ask(reader, "ria.new@example.com", at=timezone.now())
    email_change.confirm(change.pk, at=timezone.now())
    return change


def test_the_provider_learns_of_a_confirmed_address_and_of_one_put_back(settings, double, stripe):
    with_stripe(settings, double.url)
    ria = cast.registered()
    customer = stripe.start_checkout(new_order(double.price())).customer_id
    Customer.objects.create(user=ria, provider="stripe", provider_id=customer)

    change = changed(ria)
    run_tasks()
    assert double.object(customer)["email"] == "ria.new@example.com"
    email_change.stop(change.pk, at=timezone.now())
    run_tasks()

    assert double.object(customer)["email"] == "ria@example.com"


def test_a_provider_without_an_answer_is_asked_again(settings):
    with_stripe(settings, f"http://127.0.0.1:{free_port()}")
    ria = cast.registered()
    Customer.objects.create(user=ria, provider="stripe", provider_id="cus_1")

    with pytest.raises(ProviderDown):
        readdressing.tell.call(ria.pk)


def test_a_customer_that_is_gone_there_is_no_trouble(settings, double, stripe):
    with_stripe(settings, double.url)
    ria = cast.registered()
    Customer.objects.create(user=ria, provider="stripe", provider_id="cus_gone")

    readdressing.tell.call(ria.pk)

    with pytest.raises(NotThere):
        stripe.readdress("cus_gone", "ria@example.com")


def test_who_is_not_known_there_needs_no_task():
    changed(cast.registered())
    assert not DBTaskResult.objects.filter(task_path__endswith="readdressing.tell").exists()
