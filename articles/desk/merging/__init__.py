"""Merging two texts of a story that began from the same one (rules §3: no word is lost).

Contents have the shape of ``articles.desk.revisions.snapshot``. Nothing here knows the database or
a request: the same three texts give the same outcome each time.
"""

from typing import Any

from articles.desk.merging import fields, paragraphs, rows
from articles.desk.merging.result import (
    UNKNOWN,
    Conflict,
    Content,
    CutAt,
    Merged,
    Place,
    Taken,
    Unknown,
    Whose,
)

__all__ = [
    "ROWS",
    "UNKNOWN",
    "Conflict",
    "Content",
    "CutAt",
    "Merged",
    "Place",
    "Taken",
    "Unknown",
    "Whose",
    "merge",
]

ROWS = ("takeaways", "sources", "bylines")
# In the order of the form.
_ORDER = (
    *("section", "kind", "headline", "standfirst", "body", *ROWS, "access", "takeaways_open"),
    *("lead_image", "lead_caption", "lead_alt", "topics", "prominence", "slug", "short_headline"),
    *("dateline", "language", "internal_note"),
)


def merge(base: Content | None, mine: Content, theirs: Content) -> Merged:
    """Merge ``mine`` and ``theirs``, which both began from ``base``.

    What one side changed is that side's; what both changed to the same stands once; what both
    changed in different ways is a conflict. With ``base`` None nobody knows what they began from,
    and all that differs is a conflict. What a side does not name, it did not change.
    """
    mine, theirs = _with_plain_ends(mine), _with_plain_ends(theirs)
    before: Content = {} if base is None else _with_plain_ends(base)
    before = before | fields.base_of_picture_words(before, mine, theirs)
    merged = Merged({}, [], [])
    for name in sorted({*mine, *theirs}, key=_place):
        was = before.get(name, UNKNOWN)
        part, taken, conflicts = _merge_one(name, was, mine.get(name, was), theirs.get(name, was))
        merged.parts[name] = part
        merged.taken.extend(taken)
        merged.conflicts.extend(conflicts)
    return merged


def _merge_one(name: str, base: Any, mine: Any, theirs: Any) -> fields.FieldMerged:
    if name == "body":
        return paragraphs.merge(base, mine, theirs)
    if name in ROWS:
        found = rows.merge(name, base, mine, theirs)
        return found.rows, found.taken, found.conflicts
    if name == "topics":
        return fields.things(name, base, mine, theirs)
    return fields.value(name, base, mine, theirs)


def _with_plain_ends(value: Any) -> Any:
    """Line ends as one sign: browsers send two, and nobody changed anything by that."""
    if isinstance(value, dict):
        return {name: _with_plain_ends(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_plain_ends(each) for each in value]
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _place(name: str) -> tuple[int, str]:
    return (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)
