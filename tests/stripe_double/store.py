"""What the double knows: all objects, its clock, and what happened."""

import time
from collections import defaultdict
from collections.abc import Callable

from tests.stripe_double import session_shapes
from tests.stripe_double.refusals import missing
from tests.stripe_double.shapes import Thing

RELATIONS = ("customer", "subscription", "invoice", "charge", "payment_intent", "lookup_key")


class Store:
    """Every object by its id and by what it belongs to. One lock around all of it: the server's."""

    def __init__(self) -> None:
        self.objects: dict[str, Thing] = {}
        self.cards: dict[str, str] = {}
        """``good``, ``declines`` by customer; absent: no card yet."""
        self.after_retries = "unpaid"
        """What becomes of a subscription when no retry is left: unpaid, canceled or past_due."""
        self.request: Thing | None = None
        """The request under way, as events name it."""
        self.on_event: Callable[[Thing], None] = lambda event: None
        self._by: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        self._offset = 0

    def now(self) -> int:
        """Seconds since 1970 by the double's clock."""
        return int(time.time()) + self._offset

    def turn_clock(self, seconds: int) -> None:
        self._offset += seconds

    def add(self, thing: Thing) -> Thing:
        self.objects[thing["id"]] = thing
        self._by[thing["object"], "", ""].append(thing["id"])
        for relation, value in relations(thing):
            self._by[thing["object"], relation, value].append(thing["id"])
        return thing

    def get(self, kind: str, name: str, *, param: str = "id") -> Thing:
        """The object of that kind and id, or Stripe's refusal."""
        found = self.objects.get(name)
        if found is None or found["object"] != kind:
            raise missing(kind, name, param)
        return found

    def of(self, kind: str, relation: str = "", value: str = "") -> list[Thing]:
        """The objects of a kind, the newest first."""
        return [self.objects[name] for name in reversed(self._by[kind, relation, value])]

    def tell(self, kind: str, thing: Thing) -> None:
        """Keep an event of what just happened to ``thing``, as it is now."""
        event = session_shapes.event(self.now(), kind, _copy(thing), self.request)
        self.on_event(self.add(event))


def relations(thing: Thing) -> list[tuple[str, str]]:
    """What an object belongs to, for lists by it."""
    found = [(name, thing[name]) for name in RELATIONS if isinstance(thing.get(name), str)]
    if thing["object"] == "invoice":
        found.append(("subscription", thing["parent"]["subscription_details"]["subscription"]))
    if thing["object"] == "invoice_payment":
        found.append(("payment_intent", thing["payment"]["payment_intent"]))
    return found


def _copy(thing: Thing) -> Thing:
    return {name: _deep(value) for name, value in thing.items()}


def _deep(value: object) -> object:
    if isinstance(value, dict):
        return {name: _deep(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_deep(part) for part in value]
    return value
