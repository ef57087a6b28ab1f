"""Mails to readers about their accounts, each a text with the same words as HTML."""

from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from accounts.publication import publication


def send(name: str, *, to: str, context: dict[str, Any]) -> None:
    """Send ``accounts/mail/<name>…`` (subject, text, HTML) to one address.

    Raises ``OSError`` when that fails.
    """
    context = {"publication": publication(), **context}
    composed(
        subject=render_to_string(f"accounts/mail/{name}_subject.txt", context),
        text=render_to_string(f"accounts/mail/{name}.txt", context),
        html=render_to_string(f"accounts/mail/{name}.html", context),
        to=to,
    ).send()


def composed(*, subject: str, text: str, html: str, to: str) -> EmailMultiAlternatives:
    """The mail, ready to be sent; its subject made one line."""
    message = EmailMultiAlternatives(subject=" ".join(subject.split()), body=text, to=[to])
    message.attach_alternative(html, "text/html")
    return message


def masked(address: str) -> str:
    """``s…@example.com``: its owner knows it again, a stranger learns nothing to write to."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"
