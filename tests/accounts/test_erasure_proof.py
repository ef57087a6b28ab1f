"""The proof: after erasure and the purge, no byte of a reader is left anywhere."""

import datetime as dt
import re
import time
import zipfile
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from accounts.models import Checkout, Closing, Delivery, DeviceOverride, Export, Payment, User
from articles.models import Event
from tests import cast
from tests.accounts.billing import paying
from tests.accounts.doors import FIREFOX, signed_in
from tests.stripe_double import driver

EMAIL = "zyxmail.reader@example.com"
NEW_EMAIL = "zyxnewmail.reader@example.com"
NAME = "Zyxname Markersson"
IP = "203.0.113.77"
AGENT = "Mozilla/5.0 ZyxdeviceBot/4.2"
DEVICE = "ZyxdeviceBot"
CARD = "Zyx Cardholder"
"""Whose card the double of Stripe says it is, in its answers and webhooks."""
MARKS = ("zyxmail", "zyxnewmail", "zyxname", IP, DEVICE.lower(), "zyxpasskey", CARD)
PASSWORD = "a quiet harbour at dawn"
SECOND_PASSWORD = "a loud harbour at noon"


class Reader:
    """A browser of the reader, behind a proxy that says where it stands."""

    def __init__(self, live_site, mailbox, agent):
        headers = {"User-Agent": agent, "X-Forwarded-For": IP, "X-Forwarded-Proto": "http"}
        self.client = live_site.client(headers=headers)
        self.mailbox = mailbox

    def post(self, path, **fields):
        page = self.client.get(path).text
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)
        fields |= {"csrfmiddlewaretoken": token[1]} if token else {}
        answer = self.client.post(path, data=fields)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def post_from(self, page, path, **fields):
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', self.client.get(page).text)[1]
        answer = self.client.post(path, data={**fields, "csrfmiddlewaretoken": token})
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def link(self, address, words):
        """The link with those words of a mail to that address, as soon as it came."""
        for count in range(1, 12):
            mail = self.mailbox.wait_for(address, count=count, within=30)[count - 1]
            body = mail.get_body(("plain",)).get_content()
            if found := re.search(rf"https?://[^/\s]+(/account/{words}\S+)", body):
                return found[1]
        raise AssertionError(words)

    def again(self, password):
        self.post("/account/again/", password=password)


def places() -> dict[str, bytes]:
    """Every row of every table, every session read, and every file: by where it is."""
    found: dict[str, bytes] = {}
    for alias in connections:
        connection = connections[alias]
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
                found[f"{alias}.{table}"] = repr(cursor.fetchall()).encode()
    decoded = [session.get_decoded() for session in Session.objects.all()]
    found["sessions, read"] = repr(decoded).encode()
    for path in Path(settings.NEWSROOM_DATA).rglob("*"):
        if path.is_file():
            found[str(path)] = path.read_bytes()
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    found[f"{path}/{name}"] = archive.read(name)
    return found


def left() -> dict[str, list[str]]:
    """Where each mark is found."""
    everywhere = {where: content.lower() for where, content in places().items()}
    return {
        mark: [where for where, content in everywhere.items() if mark.lower().encode() in content]
        for mark in MARKS
    }


@pytest.fixture
def stripe():
    with driver.running() as double:
        yield double


@pytest.fixture
def environment(stripe):
    return {
        "TRUSTED_PROXY_COUNT": "1",
        "STRIPE_SECRET_KEY": driver.KEY,
        "STRIPE_WEBHOOK_SECRET": driver.SECRET,
        "STRIPE_API_URL": stripe.url,
    }


@pytest.fixture
def browse(live_site, mailbox, stripe, environment):
    """New browsers of the reader."""
    live_site.restart(processes=1, **environment)
    stripe.do("webhooks", url=f"{live_site.url}/billing/webhook/", secrets=[driver.SECRET])
    begun = []

    def begin(agent=AGENT):
        begun.append(Reader(live_site, mailbox, agent))
        return begun[-1]

    yield begin
    for reader in begun:
        reader.client.close()
    live_site.stop()


def pay(reader, stripe) -> None:
    """Subscribe through the checkout of Stripe's double, by somebody's card."""
    price = paying.make_price()
    page = reader.client.get(f"/account/subscribe/{price.pk}/").text
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1]
    fields = {"csrfmiddlewaretoken": token}
    led = reader.client.post(f"/account/subscribe/{price.pk}/", data=fields, follow_redirects=False)
    assert led.status_code == 303
    assert stripe.do("pay", session=Checkout.objects.get().session_id)
    until = time.monotonic() + 60
    while not Payment.objects.exists():
        assert time.monotonic() < until, "The worker did not hear of the payment"
        time.sleep(0.2)


