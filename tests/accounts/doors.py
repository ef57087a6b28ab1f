"""Ways in, as a browser takes them: forms are fetched, then posted."""

import re
from typing import Any

from django.core import mail
from django.test import Client
from django_tasks_db.models import DBTaskResult

from tests.cast import PASSWORD

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)


def browser(agent: str = FIREFOX, **options: Any) -> Client:
    """A fresh cookie jar."""
    return Client(headers={"User-Agent": agent}, **options)


def sign_in(client: Client, email: str, *, password: str = PASSWORD, **extra: Any) -> Any:
    client.get("/account/sign-in/")
    return client.post("/account/sign-in/", {"login": email, "password": password, **extra})


def signed_in(user: Any, agent: str = FIREFOX) -> Client:
    """A new browser on which ``user`` has signed in."""
    client = browser(agent)
    response = sign_in(client, user.email)
    assert response.status_code == 302, response.content.decode()
    return client


def pending(user: Any, agent: str = FIREFOX) -> Client:
    """A new browser on which ``user`` gave the right password, one device too many."""
    client = browser(agent)
    response = sign_in(client, user.email)
    assert response["Location"] == "/account/devices/choose/"
    return client


def fill(user: Any, count: int = 5) -> list[Client]:
    """So many browsers signed in."""
    return [signed_in(user) for _ in range(count)]


def last_code() -> str:
    found = re.search(r"\b\d{6}\b", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found.group()


def last_link() -> str:
    found = re.search(r"https?://[^/]+(/account/\S+)", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found.group(1)


def run_tasks() -> None:
    """Do what the worker would do now."""
    for row in DBTaskResult.objects.ready():
        row.task.func(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])
        row.delete()


def preselected(page: str) -> list[str]:
    """The values checked on the page of devices to choose from."""
    return re.findall(r'name="device" value="(\d+)" checked', page)
