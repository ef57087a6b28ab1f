"""``expand[]``: ids replaced by the objects they name, four levels deep at most."""

from tests.stripe_double.refusals import invalid
from tests.stripe_double.shapes import Thing, a_list
from tests.stripe_double.store import Store

DEEPEST = 4


def expanded(store: Store, answer: Thing, paths: list[str]) -> Thing:
    """A copy of ``answer`` with what ``paths`` name put in."""
    for path in paths:
        steps = path.split(".")
        if len(steps) > DEEPEST:
            raise invalid("You cannot expand more than 4 levels of a property", "expand")
        answer = _along(store, answer, steps, path)
    return answer


def _along(store: Store, thing: Thing, steps: list[str], path: str) -> Thing:
    name, rest = steps[0], steps[1:]
    if thing.get("object") == "invoice" and name == "payments":
        thing = thing | {"payments": _payments(store, thing)}
    if name not in thing:
        raise invalid(f"This property cannot be expanded ({path}).", "expand")
    value = thing[name]
    if isinstance(value, str):
        if value not in store.objects:
            raise invalid(f"This property cannot be expanded ({path}).", "expand")
        value = store.objects[value]
    if rest and isinstance(value, list):
        value = [_along(store, part, rest, path) for part in value]
    elif rest and isinstance(value, dict):
        value = _along(store, value, rest, path)
    return thing | {name: value}


def _payments(store: Store, invoice: Thing) -> Thing:
    rows = store.of("invoice_payment", "invoice", invoice["id"])
    return a_list(rows, f"/v1/invoice_payments?invoice={invoice['id']}")
