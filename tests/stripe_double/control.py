"""The side of the double that tests hold on to: ``POST /_control/<verb>`` with JSON."""

import json
from collections.abc import Callable
from typing import Any

from tests.stripe_double import shapes
from tests.stripe_double.api import Api, Reply
from tests.stripe_double.billing import Billing
from tests.stripe_double.shapes import Thing
from tests.stripe_double.webhooks import Endpoint, Webhooks


class Control:
    """One method for each verb; each gets the JSON as keywords."""

    def __init__(self, billing: Billing, api: Api, webhooks: Webhooks) -> None:
        self.billing = billing
        self.store = billing.store
        self.api = api
        self.webhooks = webhooks

    def answer(self, verb: str, given: dict[str, Any]) -> Reply:
        function: Callable[..., Any] = getattr(self, f"do_{verb}")
        body = json.dumps(function(**given)).encode()
        return Reply(200, body, {"Content-Type": "application/json"})

    def do_begin(
        self,
        *,
        price: str,
        reader: str = "",
        email: str = "zyx@example.com",
        name: str = "Zyx Cardholder",
        card: str = "good",
        trial_days: int = 0,
    ) -> Thing:
        """A customer with a subscription, as if a checkout had been paid."""
        given = {"email": email, "name": name, "metadata": {"reader": reader}}
        customer = self.store.add(shapes.customer(self.store.now(), given))
        self.store.cards[customer["id"]] = card
        found = self.store.get("price", price)
        metadata = {"reader": reader} if reader else {}
        return self.billing.start(customer["id"], found, trial_days=trial_days, metadata=metadata)

    def do_act(self, *, subscription: str, act: str, **more: Any) -> Thing:
        """Something happens to a subscription. Out: it, afterwards."""
        found = self.store.get("subscription", subscription)
        getattr(self, f"_act_{act}")(found, **more)
        return found

    def do_pay(self, *, session: str, card: str = "good") -> bool:
        return self.billing.complete_checkout(self.store.objects[session], card)

    def do_many(self, *, steps: list[tuple[str, dict[str, Any]]]) -> list[Any]:
        """Several verbs in one request."""
        return [getattr(self, f"do_{verb}")(**given) for verb, given in steps]

    def do_advance(self, *, seconds: int) -> int:
        """Turn the clock, doing on the way what falls due. Out: the time."""
        target = self.store.now() + seconds
        while (due := self._next_due()) is not None and due[0] <= target:
            at, thing = due
            self.store.turn_clock(max(at - self.store.now(), 0))
            if thing["object"] == "subscription":
                self.billing.settle(thing)
            else:
                self.billing.close_checkout(thing)
        self.store.turn_clock(max(target - self.store.now(), 0))
        return self.store.now()

    def do_card(self, *, customer: str, card: str) -> str:
        self.store.cards[customer] = card
        return card

    def do_after_retries(self, *, status: str) -> str:
        self.store.after_retries = status
        return status

    def do_change(self, *, name: str, fields: Thing) -> Thing:
        """Put fields into an object as they are: for states that take long to come about."""
        self.store.objects[name] |= fields
        return self.store.objects[name]

    def do_webhooks(self, **given: Any) -> bool:
        self.webhooks.endpoint = Endpoint(**given)
        self.webhooks.held = []
        return True

    def do_troubles(self, **given: Any) -> bool:
        """``fail_rate``, ``slow_rate``, ``slow_seconds``, ``coming``: one dict a request."""
        for name, value in given.items():
            setattr(self.api.troubles, name, value)
        return True

    def do_asked(self) -> list[Thing]:
        """All requests since the last look."""
        asked, self.api.asked = self.api.asked, []
        return asked

    def do_objects(self, *, kind: str) -> list[Thing]:
        return self.store.of(kind)

    def do_object(self, *, name: str) -> Thing:
        return self.store.objects[name]

    def do_now(self) -> int:
        return self.store.now()

    # --- What may happen ----------------------------------------------------------------------

    def _act_cancel(self, found: Thing) -> None:
        self.billing.release(found)
        self.billing.cancel_at_end(found, is_cancelled=True)
        self.billing.changed(found)

    def _act_resume(self, found: Thing) -> None:
        self.billing.cancel_at_end(found, is_cancelled=False)
        self.billing.changed(found)

    def _act_end(self, found: Thing) -> None:
        self.billing.end(found)

    def _act_fail(self, found: Thing) -> None:
        self.billing.fail(found)

    def _act_renew(self, found: Thing) -> None:
        self.store.cards[found["customer"]] = "good"
        self.billing.renew(found)

    def _act_mend(self, found: Thing) -> None:
        self.store.cards[found["customer"]] = "good"
        for invoice in self.store.of("invoice", "subscription", found["id"]):
            self.billing.pay(invoice)

    def _act_give_up(self, found: Thing) -> None:
        self.billing.give_up(found)

    def _act_pause(self, found: Thing, *, resumes_at: int | None = None) -> None:
        found["pause_collection"] = {"behavior": "void", "resumes_at": resumes_at}
        self.billing.changed(found)

    def _act_go_on(self, found: Thing) -> None:
        found["pause_collection"] = None
        self.billing.changed(found)

    def _act_refund(self, found: Thing, *, amount: int = 0) -> None:
        charge = self._charge(found)
        self.billing.give_back(charge, amount or charge["amount"] - charge["amount_refunded"])

    def _act_dispute(self, found: Thing) -> None:
        self.billing.ask_back(self._charge(found))

    def _act_close_dispute(self, found: Thing, *, status: str) -> None:
        dispute = self.store.of("dispute", "charge", self._charge(found)["id"])[0]
        self.billing.close_dispute(dispute, status)

    def _charge(self, found: Thing) -> Thing:
        """The one that paid the newest invoice."""
        charges = self.store.of("charge", "customer", found["customer"])
        return next(charge for charge in charges if charge["paid"])

    def _next_due(self) -> tuple[int, Thing] | None:
        rows = self.store.of("subscription")
        due = [(at, row) for row in rows if (at := self.billing.due_at(row)) is not None]
        waiting = self.store.of("checkout.session")
        due += [(row["expires_at"], row) for row in waiting if row["status"] == "open"]
        return min(due, key=lambda pair: pair[0], default=None)
