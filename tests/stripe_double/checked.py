"""The double's answers held against the annotated classes of Stripe's SDK.

Every field without ``Optional`` must be there, every value must be of its type, literals must be
allowed ones, and a field the class does not name must not be there.
"""

import importlib
from collections.abc import Iterator
from decimal import Decimal
from types import NoneType
from typing import Any, ClassVar, ForwardRef, Literal, TypeVar, Union, get_args, get_origin

import stripe
from stripe import ListObject, StripeObject
from stripe._object_classes import OBJECT_CLASSES
from stripe._stripe_object import UntypedStripeObject

Mistakes = Iterator[str]
PLAIN = {int, str, bool, float}


def class_of(kind: str) -> type[StripeObject]:
    """The SDK's class for an object's kind."""
    module, name = OBJECT_CLASSES[kind]
    return getattr(importlib.import_module(module), name)


def mistakes(thing: dict[str, Any]) -> list[str]:
    """What is wrong with an object of a kind, by path; empty if nothing is."""
    return list(_as_class(thing, class_of(thing["object"]), thing["object"]))


def _as_class(value: Any, wanted: type, path: str) -> Mistakes:
    if not isinstance(value, dict):
        yield f"{path}: no object"
        return
    hints = _fields(wanted)
    for name in value.keys() - hints.keys():
        yield f"{path}.{name}: unknown"
    for name, hint in hints.items():
        if name in value:
            yield from _as_hint(value[name], hint, f"{path}.{name}")
        elif NoneType not in get_args(hint):
            yield f"{path}.{name}: missing"


def _fields(wanted: type) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for parent in reversed(wanted.__mro__):
        if parent not in {StripeObject, object} and parent.__module__.startswith("stripe"):
            found |= getattr(parent, "__annotations__", {})
    return {
        name: hint
        for name, hint in found.items()
        if get_origin(hint) is not ClassVar and not name.startswith("_")
    }


def _as_hint(value: Any, hint: Any, path: str) -> Mistakes:
    if isinstance(hint, ForwardRef):
        hint = hint.__forward_arg__
    if isinstance(hint, str):
        hint = _resolved(hint)
    if isinstance(hint, TypeVar) or hint is Any:
        return
    origin = get_origin(hint)
    if origin is Union:
        yield from _as_union(value, get_args(hint), path)
    elif origin is Literal:
        if value not in get_args(hint):
            yield f"{path}: {value!r} is not allowed"
    elif origin in {list, ListObject}:
        yield from _as_list(value, hint, path)
    elif hint is NoneType:
        if value is not None:
            yield f"{path}: not null"
    elif hint is Decimal:
        if not isinstance(value, str):
            yield f"{path}: no decimal"
    elif hint in PLAIN:
        if type(value) is not hint and not (hint is float and type(value) is int):
            yield f"{path}: {value!r} is no {hint.__name__}"
    elif origin is UntypedStripeObject or hint is UntypedStripeObject:
        if not isinstance(value, dict):
            yield f"{path}: no object"
    else:
        yield from _as_class(value, hint, path)


def _as_union(value: Any, hints: tuple[Any, ...], path: str) -> Mistakes:
    literals = [hint for hint in hints if get_origin(hint) is Literal]
    if literals:
        # ``Literal[…] | str`` leaves room for what is to come; today's values are the literals.
        hints = tuple(hint for hint in hints if hint is not str)
    found = [list(_as_hint(value, hint, path)) for hint in hints]
    if [] not in found:
        yield from min(found, key=len)


def _as_list(value: Any, hint: Any, path: str) -> Mistakes:
    (inner,) = get_args(hint)
    if get_origin(hint) is ListObject:
        if not isinstance(value, dict) or value.keys() != {"object", "data", "has_more", "url"}:
            yield f"{path}: no list"
            return
        value = value["data"]
    if not isinstance(value, list):
        yield f"{path}: no list"
        return
    for number, part in enumerate(value):
        yield from _as_hint(part, inner, f"{path}[{number}]")


def _resolved(name: str) -> Any:
    # A few are known by another name where they are used; none of those is answered here.
    return getattr(stripe, name, NoneType)
