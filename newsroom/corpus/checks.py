"""A system check that nothing is put off for a load that will not come to its end."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register

from newsroom.corpus import put_off


@register(Tags.database)
def nothing_is_put_off(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Runs with ``check --database default`` and after ``migrate``."""
    if "default" not in (databases or ()) or not put_off.is_any():
        return []
    return [
        Warning(
            "Indexes and foreign keys are put off: a great load runs, or was broken off.",
            hint="Let the load go on, or run: manage.py corpus --articles 0 --beside",
            id="newsroom.W004",
        )
    ]
