"""What we ask of whoever takes the money, and what it tells us, in our words.

Two stand behind it: ``stripe_provider`` and, for the demo only, ``demo_provider``. All times are
aware and UTC, all amounts in the smallest unit of their currency.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class ProviderDown(Exception):
    """No answer, a slow one, or one that says to come back later: try again."""


class ProviderRefused(Exception):
    """The provider understood and said no; the words are its own, for logs and the desk."""


class Declined(ProviderRefused):
    """The reader's card was declined, or wants to be asked: nothing was changed."""


class NotThere(Exception):
    """The provider knows nothing by that id."""


class BadSignature(Exception):
    """A notice that the provider did not sign, or not just now."""


class Status(StrEnum):
    """Where a subscription stands at the provider now. Access follows the dates beside it."""

    INCOMPLETE = "incomplete"
    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    UNPAID = "unpaid"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a price is to the provider. ``key`` names it for good, here and there."""

    key: str
    plan_key: str
    plan_name: str
    amount: int
    currency: str
    interval: str
    """``month`` or ``year``."""


@dataclass(frozen=True, slots=True)
class Order:
    """One reader's wish to subscribe. ``key`` makes asking twice the same as asking once."""

    reader: str
    """The reader's public id."""
    email: str
    customer_id: str
    """"" where the provider does not know this reader yet."""
    price_id: str
    trial_days: int
    success_url: str
    cancel_url: str
    expires_at: dt.datetime
    key: str


@dataclass(frozen=True, slots=True)
class Started:
    """A checkout that waits for the reader at ``url``."""

    session_id: str
    url: str
    customer_id: str


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice that was paid. ``refunded`` is what was given back of ``amount``."""

    id: str
    number: str
    amount: int
    currency: str
    paid_at: dt.datetime
    refunded: int = 0
    refunded_at: dt.datetime | None = None
    """When all of it had been given back; None while something is kept."""
    disputed_at: dt.datetime | None = None
    """When the bank was asked for it back; None where that was lost by who asked."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A subscription as the provider has it at this moment."""

    id: str
    customer_id: str
    reader: str
    """The public id given with the order; "" if it was not."""
    price_id: str
    status: Status
    started_at: dt.datetime
    period_ends_at: dt.datetime
    """End of what is paid, or billed; of the trial while it runs."""
    next_price_id: str = ""
    """What it changes to when the period ends; "" if it does not."""
    ends_at: dt.datetime | None = None
    """When it ends without renewal: cancelled by its keeper."""
    cancelled_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    failed_at: dt.datetime | None = None
    """When the payment that is open now was first tried in vain."""
    is_paused: bool = False
    resumes_at: dt.datetime | None = None
    paid: tuple[Invoice, ...] = field(default_factory=tuple)
    """Invoices paid, newest first; those of at least the last year."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A signed word that something changed: which kind, about what. Never how it stands now."""

    event_id: str
    kind: str
    happened_at: dt.datetime
    object_id: str
    subscription_id: str
    """"" where the notice does not name it: ``Provider.locate`` finds it."""
    facts: dict[str, object]
    """Ids and amounts only, for whoever looks for a mistake."""


class Provider(Protocol):
    """Every call may raise ``ProviderDown``, and ``ProviderRefused``; calls with a ``key`` may be
    repeated without harm."""

    name: str
    is_far: bool
    """Whether answers come over a network: then several are asked for at once, in threads."""
    form_targets: tuple[str, ...]
    """Origins that our forms lead to, for the policy of the pages that hold them."""

    def ensure_price(self, terms: Terms) -> str:
        """Its id for a price, made there if need be."""

    def start_checkout(self, order: Order) -> Started:
        """Have it wait for the reader."""

    def close_checkout(self, session_id: str) -> bool:
        """Let nobody pay by it any more. Out: False if somebody has."""

    def portal(self, customer_id: str, *, return_url: str) -> str:
        """Where a signed-in reader changes cards and finds invoices."""

    def pay_link(self, subscription_id: str) -> str:
        """Where what is open can be paid without signing in; "" if nothing is."""

    def cancel(self, subscription_id: str, *, key: str) -> None:
        """Do not renew it; a change that was to come is dropped."""

    def resume(self, subscription_id: str, *, key: str) -> None:
        """Take the cancelling back, while the period runs."""

    def change_now(self, subscription_id: str, price_id: str, *, key: str) -> None:
        """Another price at once; what was paid already is counted in."""

    def change_later(self, subscription_id: str, price_id: str, *, key: str) -> None:
        """Another price from the next period on."""

    def end_now(self, subscription_id: str, *, key: str) -> None:
        """End it this moment, for good: an account that is closed."""

    def readdress(self, customer_id: str, email: str) -> None:
        """Write to the reader there from now on. Raises ``NotThere``."""

    def forget_customer(self, customer_id: str) -> None:
        """Delete what it knows of a reader, as far as the law lets it; nothing if it is gone."""

    def fetch(self, subscription_id: str) -> Snapshot:
        """How it stands now. Raises ``NotThere``."""

    def locate(self, object_id: str) -> str:
        """The subscription behind a checkout, an invoice, a charge or a dispute; "" if none."""

    def subscriptions(self) -> Iterator[str]:
        """The ids of all of them, ended ones of the last month included."""

    def read_notice(self, body: bytes, signature: str) -> Notice:
        """Raises ``BadSignature``."""
