"""What an account may do at the desk, and writing down when that changes."""

from typing import Any

from accounts import trail
from accounts.models import User
from articles.models import Event

NOBODY: dict[str, Any] = {"active": True, "staff": False, "operator": False, "groups": []}


def of(user: User) -> dict[str, Any]:
    """The roles of an account as they stand in the database."""
    row = User.objects.get(pk=user.pk)
    return {
        "active": row.is_active,
        "staff": row.is_staff,
        "operator": row.is_superuser,
        "groups": sorted(row.groups.values_list("name", flat=True)),
    }


def record_change(user: User, *, before: dict[str, Any], by: Any, note: str = "") -> None:
    """Leave an event if the roles of ``user`` are no longer ``before``. Call it in the change's
    transaction; ``by`` is None on the command line."""
    after = of(user)
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        trail.record(
            Event.Kind.ROLE_CHANGED,
            user,
            by=by,
            note=note,
            details={
                "from": {name: before[name] for name in changed},
                "to": {name: after[name] for name in changed},
            },
        )
