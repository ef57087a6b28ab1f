"""The audit trail: one append-only row for each act, written in the act's own transaction."""

import datetime as dt
import re
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils import timezone

from articles import bulk_rows
from articles.models import Event

# Ends of line of every kind, and whatever else steers a terminal or a parser.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def record(
    kind: Event.Kind,
    *,
    actor: Any,
    target_kind: str,
    target_id: object,
    target_name: str = "",
    note: str = "",
    details: dict[str, Any] | None = None,
    at: dt.datetime | None = None,
) -> Event:
    """Write down that ``actor`` (a user, or None for the system) did ``kind`` to a thing.

    Readers are named by their random id only: pass ``user.public_id`` and no name for them.
    Call it inside the transaction of the change, so that neither stands without the other. ``at``
    (aware) is for what is written down later than it happened.
    """
    return Event.objects.create(
        kind=kind,
        at=at or timezone.now(),
        actor=actor if getattr(actor, "pk", None) else None,
        actor_name=one_line(actor.get_full_name())[:200] if _is_named(actor) else "",
        target_kind=target_kind,
        target_id=str(target_id),
        target_name=one_line(target_name)[:300],
        note=one_line(note),
        details=details or {},
    )


def record_all(
    kind: Event.Kind,
    *,
    actor: Any,
    target_kind: str,
    targets: Iterable[tuple[object, str]],
    details: dict[str, Any],
    at: dt.datetime,
) -> None:
    """Write down the same act on many things at once: ``targets`` are their ids and names.

    Not for readers, who are named one by one.
    """
    name = one_line(actor.get_full_name())[:200] if _is_named(actor) else ""
    bulk_rows.insert(
        Event,
        "target_id target_name",
        ((str(target_id), one_line(target_name)[:300]) for target_id, target_name in targets),
        kind=kind,
        at=at,
        actor_id=getattr(actor, "pk", None),
        actor_name=name,
        target_kind=target_kind,
        details=details,
    )


def one_line(text: str) -> str:
    """The text without ends of line and control characters: no name can forge a second entry."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _is_named(actor: Any) -> bool:
    """Staff answer for what they do in their name; a reader does not."""
    return actor is not None and bool(getattr(actor, "is_staff", True))


def forget_words(public_id: uuid.UUID) -> int:
    """Empty what staff wrote of a reader whose account is erased. Out: of how many events.

    Kind, time and actor stay; this and the age of sign-ins are all that ever changes the log.
    """
    rows = Event.objects.filter(target_kind="reader", target_id=str(public_id))
    # Its own ``update`` refuses.
    return models.QuerySet.update(rows.filter(actor__isnull=False), note="")
