"""Handing one mail after the other to the mail server, and knowing what became of each.

One connection serves many mails. What matters is certainty: a mail may only be tried again when it
is certain that nothing was accepted. So a loss of the connection counts as "unknown" from the
moment the text of the mail began to leave, and as "later" before.
"""

import contextlib
import smtplib
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Any

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

HANGING_UP = 421


class Verdict(StrEnum):
    """What became of a mail."""

    SENT = "sent"
    LATER = "later"
    """Certainly not accepted, and worth another try."""
    REFUSED = "refused"
    """Certainly not accepted, for good."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict, and the other side's words about it."""

    verdict: Verdict
    words: str = ""


class LineDown(Exception):
    """The mail server cannot be reached, or wants nothing from us. The text says why."""


class Line:
    """An open connection to the mail server, whichever is set: SMTP, or a provider's interface.

    ``with Line() as line:`` raises ``LineDown`` if it cannot be opened.
    """

    def __init__(self) -> None:
        self._backend = _backend()

    def __enter__(self) -> "Line":
        self._open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def send(self, message: EmailMessage) -> Outcome:
        """Hand one mail over. Raises ``LineDown`` if the line broke and could not be opened again,
        which also means that nothing of this mail was accepted.
        """
        if not isinstance(self._backend, WatchedSmtpBackend):
            return _send_by_other(self._backend, message)
        outcome = _send_by_smtp(self._backend, message)
        if outcome is None:
            # Servers hang up after so many mails on one line: a new one, and once more.
            self._close()
            self._open()
            outcome = _send_by_smtp(self._backend, message)
        # Twice in a row it may be this mail: it waits, so that the others get their turn.
        return outcome or Outcome(Verdict.LATER, "The mail server ended the connection.")

    def _open(self) -> None:
        try:
            self._backend.open()
            if isinstance(self._backend, WatchedSmtpBackend) and self._backend.connection:
                # Else the greeting would wait for the first mail, and be its trouble.
                self._backend.connection.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException) as error:
            raise LineDown(_said(error)) from error

    def _close(self) -> None:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self._backend.close()


def _backend() -> BaseEmailBackend:
    backend = get_connection()
    return WatchedSmtpBackend() if type(backend) is SmtpBackend else backend


class _Watched(smtplib.SMTP):
    text_began = False

    def send(self, s: Any) -> None:
        # Commands are strings; the only bytes that smtplib sends are the text of a mail.
        if isinstance(s, bytes):
            self.text_began = True
        super().send(s)


class _WatchedSsl(_Watched, smtplib.SMTP_SSL):
    pass


class WatchedSmtpBackend(SmtpBackend):
    """Django's SMTP backend, which also knows whether the text of a mail began to leave."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _WatchedSsl if self.use_ssl else _Watched


def _send_by_smtp(backend: WatchedSmtpBackend, message: EmailMessage) -> Outcome | None:
    """Out: what became of the mail, or None: the line ended before the mail's text was begun."""
    line = backend.connection
    if not isinstance(line, _Watched):
        return None
    line.text_began = False
    try:
        backend.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        return _answered(*next(iter(error.recipients.values())), line)
    except smtplib.SMTPSenderRefused as error:
        # It is us whom they do not want, not the reader: mended here, then tried again.
        return _answered(min(error.smtp_code, 499), error.smtp_error, line)
    except smtplib.SMTPResponseException as error:
        return _answered(error.smtp_code, error.smtp_error, line)
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        return Outcome(Verdict.UNKNOWN, _said(error)) if line.text_began else None
    except (ValueError, smtplib.SMTPException) as error:
        # An address or a header that cannot be written; nothing has left.
        return Outcome(Verdict.REFUSED, _said(error))
    return Outcome(Verdict.SENT)


def _answered(code: int, words: bytes | str, line: _Watched) -> Outcome | None:
    """The verdict of an answer: a 4 at its head means "not now", a 5 "no"."""
    if code == HANGING_UP and not line.text_began:
        return None
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return Outcome(Verdict.REFUSED if code >= 500 else Verdict.LATER, f"{code} {text}")


def _send_by_other(backend: BaseEmailBackend, message: EmailMessage) -> Outcome:
    """By a provider's interface (anymail), or one of Django's own backends for trying things."""
    try:
        message.message()
    except ValueError as error:
        # An address or a header that cannot be written; nothing has left.
        return Outcome(Verdict.REFUSED, _said(error))
    try:
        backend.send_messages([message])
    except AnymailRecipientsRefused as error:
        return Outcome(Verdict.REFUSED, _said(error))
    except AnymailError as error:
        return Outcome(_verdict_of(error), _said(error))
    except Exception as error:
        # A backend we know nothing of: only a person can say whether the mail went out.
        return Outcome(Verdict.UNKNOWN, _said(error))
    return Outcome(Verdict.SENT)


def _verdict_of(error: AnymailError) -> Verdict:
    """The verdict of a provider's HTTP answer, or of none."""
    match error.status_code:
        case 401 | 403 | 429:
            # Our key, or too fast: nothing that the reader's address could help.
            return Verdict.LATER
        case int(code) if 400 <= code < 500:
            return Verdict.REFUSED
        case None if _never_connected(error.__cause__):
            return Verdict.LATER
    return Verdict.UNKNOWN


def _never_connected(cause: BaseException | None) -> bool:
    """Whether the request ended before there was a connection to send it by."""
    first = cause.args[0] if cause is not None and cause.args else None
    return isinstance(getattr(first, "reason", first), NewConnectionError | ConnectTimeoutError)


def _said(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
