"""What the worker does for mails about stories, every few seconds."""

from django.utils import timezone

from accounts.alerts.deliver import deliver_due, recover_stuck
from accounts.alerts.fan_out import announce_due

MOST_A_RUN = 5000
"""Mails; a run also ends after a few seconds, so that other work gets its turn."""


def announce() -> None:
    """Queue the mails of the stories that are out."""
    announce_due(timezone.now())


def deliver() -> None:
    """Send what waits."""
    deliver_due(timezone.now(), limit=MOST_A_RUN)


def recover() -> None:
    """Give up what dead workers had begun."""
    recover_stuck(timezone.now())
