"""A mail about an account from its three templates: subject, text, HTML."""

from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from accounts.notices import publication


def send(name: str, *, to: str, context: dict[str, Any]) -> None:
    """Send ``accounts/mail/<name>…`` to one address. Raises ``OSError`` when that fails."""
    context = {"publication": publication(), **context}
    subject = render_to_string(f"accounts/mail/{name}_subject.txt", context)
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string(f"accounts/mail/{name}.txt", context),
        to=[to],
    )
    message.attach_alternative(render_to_string(f"accounts/mail/{name}.html", context), "text/html")
    message.send()
