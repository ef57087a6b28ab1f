"""One mail to one reader about one story, ready to hand over."""

import hashlib
from email.header import Header
from email.utils import formataddr, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import get_template
from django.urls import reverse

from accounts.alerts import tokens
from accounts.alerts.story_text import StoryText
from accounts.models import Delivery, User
from articles.models import Publication
from articles.site.paywall import Reason

_WHY_CUT = {
    Reason.SIGN_IN: "This is the free part. Sign in to read the whole story.",
    Reason.SUBSCRIBE: "This is the free part. With a subscription you read the whole story.",
    Reason.EXPIRED: "Your subscription has ended, so this is the free part of the story.",
    Reason.DEVICE_LIMIT: "This is the free part. Sign in to read the whole story.",
}


def compose(
    delivery: Delivery,
    *,
    story: StoryText,
    reason: Reason,
    following: str,
    publication: Publication,
) -> EmailMessage:
    """The mail of ``delivery``. ``following`` names what the reader follows of this story.

    The way out stands in the headers (RFC 8058, RFC 2369) and in the text.
    """
    reader = delivery.reader
    unsubscribe_url = unsubscribe_address(reader)
    context = {
        "publication": publication,
        "site_url": settings.SITE_URL,
        "story": story,
        # Of a story whose update is due, not even the free part is told.
        "why_cut": "" if story.is_whole or story.is_due else _WHY_CUT.get(reason, ""),
        "button": "Read it on the site" if story.is_whole else "Read on",
        "following": following,
        "unsubscribe_url": unsubscribe_url,
        "preferences_url": preferences_address(reader),
    }
    message = EmailMultiAlternatives(
        subject=_one_line(_render("subject.txt", context)),
        body=_render("body.txt", context).strip() + "\n",
        from_email=sender(publication),
        to=[reader.email],
        headers={
            "Message-ID": _message_id(delivery),
            "List-Id": _list_id(publication),
            "List-Unsubscribe": f"<{unsubscribe_url}>, <mailto:{_desk(publication)}"
            "?subject=Unsubscribe>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(_render("body.html", context), "text/html")
    return message


def unsubscribe_address(reader: User) -> str:
    """The whole address by which a reader, or a mail program for them, ends these mails."""
    token = tokens.make(reader, tokens.Purpose.UNSUBSCRIBE)
    return settings.SITE_URL + reverse("accounts:unsubscribe", args=[token])


def preferences_address(reader: User) -> str:
    """The whole address of the page of what a reader follows, open without a sign-in."""
    token = tokens.make(reader, tokens.Purpose.PREFERENCES)
    return settings.SITE_URL + reverse("accounts:notifications-by-mail", args=[token])


def sender(publication: Publication) -> str:
    """Who the mail is from: the set address, by the publication's name unless it has one."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or _one_line(publication.name), address), charset="utf-8")


def _render(name: str, context: dict[str, Any]) -> str:
    return get_template(f"emails/story/{name}").render(context)


def _message_id(delivery: Delivery) -> str:
    """The same for a mail that is sent again: many mail programs show such a one once."""
    facts = f"{delivery.announcement_id}:{delivery.reader.public_id}"
    return f"<story-{hashlib.sha256(facts.encode()).hexdigest()[:32]}@{_host()}>"


def _list_id(publication: Publication) -> str:
    """The list by name and id (RFC 2919); only the name may need encoding, or the id is lost."""
    name = f"{_one_line(publication.name)} stories"
    phrase = name if name.isascii() else Header(name, "utf-8", maxlinelen=998).encode()
    return f"{phrase} <stories.{_host()}>"


def _desk(publication: Publication) -> str:
    """Where a person reads what other people write."""
    return publication.contact_email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def _one_line(words: str) -> str:
    """A header is one line: what an editor typed cannot begin another one."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())
