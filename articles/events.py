"""The audit trail: one append-only row for each act, written in the act's own transaction."""

import datetime as dt
import re
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from articles.models import Event

# Ends of line of every kind, and whatever else steers a terminal or a parser.
_ADDRESS = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>(),;]+")
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

    Readers are named by their random id only: pass ``user.public_id`` and no name for them. Their
    name and any address in a note about them is left out, for the row outlives their account.
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
        note=_unnamed(one_line(note), target_id) if target_kind == "reader" else one_line(note),
        details=details or {},
    )


def one_line(text: str) -> str:
    """The text without ends of line and control characters: no name can forge a second entry."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _is_named(actor: Any) -> bool:
    """Staff answer for what they do in their name; a reader does not."""
    return actor is not None and bool(getattr(actor, "is_staff", True))


def _unnamed(text: str, public_id: object) -> str:
    """A note about a reader without addresses and without their name."""
    readers = get_user_model().objects.filter(public_id=public_id)
    name = str(readers.values_list("name", flat=True).first() or "") if text else ""
    if name:
        text = re.sub(rf"\b{re.escape(name)}\b", "(name)", text, flags=re.IGNORECASE)
    return _ADDRESS.sub("(address)", text)
