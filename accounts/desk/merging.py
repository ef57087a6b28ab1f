"""Two accounts of one person made one: what the emptied one has moves to the kept one.

Everything moves in one transaction, with both rows locked in the order of their numbers: of two
people merging at once one is second, and is told so. All grants move, so the best one wins.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts import devices, trail
from accounts.desk import letters, relations
from accounts.desk.relations import Count
from accounts.models import Checkout, Closing, Device, Merger, Subscription, User
from articles.models import Event


class MergeRefused(Exception):
    """These two cannot be made one; the words are for the person at the desk."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a merger would do: of each kind how many rows move and how many are there already."""

    counts: list[Count]
    devices: int
    pays_twice: bool
    """Whether both are charged by the payment provider, which goes on after the merger."""


def preview(kept: User, emptied: User) -> Preview:
    """What would happen, without doing it. Raises ``MergeRefused``."""
    _refuse_unfit(kept, emptied)
    return Preview(
        counts=[count for count in relations.counts(kept, emptied) if count.moves or count.goes],
        devices=devices.live(emptied).count(),
        pays_twice=_is_charged(kept) and _is_charged(emptied),
    )


def merge(kept: User, emptied: User, *, reason: str, by: User) -> Merger:
    """Move everything of ``emptied`` to ``kept``, and close it. Raises ``MergeRefused``."""
    with transaction.atomic():
        kept, emptied = _locked(kept, emptied)
        _refuse_unfit(kept, emptied)
        counts = relations.counts(kept, emptied)
        relations.move(kept, emptied)
        devices.end_others(
            emptied, None, ending=Device.Ending.BY_THE_DESK, by="", at=timezone.now()
        )
        User.objects.filter(pk=emptied.pk).update(is_active=False)
        merger = Merger.objects.create(kept=kept, emptied=emptied)
        _record(kept, by, reason, counts, other=emptied, is_kept=True)
        _record(emptied, by, reason, counts, other=kept, is_kept=False)
        letters.tell_of_merger(merger)
    return merger


def emptied_into(user: User) -> list[User]:
    """The closed accounts whose things ``user`` has: they are the same person, and go with them."""
    found: list[User] = []
    waiting = [user]
    while waiting:
        closed = [merger.emptied for merger in waiting.pop().merged_from.select_related("emptied")]
        found += closed
        waiting += closed
    return found


def _locked(kept: User, emptied: User) -> tuple[User, User]:
    """Both rows, locked in the order of their numbers, so that no two mergers wait crosswise."""
    both = User.objects.select_for_update().filter(pk__in=[kept.pk, emptied.pk]).order_by("pk")
    rows = {user.pk: user for user in both}
    if len(rows) != len({kept.pk, emptied.pk}):
        raise MergeRefused("One of the accounts is gone.")
    return rows[kept.pk], rows[emptied.pk]


def _refuse_unfit(kept: User, emptied: User) -> None:
    if kept.pk == emptied.pk:
        raise MergeRefused("That is this very account. Choose the other one.")
    if kept.is_staff or emptied.is_staff:
        raise MergeRefused("Accounts of staff are not merged.")
    if Merger.objects.filter(emptied__in=[kept, emptied]).exists():
        raise MergeRefused("One of the two was merged into another account already.")
    if Closing.objects.filter(user__in=[kept, emptied]).exists():
        raise MergeRefused("The owner of one of the two has asked to delete it.")
    if not kept.is_active:
        raise MergeRefused("This account is switched off. Keep the other one, or switch it on.")
    if Checkout.objects.filter(
        user=emptied, state=Checkout.State.OPEN, expires_at__gt=timezone.now()
    ).exists():
        raise MergeRefused(
            "The other account is just about to pay. Merge them when that is through."
        )


def _is_charged(user: User) -> bool:
    charged = Subscription.objects.filter(user=user, ended_at=None, cancelled_at=None)
    return charged.exclude(provider="").exists()


def _record(
    user: User, by: User, reason: str, counts: list[Count], *, other: User, is_kept: bool
) -> None:
    trail.record(
        Event.Kind.ACCOUNTS_MERGED,
        user,
        by=by,
        note=reason,
        details={
            "kept": is_kept,
            "other": str(other.public_id),
            **{count.key: count.moves for count in counts if count.moves},
        },
    )
