"""CSV that no spreadsheet takes for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def of(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """The table as CSV; a cell that would begin a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([[cell(value) for value in row] for row in rows])
    return out.getvalue()


def cell(value: Any) -> str:
    """One value as text. Numbers of ours keep their sign."""
    if value is None:
        return ""
    text = str(value)
    if isinstance(value, int | float) or not text.lstrip(" ").startswith(_BEGINS_A_FORMULA):
        return text
    return f"'{text}"
