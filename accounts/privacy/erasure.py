"""Erasing a closed account for good, seven days later.

The rows are deleted or lose their owner, as ``tables`` says of each; then whatever else names the
reader goes: sessions, results of tasks, copies, the demo's mails.
"""

import datetime as dt
import logging

from django.db import transaction
from django.db.models import QuerySet

from accounts import trail
from accounts.billing import forgetting
from accounts.billing.provider import ProviderDown, ProviderRefused
from accounts.desk import merging
from accounts.models import Closing, Export, User
from accounts.privacy import export, suppression, traces
from accounts.privacy.tables import TABLES, Fate, Table
from articles import events
from articles.models import Event

logger = logging.getLogger(__name__)


def due(at: dt.datetime) -> QuerySet[Closing]:
    """The closings whose week is over at ``at`` (aware), longest first."""
    return Closing.objects.filter(erase_at__lte=at, user__is_active=False).order_by("erase_at")


def erase_due(at: dt.datetime) -> int:
    """Erase the accounts whose week is over at ``at`` (aware). Out: how many.

    Safe to run by many workers at once, and to be killed anywhere: the next call goes on.
    """
    # Switched on again by the desk: brought back.
    Closing.objects.filter(user__is_active=True).delete()
    return sum(_erase_if_due(pk, at) for pk in list(due(at).values_list("pk", flat=True)))


def _erase_if_due(closing_id: int, at: dt.datetime) -> bool:
    row = Closing.objects.select_related("user").filter(pk=closing_id).first()
    if row is None:
        return False
    # Before the account: once that is gone nobody would know whose these are.
    for each in (row.user, *merging.emptied_into(row.user)):
        try:
            forgetting.forget(each)
        except (ProviderDown, ProviderRefused):
            # One that cannot go yet holds up no other.
            logger.exception("The payment provider forgot nobody: erasing waits for the next time")
            return False
        traces.remove(traces.of(each))
        export.remove(Export.objects.filter(user=each))
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=row.user_id).first()
        if user is None or not due(at).filter(pk=closing_id).exists():
            return False
        erase(user)
    return True


def erase(user: User) -> None:
    """Delete or detach every row about ``user``, then the account. Call it in a transaction.

    Accounts that were merged into this one are the same person, and go with it. What staff wrote of
    the reader goes from the log; that they did something, and when, stays.
    """
    for emptied in merging.emptied_into(user):
        _erase_one(emptied)
    _erase_one(user)


def _erase_one(user: User) -> None:
    for email in traces.own_addresses(user):
        suppression.add(email)
    for table in TABLES:
        if table.fate is Fate.DETACHED:
            _detach(table, user)
    for table in TABLES:
        if table.fate is Fate.DELETED and table.path != "pk":
            table.rows(user).delete()
    events.forget_words(user.public_id)
    trail.record(
        Event.Kind.CHANGED,
        user,
        note="Erased",
    )
    user.delete()


def _detach(table: Table, user: User) -> None:
    table.rows(user).update(**{table.path: None}, **table.blank)
