"""How subscriptions live at the double: invoices, payments, renewals, retries, ends."""

import datetime as dt

from tests.stripe_double import money_shapes, shapes
from tests.stripe_double.refusals import declined
from tests.stripe_double.shapes import Thing
from tests.stripe_double.store import Store

DAY = 86400
RETRIES = (3 * DAY, 2 * DAY, 2 * DAY)
"""Pauses between tries of an open invoice."""
ENDED = {"canceled", "incomplete_expired"}


class Billing:
    """The engine. All verbs change objects and tell events; ``settle`` does what is due."""

    def __init__(self, store: Store, base: str) -> None:
        self.store = store
        self.base = base
        self.pending: dict[str, Thing] = {}
        """What an open checkout is for, by its id."""

    # --- Beginning and ending -----------------------------------------------------------------

    def start(self, customer: str, price: Thing, *, trial_days: int = 0, metadata: Thing) -> Thing:
        """A subscription of ``customer``, tried to be paid at once."""
        store, now = self.store, self.store.now()
        found = store.add(shapes.subscription(now, customer, price, metadata))
        if trial_days:
            ends = now + trial_days * DAY
            found |= {"trial_start": now, "trial_end": ends, "status": "trialing"}
            found["billing_cycle_anchor"] = ends
            self._set_period(found, now, ends)
            self._bill(found, 0, "subscription_create")
        else:
            self._set_period(found, now, _later(now, price))
            invoice = self._bill(found, price["unit_amount"], "subscription_create")
            found["status"] = "active" if invoice["status"] == "paid" else "incomplete"
        store.tell("customer.subscription.created", found)
        return found

    def end(self, found: Thing, *, reason: str = "cancellation_requested") -> None:
        now = self.store.now()
        found |= {"status": "canceled", "ended_at": now, "canceled_at": found["canceled_at"] or now}
        found["cancellation_details"]["reason"] = reason
        self.release(found, status="canceled")
        self.store.tell("customer.subscription.deleted", found)

    def cancel_at_end(self, found: Thing, *, is_cancelled: bool) -> None:
        found["cancel_at_period_end"] = is_cancelled
        found["canceled_at"] = self.store.now() if is_cancelled else None
        found["cancel_at"] = period_of(found)[1] if is_cancelled else None

    def changed(self, found: Thing) -> None:
        self.store.tell("customer.subscription.updated", found)

    def complete_checkout(self, session: Thing, card: str) -> bool:
        """The reader pays with a card: ``good``, ``declines_later`` or ``declined``."""
        if session["status"] != "open" or card == "declined":
            return False
        customer, order = session["customer"], self.pending.pop(session["id"])
        self.store.cards[customer] = "good"
        data = order["data"]
        found = self.start(
            customer,
            order["price"],
            trial_days=int(data.get("trial_period_days", 0)),
            metadata=data.get("metadata", {}),
        )
        session |= {"status": "complete", "subscription": found["id"], "url": None}
        session |= {"invoice": found["latest_invoice"], "payment_status": "paid"}
        email = self.store.objects[customer]["email"]
        session["customer_details"] = {
            "address": {
                "city": "Berlin",
                "country": "DE",
                "line1": "Zyxstreet 1",
                "line2": None,
                "postal_code": "D-10115",
                "state": None,
            },
            "email": email,
            "name": "Zyx Cardholder",
            "phone": None,
            "tax_exempt": "none",
            "tax_ids": [],
        }
        self.store.tell("checkout.session.completed", session)
        if card == "declines_later":
            self.store.cards[customer] = "declines"
        return True

    def close_checkout(self, session: Thing) -> None:
        session |= {"status": "expired", "url": None}
        self.pending.pop(session["id"], None)
        self.store.tell("checkout.session.expired", session)

    # --- Prices -------------------------------------------------------------------------------

    def change_price(self, found: Thing, price: Thing, *, or_refuse: bool) -> None:
        """Another price now, the difference billed. ``or_refuse``: 402 if it cannot be paid."""
        item, now = found["items"]["data"][0], self.store.now()
        if item["price"]["id"] == price["id"]:
            return
        amount = self._difference(found, price)
        if or_refuse and amount and self.store.cards.get(found["customer"]) != "good":
            raise declined("ch_none")
        is_other_interval = item["price"]["recurring"] != price["recurring"]
        self._put_price(found, price)
        if found["status"] == "trialing":
            return
        if is_other_interval:
            found["billing_cycle_anchor"] = now
            self._set_period(found, now, _later(now, price))
        self._bill(found, amount, "subscription_update")

    def release(self, found: Thing, *, status: str = "released") -> None:
        """Let go of the schedule, if there is one."""
        if found["schedule"] is None:
            return
        schedule = self.store.objects[found["schedule"]]
        schedule |= {"status": status, "current_phase": None}
        if status == "released":
            schedule |= {"released_at": self.store.now(), "released_subscription": found["id"]}
            schedule["subscription"] = None
        found["schedule"] = None
        self.store.tell(f"subscription_schedule.{status}", schedule)

    # --- Money --------------------------------------------------------------------------------

    def attempt(self, invoice: Thing) -> bool:
        """Try to have an open invoice paid by the customer's card. Out: whether it was."""
        store, now = self.store, self.store.now()
        customer = store.objects[invoice["customer"]]
        is_good = store.cards.get(customer["id"]) == "good"
        invoice |= {"attempted": True, "attempt_count": invoice["attempt_count"] + 1}
        payment = store.of("invoice_payment", "invoice", invoice["id"])[0]
        intent = store.objects[payment["payment"]["payment_intent"]]
        charge = store.add(money_shapes.charge(now, intent, customer, is_good=is_good))
        intent["latest_charge"] = charge["id"]
        if is_good:
            self._paid(invoice, payment, intent)
            store.tell("charge.succeeded", charge)
        else:
            store.tell("charge.failed", charge)
            store.tell("invoice.payment_failed", invoice)
        return is_good

    def pay(self, invoice: Thing) -> bool:
        """An invoice is paid on its page; the subscription goes on."""
        if invoice["status"] != "open" or not self.attempt(invoice):
            return False
        found = self.store.objects[subscription_of(invoice)]
        open_ones = [row for row in self._invoices(found) if row["status"] == "open"]
        if found["status"] in {"past_due", "unpaid", "incomplete"} and not open_ones:
            found["status"] = "active"
            self.changed(found)
        return True

    def give_back(self, charge: Thing, amount: int) -> Thing:
        refund = self.store.add(money_shapes.refund(self.store.now(), charge, amount))
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        self.store.tell("charge.refunded", charge)
        return refund

    def ask_back(self, charge: Thing) -> Thing:
        dispute = self.store.add(money_shapes.dispute(self.store.now(), charge))
        charge["disputed"] = True
        self.store.tell("charge.dispute.created", dispute)
        return dispute

    def close_dispute(self, dispute: Thing, status: str) -> None:
        dispute["status"] = status
        self.store.tell("charge.dispute.closed", dispute)

    # --- Time ---------------------------------------------------------------------------------

    def due_at(self, found: Thing) -> int | None:
        """When something is to be done about a subscription next."""
        if found["status"] in ENDED:
            return None
        if found["status"] == "incomplete":
            return found["created"] + 23 * 3600
        retries = [row["next_payment_attempt"] for row in self._invoices(found)]
        times = [period_of(found)[1], *(at for at in retries if at is not None)]
        if schedule := self._schedule(found):
            times.append(schedule["current_phase"]["end_date"])
        return min(times)

    def settle(self, found: Thing) -> None:
        """Do the one thing that is due by now."""
        now = self.store.now()
        if found["status"] == "incomplete":
            found |= {"status": "incomplete_expired", "ended_at": now}
            self.changed(found)
            return
        for row in self._invoices(found):
            if row["next_payment_attempt"] is not None and row["next_payment_attempt"] <= now:
                self._retry(found, row)
                return
        if found["cancel_at_period_end"] and period_of(found)[1] <= now:
            self.end(found)
            return
        self._next_phase(found)
        if period_of(found)[1] <= now:
            self._renew(found)

    def fail(self, found: Thing) -> None:
        """As a renewal whose payment fails just now."""
        self.store.cards[found["customer"]] = "declines"
        self._set_period(found, self.store.now(), _later(self.store.now(), price_of(found)))
        self._bill_renewal(found)

    def renew(self, found: Thing) -> None:
        """The next period begins just now."""
        self._set_period(found, self.store.now(), _later(self.store.now(), price_of(found)))
        self._bill_renewal(found)

    # --- Within -------------------------------------------------------------------------------

    def _renew(self, found: Thing) -> None:
        end = period_of(found)[1]
        if found["status"] == "trialing":
            found["status"] = "active"
        self._set_period(found, end, _later(end, price_of(found)))
        self._bill_renewal(found)

    def _bill_renewal(self, found: Thing) -> None:
        if found["status"] == "unpaid":
            # Nothing more is asked for while so much is open.
            self.changed(found)
            return
        amount = 0 if found["pause_collection"] else price_of(found)["unit_amount"]
        invoice = self._bill(found, amount, "subscription_cycle")
        if invoice["status"] == "open":
            invoice["next_payment_attempt"] = self.store.now() + RETRIES[0]
            found["status"] = "past_due"
        self.changed(found)

    def _retry(self, found: Thing, invoice: Thing) -> None:
        if self.pay(invoice):
            return
        tries = invoice["attempt_count"] - 1
        if tries < len(RETRIES):
            invoice["next_payment_attempt"] = self.store.now() + RETRIES[tries]
            return
        invoice["next_payment_attempt"] = None
        self.give_up(found)

    def give_up(self, found: Thing) -> None:
        """No retry is left."""
        if self.store.after_retries == "canceled":
            self.end(found, reason="payment_failed")
            return
        found["status"] = self.store.after_retries
        self.changed(found)

    def _bill(self, found: Thing, amount: int, reason: str) -> Thing:
        """An invoice, finalised and tried at once; one over nothing, or less, is paid by itself."""
        store, now = self.store, self.store.now()
        customer = store.objects[found["customer"]]
        due = max(amount, 0)
        invoice = money_shapes.invoice(now, found, customer, due, reason, period_of(found))
        invoice["hosted_invoice_url"] = f"{self.base}/i/{invoice['id']}"
        store.add(invoice)
        found["latest_invoice"] = invoice["id"]
        store.tell("invoice.created", invoice)
        store.tell("invoice.finalized", invoice)
        if due == 0:
            invoice |= {"status": "paid", "attempted": True, "auto_advance": False}
            invoice["status_transitions"]["paid_at"] = now
            store.tell("invoice.paid", invoice)
            return invoice
        intent = store.add(money_shapes.intent(now, invoice))
        store.add(money_shapes.invoice_payment(now, invoice, intent))
        self.attempt(invoice)
        return invoice

    def _paid(self, invoice: Thing, payment: Thing, intent: Thing) -> None:
        now, amount = self.store.now(), invoice["amount_due"]
        intent |= {"status": "succeeded", "amount_received": amount}
        payment |= {"status": "paid", "amount_paid": amount}
        payment["status_transitions"]["paid_at"] = now
        invoice |= {"status": "paid", "amount_paid": amount, "amount_remaining": 0}
        invoice |= {"next_payment_attempt": None, "auto_advance": False}
        invoice["status_transitions"]["paid_at"] = now
        self.store.tell("invoice.paid", invoice)
        self.store.tell("invoice.payment_succeeded", invoice)

    def _difference(self, found: Thing, price: Thing) -> int:
        """What is to be paid for the other price, less what is left of the first."""
        if found["status"] == "trialing":
            return 0
        (start, end), now = period_of(found), self.store.now()
        left = (end - now) / (end - start)
        unused = round(price_of(found)["unit_amount"] * left)
        is_other_interval = price_of(found)["recurring"] != price["recurring"]
        new = price["unit_amount"] * (1 if is_other_interval else left)
        return round(new) - unused

    def _next_phase(self, found: Thing) -> None:
        schedule, now = self._schedule(found), self.store.now()
        if schedule is None or schedule["current_phase"]["end_date"] > now:
            return
        ends = schedule["current_phase"]["end_date"]
        coming = [part for part in schedule["phases"] if part["start_date"] >= ends]
        if not coming:
            self.release(found)
            return
        schedule["current_phase"] = {name: coming[0][name] for name in ("start_date", "end_date")}
        price = self.store.objects[coming[0]["items"][0]["price"]]
        self._put_price(found, price)
        self.store.tell("subscription_schedule.updated", schedule)

    def _schedule(self, found: Thing) -> Thing | None:
        return self.store.objects[found["schedule"]] if found["schedule"] else None

    def _invoices(self, found: Thing) -> list[Thing]:
        return self.store.of("invoice", "subscription", found["id"])

    def _put_price(self, found: Thing, price: Thing) -> None:
        found["items"]["data"][0] |= {"price": price, "plan": shapes.plan_of(price)}

    def _set_period(self, found: Thing, start: int, end: int) -> None:
        item = found["items"]["data"][0]
        item |= {"current_period_start": start, "current_period_end": end}


def subscription_of(invoice: Thing) -> str:
    return str(invoice["parent"]["subscription_details"]["subscription"])


def period_of(found: Thing) -> tuple[int, int]:
    item = found["items"]["data"][0]
    return item["current_period_start"], item["current_period_end"]


def price_of(found: Thing) -> Thing:
    price: Thing = found["items"]["data"][0]["price"]
    return price


def _later(start: int, price: Thing) -> int:
    return later(start, price["recurring"]["interval"], price["recurring"]["interval_count"])


def later(start: int, interval: str, count: int = 1) -> int:
    """So many calendar months or years after ``start``; the last of a short month, at most."""
    begun = dt.datetime.fromtimestamp(start, dt.UTC)
    months = begun.month - 1 + count * (12 if interval == "year" else 1)
    year, month = begun.year + months // 12, months % 12 + 1
    for day in range(begun.day, begun.day - 4, -1):
        try:
            return int(begun.replace(year=year, month=month, day=day).timestamp())
        except ValueError:
            continue
    raise AssertionError("no month is that short")
