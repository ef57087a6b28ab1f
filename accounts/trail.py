"""What happened to a reader, in the audit trail: by the random id, without address or name."""

import datetime as dt
import re
from typing import Any

from accounts.models import User
from articles import events
from articles.models import Event

_ADDRESS = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>(),;]+")


def record(
    kind: Event.Kind,
    reader: User,
    *,
    by: Any = None,
    note: str = "",
    details: dict[str, Any] | None = None,
    at: dt.datetime | None = None,
) -> Event:
    """Write down that ``by`` (a user; None: the system, or the reader) did ``kind`` to ``reader``.

    Call it inside the transaction of the change. ``note`` and ``details`` must not name the reader;
    an address that staff typed into a note is left out.
    """
    return events.record(
        kind,
        actor=by,
        target_kind="reader",
        target_id=reader.public_id,
        note=_ADDRESS.sub("(address)", note),
        details=details,
        at=at,
    )
