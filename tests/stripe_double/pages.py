"""The pages that a reader sees at the double: checkout, portal, an invoice to pay."""

import html
from collections.abc import Mapping

from tests.stripe_double.api import Reply
from tests.stripe_double.billing import Billing
from tests.stripe_double.shapes import Thing

CARDS = ("good", "declines_later", "declined")


def answer(billing: Billing, method: str, path: str, form: Mapping[str, str]) -> Reply:
    """The page, or where a form on it leads."""
    name = path.rpartition("/")[2]
    found = billing.store.objects.get(name)
    kinds = {"/c/pay/": "checkout.session", "/p/session/": "billing_portal.session"}
    kind = kinds.get(path.removesuffix(name), "invoice")
    if found is None or found["object"] != kind:
        return _page("Nothing here.", 404)
    if kind == "checkout.session":
        return _checkout(billing, method, found, form)
    if kind == "invoice":
        return _invoice(billing, method, found)
    return _portal(billing, method, found, form)


def _checkout(billing: Billing, method: str, found: Thing, form: Mapping[str, str]) -> Reply:
    if found["status"] != "open":
        return _page("This checkout is over.", 410)
    if method == "POST":
        if billing.complete_checkout(found, form.get("card", "good")):
            return _leads_to(found["success_url"].replace("{CHECKOUT_SESSION_ID}", found["id"]))
        return _page("Your card was declined." + _buttons("card", CARDS), 402)
    back = f'<p><a href="{html.escape(found["cancel_url"] or "")}">Back</a></p>'
    return _page(f"{found['amount_total']} {found['currency']}" + _buttons("card", CARDS) + back)


def _portal(billing: Billing, method: str, found: Thing, form: Mapping[str, str]) -> Reply:
    store = billing.store
    if method == "POST" and form.get("card") in {"good", "declines"}:
        store.cards[found["customer"]] = form["card"]
    if method == "POST" and form.get("act") == "cancel":
        for row in store.of("subscription", "customer", found["customer"]):
            billing.cancel_at_end(row, is_cancelled=True)
            billing.changed(row)
    back = f'<p><a href="{html.escape(found["return_url"] or "")}">Back</a></p>'
    return _page(_buttons("card", ("good", "declines")) + _buttons("act", ("cancel",)) + back)


def _invoice(billing: Billing, method: str, found: Thing) -> Reply:
    if method == "POST" and found["status"] == "open":
        billing.store.cards[found["customer"]] = "good"
        billing.pay(found)
    if found["status"] == "paid":
        return _page(f"Invoice {found['number']} is paid.")
    return _page(f"Invoice {found['number']}" + _buttons("card", ("good",)))


def _buttons(name: str, values: tuple[str, ...]) -> str:
    parts = (f'<button name="{name}" value="{value}">{value}</button>' for value in values)
    return f'<form method="post">{"".join(parts)}</form>'


def _page(words: str, status: int = 200) -> Reply:
    text = f'<!doctype html><html lang="en"><title>Double</title><main>{words}</main></html>'
    return Reply(status, text.encode(), {"Content-Type": "text/html; charset=utf-8"})


def _leads_to(url: str) -> Reply:
    return Reply(303, b"", {"Location": url})
