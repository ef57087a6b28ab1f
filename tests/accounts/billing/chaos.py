"""Lives of many subscriptions at the double, and what each is worth by the rules, read from there.

The reference (rules §8) looks at Stripe's objects as they are; nothing of ours is asked.
"""

import random
import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.stripe_double.driver import DAY, StripeDouble

Thing = dict[str, Any]

# What may happen in each state, the likelier the oftener.
ACTS = {
    "active": (
        *("renew", "renew", "fail", "fail", "cancel", "cancel", "resume", "pause", "go_on"),
        *("refund", "refund_part", "dispute", "win", "end"),
    ),
    "trialing": ("cancel", "resume", "end", "pause", "go_on"),
    "past_due": ("mend", "mend", "give_up", "end"),
    "unpaid": ("mend", "end"),
    "incomplete": ("mend",),
}


@dataclass(frozen=True)
class Worth:
    """What a subscription is worth at a moment, and why: the same from both sides."""

    opens: bool
    is_owed: bool
    is_cancelled: bool
    is_paused: bool
    is_over: bool


@dataclass
class Crowd:
    """Readers and their newest subscription at the double."""

    double: StripeDouble
    price: str
    chance: random.Random
    readers: list[str] = field(default_factory=list)
    newest: dict[str, Thing] = field(default_factory=dict)

    def begin(self, readers: list[str]) -> None:
        self.readers = readers
        for reader, found in zip(readers, self._do([self._begin(r) for r in readers]), strict=True):
            self.newest[reader] = found

    def stir(self, count: int) -> list[str]:
        """Let something happen to so many readers' subscriptions. Out: to which subscriptions."""
        readers = self.chance.sample(self.readers, count)
        done = self._do([self._step(reader) for reader in readers])
        for reader, found in zip(readers, done, strict=True):
            self.newest[reader] = found
        return [found["id"] for found in done]

    def _do(self, steps: list[Thing]) -> list[Thing]:
        return self.double.do("many", steps=steps)

    def _begin(self, reader: str) -> Any:
        given = {"price": self.price, "reader": reader, "email": f"{uuid.uuid4().hex}@example.com"}
        given |= self.chance.choice([{}, {}, {}, {"trial_days": 14}, {"card": "declines"}])
        return ["begin", given]

    def _step(self, reader: str) -> Any:
        found = self.newest[reader]
        if found["status"] == "canceled":
            return self._begin(reader)
        act = self.chance.choice(ACTS[found["status"]])
        more: Thing = {"subscription": found["id"], "act": act}
        if act == "renew" and found["cancel_at_period_end"]:
            more["act"] = "resume"
        elif act == "refund_part":
            more |= {"act": "refund", "amount": 100}
        elif act == "win":
            more |= {"act": "close_dispute", "status": "won"}
        elif act == "pause":
            more["resumes_at"] = self.chance.choice([None, 2_000_000_000])
        return ["act", more]


def worths(double: StripeDouble, at: float) -> dict[str, Worth]:
    """What every subscription at the double is worth at ``at``; those not begun are left out."""
    disputes = {row["charge"]: row["status"] for row in double.objects("dispute")}
    charges = {row["payment_intent"]: row for row in reversed(double.objects("charge"))}
    intents = {
        row["invoice"]: row["payment"]["payment_intent"]
        for row in double.objects("invoice_payment")
    }
    paid: dict[str, Thing] = {}
    tried: dict[str, int] = {}
    for row in double.objects("invoice"):
        name = row["parent"]["subscription_details"]["subscription"]
        if row["status"] == "paid" and row["amount_paid"]:
            paid.setdefault(name, charges[intents[row["id"]]])
        if row["status"] == "open":
            tried[name] = row["created"]
    return {
        row["id"]: _worth(row, paid.get(row["id"]), disputes, tried.get(row["id"], 0), at)
        for row in double.objects("subscription")
        if not row["status"].startswith("incomplete")
    }


def _worth(
    row: Thing, charge: Thing | None, disputes: dict[str, str], tried: int, at: float
) -> Worth:
    pause = row["pause_collection"]
    is_over = row["status"] == "canceled"
    if charge is not None:
        is_over |= charge["refunded"] or disputes.get(charge["id"], "won") != "won"
    ends = row["items"]["data"][0]["current_period_end"]
    is_owed = row["status"] in {"past_due", "unpaid"}
    opens = not is_over and row["status"] != "unpaid"
    opens &= pause is None or (pause["resumes_at"] or at + 1) <= at
    if is_owed:
        opens &= at < tried + 7 * DAY
    elif row["status"] == "active" and not row["cancel_at_period_end"]:
        opens &= at < ends + DAY
    else:
        opens &= at < (row["cancel_at"] or ends)
    return Worth(opens, is_owed, row["cancel_at_period_end"], pause is not None, is_over)