def live_through(browse, mailbox, stripe) -> User:
    """Use every function there is. Out: the account."""
    section = cast.make_section()
    metered = cast.make_story(access="metered")
    reader = browse()
    reader.post("/account/sign-up/", name=NAME, email=EMAIL, password1=PASSWORD)
    reader.post(reader.link(EMAIL, "confirm/"))
    user = User.objects.get(email=EMAIL)
    second = browse()
    second.post("/account/sign-in/", login=EMAIL, password="not at all")
    second.post("/account/sign-in/", login=EMAIL, password=PASSWORD)
    browse().post("/account/code/", email=EMAIL)
    browse().post("/account/reset/", email=EMAIL)

    reader.post("/account/name/", name=f"{NAME} the Second")
    reader.post(f"/account/follow/section/{section.pk}/")
    reader.post("/account/notifications/", wants_story_mail="on")
    second.post("/account/sign-out/")
    # A device with a name like that of a robot opens nothing.
    second = browse(FIREFOX)
    second.post("/account/sign-in/", login=EMAIL, password=PASSWORD)
    second.post(f"/account/open/{metered.article_id}/")
    assert user.openings.exists()
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "Zyxpasskey"})
    cast.make_subscription(user, reason=f"{NAME} paid by bank transfer")
    pay(second, stripe)
    DeviceOverride.objects.create(
        user=user, limit=7, reason=f"{NAME} asked", until=timezone.now() + dt.timedelta(days=9)
    )
    desk = signed_in(cast.staff("Subscriptions desk"))
    reason = {"reason": f"{NAME} wrote from {EMAIL}, IP unknown"}
    desk.post(f"/admin/accounts/user/{user.pk}/sign-out/", reason)
    desk.post(f"/admin/accounts/user/{user.pk}/note/", {"text": f"{NAME} called"})
    assert user.notes.exists()

    reader = browse()
    reader.post("/account/sign-in/", login=EMAIL, password=PASSWORD)
    reader.again(PASSWORD)
    reader.post("/account/password/", oldpassword=PASSWORD, password1=SECOND_PASSWORD)
    reader.again(SECOND_PASSWORD)
    reader.post("/account/email/", email=NEW_EMAIL)
    reader.post(reader.link(NEW_EMAIL, "email/confirm/"))
    cast.make_story(section=section)
    mailbox.wait_for(NEW_EMAIL, count=2, within=60)
    reader.post_from("/account/privacy/", "/account/privacy/copy/")
    copy = reader.link(NEW_EMAIL, "privacy")
    number = Export.objects.get().pk
    assert reader.client.get(f"{copy}copy/{number}/").content.startswith(b"PK")
    reader.post_from("/account/privacy/delete/", "/account/privacy/delete/")
    reader.link(NEW_EMAIL, "bring-back/")
    late = browse()
    late.post("/account/sign-in/", login=NEW_EMAIL, password=SECOND_PASSWORD)
    return user


def test_no_byte_of_an_erased_reader_is_left(browse, live_site, mailbox, stripe, environment):
    cast.make_publication()
    worker = live_site.start_worker(**environment)
    user = live_through(browse, mailbox, stripe)
    assert Delivery.objects.filter(reader=user).exists()
    customer = user.customers.get().provider_id
    assert stripe.object(customer)["email"] == NEW_EMAIL
    before = left()
    # The address on the net and the card's owner are never kept to begin with.
    assert {mark for mark in MARKS if not before[mark]} == {IP, CARD}
    # Tasks are given numbers, and look the rest up.
    assert not [where for found in before.values() for where in found if "dbtaskresult" in where]
    assert [where for where in before["zyxname"] if where.endswith("profile.json")]
    live_site.stop()
    worker.wait(10)

    long_ago = timezone.now() - dt.timedelta(days=8)
    Closing.objects.update(closed_at=long_ago, erase_at=timezone.now() - dt.timedelta(days=1))
    connections.close_all()
    told = live_site.manage("purge_personal_data", **environment).stdout

    assert re.search(r"1  closed accounts", told)
    assert not User.objects.filter(pk=user.pk).exists()
    assert left() == {mark: [] for mark in MARKS}
    kept = Payment.objects.get()
    assert kept.number
    assert (kept.amount, kept.user, kept.subscription) == (800, None, None)
    with pytest.raises(AssertionError, match="KeyError"):
        stripe.object(customer)
    assert Event.objects.filter(target_id=str(user.public_id)).count() >= 5
    call_command("verify_publications")
