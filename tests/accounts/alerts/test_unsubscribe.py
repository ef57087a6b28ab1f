"""The way out of the mails (RFC 8058)."""

import re
import uuid

import pytest
from django.test import Client

from accounts.alerts import tokens
from accounts.alerts.story_mail import unsubscribe_address
from accounts.models import Follow, User
from tests import cast
from tests.accounts.alerts.people import follower, html_of, mails_to, tell

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def path_for(user: User, purpose: tokens.Purpose = tokens.Purpose.UNSUBSCRIBE) -> str:
    return f"/account/unsubscribe/{tokens.make(user, purpose)}/"


def wants_mail(user: User) -> bool:
    return User.objects.get(pk=user.pk).wants_story_mail


def test_the_header_of_a_mail_leads_out_with_one_post_of_a_mail_program():
    user = follower()
    cast.make_story()
    tell()
    message = mails_to(user)[0].message()
    [https, mailto] = re.findall(r"<([^>]*)>", message["List-Unsubscribe"])

    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mailto.startswith("mailto:")
    assert https in html_of(mails_to(user)[0])
    answer = Client(enforce_csrf_checks=True).post("/" + https.split("/", 3)[3], ONE_CLICK)

    assert answer.status_code == 200
    assert not answer.cookies
    assert answer["Cache-Control"].count("no-store") == 1
    assert not wants_mail(user)
    cast.make_story()
    tell()
    assert len(mails_to(user)) == 1


def test_posting_twice_is_as_good_as_once(client: Client):
    user = follower()

    answers = [client.post(path_for(user), ONE_CLICK).status_code for _ in range(2)]

    assert answers == [200, 200]
    assert not wants_mail(user)
    assert Follow.objects.filter(user=user).exists(), "what is followed stays"


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_the_link_changes_nothing(client: Client, method: str):
    user = follower()

    answer = getattr(client, method)(path_for(user))

    assert answer.status_code == 200
    assert not answer.cookies
    assert answer["Referrer-Policy"] == "no-referrer"
    assert wants_mail(user)
    if method == "get":
        assert "Stop these mails" in answer.text
        assert user.email not in answer.text


def test_another_method_is_refused(client: Client):
    user = follower()

    assert client.put(path_for(user)).status_code == 405
    assert wants_mail(user)


def forged(user: User) -> list[str]:
    good = tokens.make(user, tokens.Purpose.UNSUBSCRIBE)
    public_id, time, signature = good.split(".")
    return [
        f"{uuid.uuid4().hex}.{time}.{signature}",
        f"{public_id}.{time}.{'A' * len(signature)}",
        f"{public_id}.{time}",
        good[:-1],
        "x",
        "é\x00",
        tokens.make(user, tokens.Purpose.PREFERENCES),
    ]


def test_a_forged_or_borrowed_key_opens_nothing(client: Client):
    user = follower()

    for token in forged(user):
        for answer in (
            client.post(f"/account/unsubscribe/{token}/", ONE_CLICK),
            client.get(f"/account/unsubscribe/{token}/"),
        ):
            assert answer.status_code == 404, token
            assert "This link does not work" in answer.text
    assert wants_mail(user)


def test_the_key_of_a_closed_account_still_answers_kindly(client: Client):
    user = follower()
    path = path_for(user)
    user.delete()

    assert client.post(path, ONE_CLICK).status_code == 200


def test_the_key_does_not_tell_the_number_of_the_account():
    user = follower()

    assert user.public_id.hex in unsubscribe_address(user)
    assert tokens.read(tokens.make(user, tokens.Purpose.UNSUBSCRIBE), tokens.Purpose.UNSUBSCRIBE)
