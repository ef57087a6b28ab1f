"""Followers and stories for the tests of mails."""

import datetime as dt
import itertools
from typing import Any

from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from accounts.alerts import follows
from accounts.alerts.deliver import Sent, deliver_due
from accounts.alerts.fan_out import announce_due
from accounts.models import User
from articles.models import PublishedArticle
from tests import cast

_number = itertools.count(1)

# One marker for each part that a premium story keeps from those without a plan.
LEAKS = {
    "body": "Wolfram lantern",
    "caption": "Quarry at dusk",
    "alt": "Nine grey cranes",
    "takeaway": "Tariffs double",
    "source": "Ledger of tides",
}


def follower(what: Any = None, user: User | None = None, **fields: Any) -> User:
    """A reader who follows Lisa, unless told whom else."""
    user = user or _reader(**fields)
    follows.follow(user, what or cast.lisa())
    return user


def _reader(**fields: Any) -> User:
    """A reader with a confirmed address and no password, whose hashing takes its time."""
    email = fields.pop("email", f"follower{next(_number)}@example.com")
    user = User.objects.create_user(email, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def premium_story(**fields: Any) -> PublishedArticle:
    """A story for subscribers, with a marker in every withheld part."""
    image = cast.make_image()
    figure = (
        f'<figure data-image="{image.pk}" data-caption="{LEAKS["caption"]}" '
        f'data-alt="{LEAKS["alt"]}"></figure>'
    )
    text = (
        f'{cast.PARAGRAPH * 2}<hr data-cut=""><p>{LEAKS["body"]}.</p>{figure}{cast.PARAGRAPH * 3}'
    )
    defaults: dict[str, Any] = {
        "access": "premium",
        "body": text,
        "takeaways": [("What is new", LEAKS["takeaway"])],
        "sources": [
            {"title": LEAKS["source"], "publisher": "Port", "url": "https://example.org/tides"}
        ],
    }
    return cast.make_story(**(defaults | fields))


def tell(*, after: dt.timedelta = dt.timedelta()) -> Sent:
    """One turn of the worker's two jobs."""
    at = timezone.now() + after
    announce_due(at)
    return deliver_due(at)


def mails_to(user: User) -> list[EmailMultiAlternatives]:
    """What was sent to a reader by the backend that tests use in this process."""
    return [message for message in mail.outbox if message.to == [user.email]]


def html_of(message: EmailMultiAlternatives) -> str:
    [alternative] = message.alternatives
    return str(alternative.content)


def whole(message: EmailMultiAlternatives) -> str:
    """Every word of a mail: headers and both parts, decoded."""
    parts = [
        str(part.get_payload(decode=True), "utf-8") for part in message.message().get_payload()
    ]
    return "\n".join([*map(str, message.message().values()), *parts])
