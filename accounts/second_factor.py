"""Taking away a second factor, for an operator to do and for all to see."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from accounts import devices
from accounts.models import Device, User
from articles import events
from articles.models import Event


def reset(user: User, *, by: User | None) -> bool:
    """Remove every second factor of ``user`` and end all devices; whether there was one.

    Leaves an audit row; ``by`` is None when an operator does it on the command line.
    """
    with transaction.atomic():
        removed, _ = Authenticator.objects.filter(user=user).delete()
        if not removed:
            return False
        devices.end_others(user, None, ending=Device.Ending.BY_THE_DESK, by="", at=timezone.now())
        events.record(
            Event.Kind.CHANGED,
            actor=by,
            target_kind="reader",
            target_id=user.public_id,
            note="Second factor reset",
        )
    return True
