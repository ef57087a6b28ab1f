"""When an account is erased, the payment provider forgets the reader, too."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.billing.provider import NotThere
from accounts.models import Closing, Customer, DemoSubscription, Payment, User
from accounts.privacy import erasure
from tests import cast
from tests.accounts.billing.paying import make_price, subscribe
from tests.accounts.billing.test_stripe_provider import new_order
from tests.accounts.doors import signed_in
from tests.ports import free_port

pytestmark = pytest.mark.django_db


def close(user: User) -> None:
    """As its owner did a week ago."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    past = timezone.now() - dt.timedelta(days=8)
    Closing.objects.create(user=user, closed_at=past, erase_at=past + dt.timedelta(days=7))


def test_the_demos_provider_forgets_and_the_invoice_stays_without_a_name():
    cast.make_publication()
    ria = cast.registered()
    subscribe(signed_in(ria), make_price())
    close(ria)

    assert erasure.erase_due(timezone.now()) == 1

    assert not DemoSubscription.objects.exists()
    payment = Payment.objects.get()
    assert (payment.user, payment.subscription, payment.amount) == (None, None, 800)


def test_erasing_waits_while_the_provider_does_not_answer(settings):
    settings.STRIPE_SECRET_KEY = "sk_test_forgetting"
    settings.STRIPE_WEBHOOK_SECRET = "whsec_1"
    settings.STRIPE_API_URL = f"http://127.0.0.1:{free_port()}"
    ria = cast.registered()
    Customer.objects.create(user=ria, provider="stripe", provider_id="cus_1")
    close(ria)

    assert erasure.erase_due(timezone.now()) == 0
    assert User.objects.filter(pk=ria.pk).exists()


def test_stripe_deletes_the_customer(double, stripe):
    started = stripe.start_checkout(new_order(double.price()))

    stripe.forget_customer(started.customer_id)

    with pytest.raises(NotThere):
        stripe.forget_customer(started.customer_id)
