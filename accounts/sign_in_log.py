"""Which of the staff signed in, failed to, and signed out. Of readers nothing is written down."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django_tasks import task

from accounts import trail
from accounts.models import User
from articles.models import Event


def signed_in(user: Any, *, by: list[str], device: str) -> None:
    """``by`` names the proofs that were given, as "password"; ``device`` is the browser's name."""
    _record(Event.Kind.SIGNED_IN, user, actor=user, details={"by": by, "device": device})


def signed_out(user: Any) -> None:
    _record(Event.Kind.SIGNED_OUT, user, actor=user)


def failed(address: str, *, by: str) -> None:
    """Somebody gave this address and a wrong proof. What they typed is not kept.

    Done by the worker, and asked for whoever it was: an answer that took longer for the addresses
    of staff would tell who they are.
    """
    staff = User.objects.filter(email=address.strip().lower(), is_staff=True)
    account = staff.values_list("public_id", flat=True).first()
    note_failure.enqueue(str(account or ""), by, timezone.now().isoformat())


@task()
def note_failure(account: str, by: str, at: str) -> None:
    """Write down a failed sign-in of the account with this public id, if it is one of staff."""
    user = User.objects.filter(public_id=account, is_staff=True).first() if account else None
    if user is not None:
        happened_at = dt.datetime.fromisoformat(at)
        _record(Event.Kind.SIGN_IN_FAILED, user, details={"by": by}, at=happened_at)


def failed_second_factor(user: Any) -> None:
    """The first proof was right, so the person knows of the account already."""
    _record(Event.Kind.SIGN_IN_FAILED, user, details={"by": "second factor"})


def second_factor(user: Any, what: str) -> None:
    """The owner set it up or took it away. Call it in the transaction of the change."""
    _record(Event.Kind.CHANGED, user, actor=user, note=what)


def _record(kind: Event.Kind, user: Any, *, actor: Any = None, **details: Any) -> None:
    if user.is_staff:
        trail.record(kind, user, by=actor, **details)
