"""Sending a mail again whose fate is unknown, or that was refused: a person decides."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import trail
from accounts.models import Delivery
from articles.models import Event

SENDABLE_AGAIN = (Delivery.State.UNKNOWN, Delivery.State.FAILED)


class NotAgain(Exception):
    """The mail waits, was sent, or is no longer wanted: there is nothing to decide."""


@transaction.atomic
def send_again(delivery: Delivery, *, actor: Any) -> None:
    """Queue the mail once more, in the name of ``actor``. Raises ``NotAgain``.

    The condition makes two clicks of two people one mail.
    """
    rows = Delivery.objects.filter(pk=delivery.pk, state__in=SENDABLE_AGAIN)
    queued = rows.update(
        state=Delivery.State.QUEUED,
        attempts=0,
        not_before=timezone.now(),
        claimed_at=None,
        error="",
    )
    if not queued:
        raise NotAgain
    trail.record(
        Event.Kind.MAIL_SENT_AGAIN,
        delivery.reader,
        by=actor,
        note=f"About article {delivery.announcement.article_id}; it stood as "
        f"“{Delivery.State(delivery.state).label}”.",
        details={"delivery": delivery.pk, "article": delivery.announcement.article_id},
    )
