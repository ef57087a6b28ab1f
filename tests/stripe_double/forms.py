"""Form-encoded bodies with brackets, as Stripe's SDKs send them."""

from typing import Any
from urllib.parse import parse_qsl


def parse(text: str) -> dict[str, Any]:
    """``items[0][price]=p&expand[]=x`` → ``{"items": [{"price": "p"}], "expand": ["x"]}``."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        _put(found, name.replace("]", "").split("["), value)
    return {name: _with_lists(part) for name, part in found.items()}


def _put(found: dict[str, Any], path: list[str], value: str) -> None:
    for step in path[:-1]:
        found = found.setdefault(step or str(len(found)), {})
    found[path[-1] or str(len(found))] = value


def _with_lists(part: Any) -> Any:
    if not isinstance(part, dict):
        return part
    inner = {name: _with_lists(value) for name, value in part.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def is_true(value: str) -> bool:
    return value == "true"
