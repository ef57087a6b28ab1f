"""Notes about readers: kept with who and when, for the desk only."""

from django.db import transaction

from accounts import trail
from accounts.models import Note, User
from articles.models import Event


def leave(reader: User, text: str, *, by: User) -> Note:
    """Keep ``text`` about ``reader``. The log says that there is one, not what it says."""
    with transaction.atomic():
        note = Note.objects.create(user=reader, text=text.strip(), written_by=by)
        trail.record(
            Event.Kind.NOTE_LEFT,
            reader,
            by=by,
            details={"note": note.pk},
        )
    return note
