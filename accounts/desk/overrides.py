"""Another number of devices for one reader: allowed for a time, and taken back (rules §7)."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts import trail
from accounts.models import DeviceOverride, User
from accounts.models.plans import MOST_DEVICES
from articles.models import Event


class OverrideRefused(Exception):
    """It makes no sense; the words are for the person at the desk."""


def allow(reader: User, limit: int, *, until: dt.datetime, reason: str, by: User) -> DeviceOverride:
    """Let ``reader`` have ``limit`` devices until ``until`` (aware), whatever held before."""
    if not 1 <= limit <= MOST_DEVICES:
        raise OverrideRefused(f"Choose a number from 1 to {MOST_DEVICES}.")
    if until <= timezone.now():
        raise OverrideRefused("That end is past: it would change nothing.")
    if reader.is_staff:
        raise OverrideRefused("Staff have no limit of devices.")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=reader.pk)
        override, _ = DeviceOverride.objects.update_or_create(
            user=reader, defaults={"limit": limit, "until": until, "reason": reason}
        )
        _record(reader, reason, by, limit=limit, until=until.isoformat())
    return override


def lift(reader: User, *, reason: str, by: User) -> None:
    """Back to the number of the plan. Nobody is put out."""
    with transaction.atomic():
        gone, _ = DeviceOverride.objects.filter(user=reader).delete()
        if not gone:
            raise OverrideRefused("No other number holds any more.")
        _record(reader, reason, by, limit=None)


def _record(reader: User, reason: str, by: User, **details: object) -> None:
    trail.record(
        Event.Kind.DEVICES_CHANGED,
        reader,
        by=by,
        note=reason,
        details=details,
    )
