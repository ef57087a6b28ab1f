"""What hangs on an account, and what becomes of it when two accounts are made one.

Every relation to an account is named here; a test fails on one that nobody decided about.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts.models import (
    Checkout,
    Customer,
    Delivery,
    DeviceOverride,
    EmailChange,
    Follow,
    Note,
    Opening,
    Payment,
    Subscription,
    User,
)


@dataclass(frozen=True, slots=True)
class Move:
    """Rows of ``model`` go over; those that the kept account has already, by ``once``, do not."""

    model: type[Model]
    name: str
    field: str = "user"
    once: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.model._meta.label}.{self.field}"

    def of(self, user: User) -> "QuerySet[Model]":
        return self.model._default_manager.filter(**{self.field: user})


MOVES = (
    Move(Subscription, "subscriptions"),
    Move(Follow, "follows", once=("author_id", "section_id")),
    Move(Opening, "metered stories opened", once=("period", "article_id")),
    Move(Note, "notes"),
    Move(Delivery, "mails about stories", field="reader", once=("announcement_id",)),
    Move(Customer, "customers at the payment provider"),
    Move(Payment, "payments"),
    Move(Checkout, "ways to the checkout"),
)
MOVED_BY_HAND = {
    "accounts.DeviceOverride.user": "one for an account: the more generous one stays",
}
LEFT = {
    "accounts.Device.user": "ended, and kept with the closed account for its timeline",
    "accounts.Merger.emptied": "what was merged before stays written down",
    "accounts.Merger.kept": "accounts emptied into this one before lead on from it",
    "account.EmailAddress.user": "keeps strangers from signing up with an address of the reader",
    "accounts.Closing.user": "who asked to be deleted is not merged",
    "accounts.Export.user": "a copy made for its owner goes by itself in a few days",
    "articles.Author.user": "an author is staff, and staff are not merged",
    "articles.DeskPreference.user": "of staff, who are not merged",
    "admin.LogEntry.user": "the admin's own log stays empty here; ours takes its place",
}
DROPPED = {
    "accounts.EmailChange.user": "the address of a closed account changes no more",
    "mfa.Authenticator.user": "a passkey opens the account it was made for, which is closed",
}
# Relations without a way back name who did something: they stay with whoever did it.
DECIDED = {move.label for move in MOVES} | MOVED_BY_HAND.keys() | LEFT.keys() | DROPPED.keys()


@dataclass(frozen=True, slots=True)
class Count:
    """Of one kind: how many rows move, and how many go because the kept account has them."""

    key: str
    moves: int
    goes: int = 0


def counts(kept: User, emptied: User) -> list[Count]:
    """What ``move`` would do, kind by kind."""
    found = []
    for each in MOVES:
        doubles = len(_doubles(each, kept, emptied))
        found.append(Count(each.name, each.of(emptied).count() - doubles, doubles))
    overrides = DeviceOverride.objects.filter(user=emptied).count()
    return [*found, Count("other numbers of devices", overrides)]


def move(kept: User, emptied: User) -> None:
    """Give ``kept`` what ``emptied`` has. Call it inside a transaction that holds both rows."""
    for each in MOVES:
        each.of(emptied).filter(pk__in=_doubles(each, kept, emptied)).delete()
    # One open at a time, says the database; that of the emptied one is past its time.
    Checkout.objects.filter(user=emptied).update(state=Checkout.State.CLOSED)
    for each in MOVES:
        each.of(emptied).update(**{each.field: kept})
    _move_override(kept, emptied)
    Authenticator.objects.filter(user=emptied).delete()
    EmailChange.objects.filter(user=emptied).delete()


def _doubles(each: Move, kept: User, emptied: User) -> list[int]:
    if not each.once:
        return []
    there = set(_keys(each.of(kept), each.once))
    return [key[0] for key in each.of(emptied).values_list("pk", *each.once) if key[1:] in there]


def _keys(rows: "QuerySet[Model]", once: Iterable[str]) -> Iterable[tuple[object, ...]]:
    return rows.values_list(*once)


def _move_override(kept: User, emptied: User) -> None:
    both = list(DeviceOverride.objects.filter(user__in=[kept, emptied]))
    if not both:
        return
    now = timezone.now()
    best = max(both, key=lambda each: (each.until > now, each.limit, each.until))
    DeviceOverride.objects.filter(user__in=[kept, emptied]).exclude(pk=best.pk).delete()
    DeviceOverride.objects.filter(pk=best.pk).update(user=kept)
