"""What can be asked of the double, and what for: one function for each way in."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.stripe_double import session_shapes, shapes
from tests.stripe_double.billing import ENDED, Billing, later
from tests.stripe_double.forms import is_true
from tests.stripe_double.refusals import invalid, missing, unknown_param
from tests.stripe_double.shapes import Thing

Params = dict[str, Any]
Answer = Thing | list[Thing]
Way = Callable[..., Answer]
PAGING = {"limit", "starting_after", "expand"}
WAYS: list[tuple[str, re.Pattern[str], set[str], Way]] = []


def way(method: str, path: str, *allowed: str) -> Callable[[Way], Way]:
    """Register a function for ``method path``; parameters not ``allowed`` are refused."""
    pattern = re.compile("^/v1/" + path.replace("{id}", "([A-Za-z0-9_-]+)") + "$")

    def register(function: Way) -> Way:
        WAYS.append((method, pattern, {*allowed, "expand"}, function))
        return function

    return register


def find(method: str, path: str, params: Params) -> tuple[Way, tuple[str, ...]] | None:
    """The function for a request, with the ids in its address."""
    for verb, pattern, allowed, function in WAYS:
        match = pattern.match(path)
        if match and verb == method:
            for name in params:
                if name not in allowed:
                    raise unknown_param(name)
            return function, match.groups()
    return None


# --- Customers, products, prices ----------------------------------------------------------------


@way("POST", "customers", "email", "name", "metadata")
def create_customer(billing: Billing, params: Params) -> Answer:
    if "@" not in params.get("email", "@"):
        raise invalid(f"Invalid email address: {params['email']}", "email", "email_invalid")
    found = billing.store.add(shapes.customer(billing.store.now(), params))
    billing.store.tell("customer.created", found)
    return found


@way("POST", "customers/{id}", "email")
def change_customer(billing: Billing, params: Params, name: str) -> Answer:
    found = billing.store.get("customer", name)
    found |= params
    billing.store.tell("customer.updated", found)
    return found


@way("DELETE", "customers/{id}")
def delete_customer(billing: Billing, params: Params, name: str) -> Answer:
    found = billing.store.get("customer", name)
    for row in billing.store.of("subscription", "customer", name):
        if row["status"] not in ENDED:
            billing.end(row)
    del billing.store.objects[name]
    billing.store.tell("customer.deleted", found)
    return {"id": name, "object": "customer", "deleted": True}


@way("POST", "products", "id", "name", "metadata")
def create_product(billing: Billing, params: Params) -> Answer:
    if params.get("id") in billing.store.objects:
        raise invalid("Product already exists.", "id", "resource_already_exists")
    return billing.store.add(shapes.product(billing.store.now(), params))


@way("POST", "prices", "product", "lookup_key", "unit_amount", "currency", "recurring")
def create_price(billing: Billing, params: Params) -> Answer:
    store = billing.store
    store.get("product", params["product"], param="product")
    if store.of("price", "lookup_key", params.get("lookup_key", "")):
        raise invalid("A price already uses that lookup key.", "lookup_key")
    return store.add(shapes.price(store.now(), params))


@way("GET", "prices", "lookup_keys", *PAGING)
def list_prices(billing: Billing, params: Params) -> Answer:
    keys = params.get("lookup_keys")
    return [row for row in billing.store.of("price") if not keys or row["lookup_key"] in keys]


# --- Checkout and portal ------------------------------------------------------------------------


@way(
    "POST",
    "checkout/sessions",
    *("mode", "customer", "client_reference_id", "line_items", "subscription_data"),
    *("success_url", "cancel_url", "expires_at", "metadata"),
)
def create_checkout(billing: Billing, params: Params) -> Answer:
    store, now = billing.store, billing.store.now()
    store.get("customer", params["customer"], param="customer")
    price = store.get("price", params["line_items"][0]["price"], param="line_items[0][price]")
    if not now + 1800 <= int(params["expires_at"]) <= now + 86400:
        raise invalid("`expires_at` must be between 30 minutes and 24 hours ahead.", "expires_at")
    if params["mode"] != "subscription":
        raise invalid("The double knows subscriptions only.", "mode")
    found = store.add(session_shapes.checkout_session(now, params, price, billing.base))
    billing.pending[found["id"]] = {"price": price, "data": params.get("subscription_data", {})}
    return found


@way("POST", "checkout/sessions/{id}/expire")
def expire_checkout(billing: Billing, params: Params, name: str) -> Answer:
    found = billing.store.get("checkout.session", name)
    if found["status"] != "open":
        raise invalid(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of `{found['status']}`."
        )
    billing.close_checkout(found)
    return found


@way("POST", "billing_portal/sessions", "customer", "return_url")
def create_portal(billing: Billing, params: Params) -> Answer:
    store = billing.store
    store.get("customer", params["customer"], param="customer")
    return store.add(session_shapes.portal_session(store.now(), params, billing.base))


# --- Subscriptions ------------------------------------------------------------------------------


@way("GET", "subscriptions", "status", "customer", *PAGING)
def list_subscriptions(billing: Billing, params: Params) -> Answer:
    wanted = params.get("status", "")
    rows = billing.store.of("subscription")
    if wanted == "all":
        return rows
    if wanted == "ended":
        return [row for row in rows if row["status"] in ENDED]
    if wanted:
        return [row for row in rows if row["status"] == wanted]
    return [row for row in rows if row["status"] not in ENDED]


@way(
    "POST",
    "subscriptions/{id}",
    *("cancel_at_period_end", "items", "proration_behavior", "payment_behavior", "metadata"),
)
def update_subscription(billing: Billing, params: Params, name: str) -> Answer:
    found = billing.store.get("subscription", name)
    if found["status"] in ENDED:
        raise invalid("A canceled subscription can only update its cancellation_details.")
    if "cancel_at_period_end" in params:
        if found["schedule"]:
            raise invalid("The subscription is managed by the subscription schedule.")
        is_cancelled = is_true(params["cancel_at_period_end"])
        billing.cancel_at_end(found, is_cancelled=is_cancelled)
    for given in params.get("items", []):
        price = billing.store.get("price", given["price"], param="items[0][price]")
        if given["id"] != found["items"]["data"][0]["id"]:
            raise missing("subscription_item", given["id"], "items[0][id]")
        or_refuse = params.get("payment_behavior") == "error_if_incomplete"
        billing.change_price(found, price, or_refuse=or_refuse)
    billing.changed(found)
    return found


@way("DELETE", "subscriptions/{id}", "prorate", "invoice_now")
def cancel_subscription(billing: Billing, params: Params, name: str) -> Answer:
    found = billing.store.get("subscription", name)
    if found["status"] in ENDED:
        raise missing("subscription", name)
    billing.end(found)
    return found


@way("POST", "subscription_schedules", "from_subscription")
def create_schedule(billing: Billing, params: Params) -> Answer:
    store = billing.store
    found = store.get("subscription", params["from_subscription"], param="from_subscription")
    if found["schedule"]:
        raise invalid("You cannot migrate a subscription that is already attached to a schedule.")
    if found["status"] in ENDED:
        raise invalid("You cannot migrate a subscription that has ended.")
    schedule = store.add(shapes.schedule(store.now(), found))
    found["schedule"] = schedule["id"]
    store.tell("subscription_schedule.created", schedule)
    return schedule


@way("POST", "subscription_schedules/{id}", "end_behavior", "phases", "proration_behavior")
def update_schedule(billing: Billing, params: Params, name: str) -> Answer:
    schedule = billing.store.get("subscription_schedule", name)
    if schedule["status"] != "active":
        raise invalid(f"This schedule is {schedule['status']} and cannot be updated.")
    phases = list(_phases(billing, params["phases"]))
    now = schedule["current_phase"]
    if phases[0]["start_date"] != now["start_date"]:
        raise invalid("The start date of the current phase cannot be modified.", "phases[0]")
    subscription = billing.store.objects[schedule["subscription"]]
    if subscription["trial_end"] != phases[0]["trial_end"] and subscription["status"] == "trialing":
        raise invalid("The double's trial would end by this: not what anybody wants.", "phases[0]")
    schedule |= {"phases": phases, "end_behavior": params.get("end_behavior", "release")}
    billing.store.tell("subscription_schedule.updated", schedule)
    return schedule


def _phases(billing: Billing, given: list[Params]) -> Iterator[Thing]:
    start = 0
    for number, part in enumerate(given):
        price = billing.store.get(
            "price", part["items"][0]["price"], param=f"phases[{number}][items][0][price]"
        )
        start = int(part.get("start_date", start))
        if "duration" in part:
            count = int(part["duration"].get("interval_count", 1))
            end = later(start, part["duration"]["interval"], count)
        else:
            end = int(part["end_date"])
        trial_end = int(part["trial_end"]) if "trial_end" in part else None
        yield shapes.phase(price, start, end, trial_end=trial_end)
        start = end


@way("POST", "subscription_schedules/{id}/release")
def release_schedule(billing: Billing, params: Params, name: str) -> Answer:
    schedule = billing.store.get("subscription_schedule", name)
    if schedule["status"] != "active":
        raise invalid(f"This schedule is {schedule['status']} and cannot be released.")
    billing.release(billing.store.objects[schedule["subscription"]])
    return schedule


# --- Money --------------------------------------------------------------------------------------


@way("GET", "invoices", "subscription", "status", "customer", *PAGING)
def list_invoices(billing: Billing, params: Params) -> Answer:
    if "subscription" in params:
        billing.store.get("subscription", params["subscription"])
        rows = billing.store.of("invoice", "subscription", params["subscription"])
    else:
        rows = billing.store.of("invoice")
    return _having(rows, params, "status", "customer")


@way("GET", "invoice_payments", "invoice", "payment", "status", *PAGING)
def list_invoice_payments(billing: Billing, params: Params) -> Answer:
    store = billing.store
    if "payment" in params:
        rows = store.of("invoice_payment", "payment_intent", params["payment"]["payment_intent"])
    else:
        rows = store.of("invoice_payment")
    return _having(rows, params, "status", "invoice")


@way("GET", "charges", "customer", "payment_intent", *PAGING)
def list_charges(billing: Billing, params: Params) -> Answer:
    if "customer" in params:
        rows = billing.store.of("charge", "customer", params["customer"])
    else:
        rows = billing.store.of("charge")
    return _having(rows, params, "payment_intent")


@way("GET", "refunds", "charge", *PAGING)
def list_refunds(billing: Billing, params: Params) -> Answer:
    return billing.store.of("refund", "charge", params["charge"])


@way("GET", "disputes", "charge", *PAGING)
def list_disputes(billing: Billing, params: Params) -> Answer:
    return billing.store.of("dispute", "charge", params["charge"])


@way("GET", "events", "type", "types", *PAGING)
def list_events(billing: Billing, params: Params) -> Answer:
    kinds = [params["type"]] if "type" in params else params.get("types")
    return [row for row in billing.store.of("event") if not kinds or row["type"] in kinds]


def _having(rows: list[Thing], params: Params, *names: str) -> list[Thing]:
    wanted = {name: params[name] for name in names if name in params}
    return [row for row in rows if all(row[name] == wanted[name] for name in wanted)]


def _retrieve(kind: str) -> Way:
    def retrieve(billing: Billing, params: Params, name: str) -> Answer:
        return billing.store.get(kind, name)

    return retrieve


for _path, _kind in (
    ("customers", "customer"),
    ("products", "product"),
    ("prices", "price"),
    ("checkout/sessions", "checkout.session"),
    ("subscriptions", "subscription"),
    ("subscription_schedules", "subscription_schedule"),
    ("invoices", "invoice"),
    ("payment_intents", "payment_intent"),
    ("charges", "charge"),
    ("refunds", "refund"),
    ("disputes", "dispute"),
    ("events", "event"),
):
    way("GET", _path + "/{id}")(_retrieve(_kind))
