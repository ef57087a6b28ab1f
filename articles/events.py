"""The audit trail: one append-only row for each act, written in the act's own transaction."""

from typing import Any

from articles.models import Event


def record(
    kind: Event.Kind,
    *,
    actor: Any,
    target_kind: str,
    target_id: object,
    target_name: str = "",
    note: str = "",
    details: dict[str, Any] | None = None,
) -> Event:
    """Write down that ``actor`` (a user, or None for the system) did ``kind`` to a thing.

    Readers are named by their random id only: pass ``user.public_id`` and no name for them.
    Call it inside the transaction of the change, so that neither stands without the other.
    """
    return Event.objects.create(
        kind=kind,
        actor=actor if getattr(actor, "pk", None) else None,
        actor_name=actor.get_full_name() if actor is not None else "",
        target_kind=target_kind,
        target_id=str(target_id),
        target_name=target_name[:300],
        note=note,
        details=details or {},
    )
