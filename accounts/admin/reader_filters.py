"""By what the lists of readers and of subscriptions are narrowed down."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.desk import states
from accounts.entitlements import State
from accounts.models import Subscription, User

_STATES = {
    "trial": (State.TRIAL, "On trial"),
    "active": (State.ACTIVE, "Paid"),
    "past-due": (State.PAST_DUE, "Past due"),
    "unpaid": (State.UNPAID, "Unpaid"),
    "cancelled": (State.CANCELLED, "Cancelled, still running"),
    "paused": (State.PAUSED, "Paused"),
    "comped": (State.COMPED, "Complimentary"),
    "upcoming": (State.UPCOMING, "Not begun yet"),
    "refunded": (State.REFUNDED, "Refunded"),
    "disputed": (State.DISPUTED, "Disputed"),
    "expired": (State.EXPIRED, "Expired"),
}
_NONE = "none"


class ReaderState(admin.SimpleListFilter):
    """Readers with a subscription in that state now."""

    title = "subscription"
    parameter_name = "state"
    template = "desk/long_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*((key, label) for key, (_, label) in _STATES.items()), (_NONE, "Never had one")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        if self.value() == _NONE:
            return states.without_any(queryset)
        chosen = _STATES.get(self.value() or "")
        return states.readers_in(queryset, chosen[0], timezone.now()) if chosen else queryset


class SubscriptionState(admin.SimpleListFilter):
    """Subscriptions by their state now."""

    title = "state"
    parameter_name = "state"
    template = "desk/long_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(key, label) for key, (_, label) in _STATES.items()]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Subscription]
    ) -> QuerySet[Subscription]:
        chosen = _STATES.get(self.value() or "")
        return queryset.filter(states.in_state(chosen[0], timezone.now())) if chosen else queryset


class OpenEnded(admin.SimpleListFilter):
    """Complimentary ones that run without an end: looked at once a month."""

    title = "end"
    parameter_name = "ends"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("never", "Complimentary, without an end")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Subscription]
    ) -> QuerySet[Subscription]:
        if self.value() != "never":
            return queryset
        return queryset.filter(states.open_ended(timezone.now()))
