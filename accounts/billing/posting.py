"""Sending the mails about money that are due: each once, or standing as unknown, never twice."""

import datetime as dt
import logging
import time
from collections.abc import Iterable, Iterator

from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from accounts import account_mail
from accounts.alerts.post import Line, LineDown, Outcome, Verdict
from accounts.billing import mail_words, mails
from accounts.models import MoneyMail
from accounts.publication import publication

logger = logging.getLogger(__name__)

State = MoneyMail.State

MOST_A_RUN = 50
RUN_FOR = 1.0
"""Seconds: then the worker looks after access again, which is owed sooner than mail."""

STUCK_AFTER = dt.timedelta(minutes=5)
PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))


def send_due() -> int:
    """Send what is due. Out: how many went out. Safe on many workers at once."""
    now = timezone.now()
    _give_up_stuck(now)
    due = list(_due(now)[:MOST_A_RUN])
    if not due:
        return 0
    try:
        with Line() as line:
            return sum(_send(mail, line) for mail in _in_time(due))
    except LineDown as down:
        logger.warning("No mails about money for now: %s", down)
        return 0


def _in_time(due: Iterable[MoneyMail]) -> Iterator[MoneyMail]:
    begun = time.monotonic()
    for mail in due:
        yield mail
        if time.monotonic() - begun > RUN_FOR:
            return


def _due(now: dt.datetime) -> QuerySet[MoneyMail]:
    with_all = MoneyMail.objects.select_related(
        "subscription__user",
        "subscription__plan",
        "subscription__price",
        "subscription__next_price__plan",
    )
    return with_all.filter(state=State.WAITING, due_at__lte=now).order_by("due_at", "pk")


def _send(mail: MoneyMail, line: Line) -> bool:
    now = timezone.now()
    reader = mail.subscription.user
    if not reader.is_active or not mails.still_holds(mail, now):
        _rows(mail, State.WAITING).update(state=State.DROPPED)
        return False
    try:
        message = _message(mail)
    except Exception as error:
        # A mail that cannot be written must not keep the others waiting.
        logger.exception("Mail %s about money could not be written", mail.pk)
        _rows(mail, State.WAITING).update(state=State.DROPPED, error=str(error)[:300])
        return False
    # Committed before the mail server hears of it: two workers cannot both get here.
    if not _rows(mail, State.WAITING).update(state=State.SENDING, claimed_at=now):
        return False
    try:
        outcome = line.send(message)
    except LineDown:
        _rows(mail, State.SENDING).update(state=State.WAITING, claimed_at=None)
        raise
    return _note(mail, outcome)


def _note(mail: MoneyMail, outcome: Outcome) -> bool:
    row, now = _rows(mail, State.SENDING), timezone.now()
    words, attempts = outcome.words[:300], mail.attempts + 1
    match outcome.verdict:
        case Verdict.SENT:
            row.update(state=State.SENT, sent_at=now, attempts=attempts, error="")
        case Verdict.LATER if attempts <= len(PAUSES):
            due_at = now + PAUSES[attempts - 1]
            row.update(state=State.WAITING, due_at=due_at, attempts=attempts, error=words)
        case Verdict.UNKNOWN:
            row.update(state=State.UNKNOWN, attempts=attempts, error=words)
        case _:
            row.update(state=State.DROPPED, attempts=attempts, error=words)
    return outcome.verdict is Verdict.SENT


def _give_up_stuck(now: dt.datetime) -> None:
    stuck = MoneyMail.objects.filter(state=State.SENDING, claimed_at__lt=now - STUCK_AFTER)
    stuck.update(
        state=State.UNKNOWN, error="The worker ended before it noted whether the mail went out."
    )


def _rows(mail: MoneyMail, state: MoneyMail.State) -> QuerySet[MoneyMail]:
    return MoneyMail.objects.filter(pk=mail.pk, state=state)


def _message(mail: MoneyMail) -> EmailMultiAlternatives:
    ours = publication()
    words = mail_words.of(mail, ours)
    context = {"words": words, "publication": ours}
    return account_mail.composed(
        subject=words.subject,
        text=render_to_string("accounts/mail/money.txt", context),
        html=render_to_string("accounts/mail/money.html", context),
        to=mail.subscription.user.email,
    )
