"""Subscribing as a reader does, in the test checkout."""

import re
from typing import Any

from django.test import Client

from accounts.billing import jobs
from accounts.models import Plan, Price, Subscription, User
from tests import cast

MARK = "Zyxpremiummark"


def make_price(plan: Plan | None = None, **fields: Any) -> Price:
    defaults = {"interval": "month", "currency": "USD", "amount": 800}
    return Price.objects.create(plan=plan or cast.make_plan(), **(defaults | fields))


def premium_story() -> str:
    """The address of a premium story that ends in MARK."""
    body = f'{cast.PARAGRAPH}<hr data-cut=""><p>{MARK}</p>{cast.PARAGRAPH * 3}'
    return cast.make_story(access="premium", body=body).path


def reads(client: Client, path: str) -> bool:
    """Whether the whole story is shown."""
    return MARK in client.get(path).content.decode()


def order(client: Client, price: Price) -> str:
    """To the checkout. Out: its address."""
    answer = client.post(f"/account/subscribe/{price.pk}/")
    assert answer.status_code == 303, answer.content.decode()
    return answer["Location"].replace("http://testserver", "").replace("http://localhost:8000", "")


def pay(client: Client, checkout: str, *, card: str = "good") -> Any:
    return client.post(checkout, {"card": card})


def subscribe(client: Client, price: Price, *, card: str = "good") -> Subscription:
    """The whole way, the worker included. Out: the subscription."""
    answer = pay(client, order(client, price), card=card)
    assert answer.status_code == 302, answer.content.decode()
    jobs.work_off()
    return Subscription.objects.exclude(provider_id="").latest("pk")


def only(user: User) -> Subscription:
    return Subscription.objects.get(user=user)


def said(response: Any) -> str:
    return " ".join(re.sub("<[^>]+>", " ", response.content.decode()).split())
