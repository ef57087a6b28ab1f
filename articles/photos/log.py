"""What happens to pictures, written down: one way to name a picture in an event."""

from typing import Any

from articles import events
from articles.models import Event, Image


def record(
    image: Image,
    kind: Event.Kind = Event.Kind.CHANGED,
    *,
    by: Any,
    note: str = "",
    details: dict[str, Any] | None = None,
) -> Event:
    """Write down in the running transaction what ``by`` (None: the system) did to ``image``."""
    return events.record(
        kind,
        actor=by,
        target_kind="image",
        target_id=image.pk,
        target_name=str(image),
        note=note,
        details=details,
    )
