"""Mail of the demo: printed on the console and kept as files under ``NEWSROOM_DATA/mail/``."""

from collections.abc import Sequence

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.console import EmailBackend as ConsoleBackend
from django.core.mail.backends.filebased import EmailBackend as FileBackend
from django.core.mail.message import EmailMessage


class DemoBackend(BaseEmailBackend):
    """Sends nothing outside: shows every mail to the person who tries the demo."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        ConsoleBackend(fail_silently=self.fail_silently).send_messages(email_messages)
        kept = FileBackend(fail_silently=self.fail_silently)
        return kept.send_messages(email_messages) or 0
