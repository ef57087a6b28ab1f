"""How long each thing about a reader is kept, and why: one list for the worker and the readers.

What has an end in days goes every night, and by ``manage.py purge_personal_data``.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from allauth.account.models import EmailConfirmation
from django.conf import settings
from django.contrib.sessions.models import Session
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts import meter
from accounts.billing import reconciling
from accounts.models import (
    CodeTries,
    Delivery,
    Device,
    EmailChange,
    Opening,
    ProviderEvent,
)
from accounts.privacy import closing, export, heaps


class Heap(Protocol):
    """What is over its time: countable, and removable. Any queryset is one."""

    def count(self) -> int: ...

    def delete(self) -> object: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """``tables`` by label; ``days`` after what ``since`` names. None: with the
    account, or as long as ``since`` says."""

    what: str
    why: str
    tables: tuple[str, ...] = ()
    days: int | None = None
    since: str = ""
    due: Callable[[dt.datetime], Heap] | None = None
    """What is older than the given moment."""

    @property
    def how_long(self) -> str:
        """In words, for the reader."""
        if self.days is None:
            return self.since or "As long as you have an account."
        if not self.days:
            return f"Until the night after {self.since}."
        return f"{self.days} day{'' if self.days == 1 else 's'} after {self.since}."

    def heap(self, at: dt.datetime) -> Heap | None:
        """What is over its time at ``at``; None for what goes with the account."""
        if self.due is None or self.days is None:
            return None
        return self.due(at - dt.timedelta(days=self.days))


RULES = (
    Rule(
        "Your name, e-mail address, password (as a hash) and passkeys",
        "They are your account.",
        ("accounts.User", "account.EmailAddress", "mfa.Authenticator"),
    ),
    Rule(
        "Your subscriptions, the limit of your devices, and the mails about them",
        "To know what you may read, and to answer your questions.",
        (
            "accounts.Subscription",
            "accounts.DeviceOverride",
            "accounts.MoneyMail",
            "accounts.Customer",
            "accounts.Checkout",
        ),
    ),
    Rule(
        "Payments: invoice number, date, amount",
        "The law asks for it. When your account is deleted they no longer say whose they are.",
        ("accounts.Payment",),
        since="As long as the law asks for.",
    ),
    Rule(
        "What you follow, and whether you want mails",
        "To send you what you asked for.",
        ("accounts.Follow",),
    ),
    Rule(
        "Devices you are signed in on",
        "To show them to you, and to keep to the number of your plan.",
        ("accounts.Device",),
    ),
    Rule(
        "Devices that were signed out",
        "To tell you at the next visit, and for you to look back.",
        ("accounts.Device",),
        90,
        "they were signed out",
        lambda before: Device.objects.filter(ended_at__lt=before),
    ),
    Rule(
        "Notes of our subscriptions desk about what you wrote or called for",
        "So that you need not say it twice.",
        ("accounts.Note",),
    ),
    Rule(
        "That two accounts of yours were made one",
        "So that we find you by your former address, too. Both are erased together.",
        ("accounts.Merger",),
    ),
    Rule(
        "Metered stories you opened",
        "So that a story stays open to you, and counts once.",
        ("accounts.Opening",),
        meter.KEPT.days,
        "you opened them",
        lambda before: Opening.objects.filter(opened_at__lt=before),
    ),
    Rule(
        "Which story mails were sent to you",
        "So that none comes twice, and to look into what went wrong.",
        ("accounts.Delivery",),
        180,
        "they were sent",
        lambda before: Delivery.objects.filter(
            created_at__lt=before, announcement__done_at__isnull=False
        ),
    ),
    Rule(
        "Changes of your e-mail address",
        "So that the former address can stop them.",
        ("accounts.EmailChange",),
        30,
        "you asked for them",
        lambda before: EmailChange.objects.filter(asked_at__lt=before),
    ),
    Rule(
        "Copies of your data that you asked for",
        "For you to fetch.",
        ("accounts.Export",),
        export.KEPT.days,
        "they were made",
        heaps.Exports,
    ),
    Rule(
        "An account you closed",
        "So that you can bring it back. Then all of it is erased.",
        ("accounts.Closing",),
        closing.WAY_BACK.days,
        "you closed it",
    ),
    Rule(
        "Accounts whose address was never confirmed",
        "For the time it may take to open the mail.",
        (),
        30,
        "they were opened",
        heaps.unconfirmed,
    ),
    Rule(
        "What the log says of your account",
        "So that we can show who changed what. It names you by a random number only.",
        ("articles.Event",),
        since="For good. The number leads nowhere once your account is erased.",
    ),
    Rule(
        "When our staff signed in and out, and failed to",
        "To find out about break-ins.",
        (),
        400,
        "it happened",
        heaps.SignInLog,
    ),
    Rule(
        "Sessions that have ended",
        "They open nothing any more.",
        (),
        0,
        "they ended",
        lambda before: Session.objects.filter(expire_date__lt=before),
    ),
    Rule(
        "Sign-ins that were begun and not finished",
        "For as long as a code or a second step may take.",
        (),
        2,
        "they were begun",
        heaps.Unfinished,
    ),
    Rule(
        "How often an e-mailed code was tried",
        "So that nobody guesses it.",
        (),
        1,
        "it was sent",
        lambda before: CodeTries.objects.filter(created_at__lt=before),
    ),
    Rule(
        "Links that confirm an address",
        "For as long as they work.",
        (),
        settings.ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS,
        "they were sent",
        lambda before: EmailConfirmation.objects.filter(created__lt=before),
    ),
    Rule(
        "What became of background work, with errors of the mail server",
        "To look into what went wrong.",
        (),
        14,
        "it was done",
        lambda before: DBTaskResult.objects.filter(
            finished_at__lt=before,
            status__in=[TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED],
        ),
    ),
    Rule(
        "Notices of the payment provider: numbers and amounts",
        "So that none counts twice, and to compare.",
        (),
        reconciling.KEPT.days,
        "they came",
        lambda before: ProviderEvent.objects.filter(received_at__lt=before),
    ),
    Rule(
        "How often something was tried from an address, as a keyed hash",
        "To hold off attacks.",
        (),
        0,
        "the limit ended",
        heaps.CacheRows,
    ),
    Rule(
        "Mails of the demo, kept as files",
        "For whoever tries it. A real newsroom keeps none.",
        (),
        30,
        "they were written",
        heaps.DemoMails,
    ),
    Rule(
        "The address of an erased account, as a keyed hash",
        "So that no import starts mails to it again. Opening an account anew ends it.",
        ("accounts.Suppressed",),
        since="Until that address opens an account again.",
    ),
)


def due(at: dt.datetime) -> list[tuple[Rule, int]]:
    """How much of each rule is over its time at ``at`` (aware). Removes nothing."""
    found = [(rule, rule.heap(at)) for rule in RULES]
    return [(rule, heap.count()) for rule, heap in found if heap is not None]


def purge(at: dt.datetime) -> list[tuple[Rule, int]]:
    """Remove what is over its time at ``at`` (aware). Out: how much of each rule that was."""
    done = []
    for rule in RULES:
        heap = rule.heap(at)
        if heap is not None:
            count = heap.count()
            if count:
                heap.delete()
            done.append((rule, count))
    heaps.settle_files()
    return done
