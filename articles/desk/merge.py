"""Temporary."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Merged:
    content: dict[str, Any]
    taken: list[Any] = field(default_factory=list)
    conflicts: list[Any] = field(default_factory=list)


def merge(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> Merged:
    out, conflicts = {}, []
    for name in mine:
        b, m, t = base.get(name), mine[name], theirs.get(name)
        if m == t or t == b:
            out[name] = m
        elif m == b:
            out[name] = t
        else:
            out[name] = m
            conflicts.append((name, b, m, t))
    return Merged(out, [], conflicts)


def resolve(merged: Merged, *, prefer_mine: bool) -> dict[str, Any]:
    out = dict(merged.content)
    for name, _, m, t in merged.conflicts:
        out[name] = m if prefer_mine else t
    return out
