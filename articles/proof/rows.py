"""Versions as they lie in the database, readable even where somebody broke their JSON."""

import json
from typing import Any

from django.db.models import BinaryField, Func, QuerySet

from articles.models import PublishedVersion


class _Raw(Func):
    """The bytes or text of a JSON column, not yet read: one broken row must not end a walk."""

    output_field = BinaryField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # Not as text: a byte that is no UTF-8 could not be fetched.
        return self.as_sql(
            compiler, connection, template="CAST(%(expressions)s AS BLOB)", **context
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s)::text", **context)


def versions() -> QuerySet[PublishedVersion]:
    """Every version, its content not read yet; see ``content``."""
    return PublishedVersion.objects.defer("content").annotate(raw=_Raw("content"))


def content(row: Any) -> dict[str, Any] | None:
    """The content of a row of ``versions()``, or None if it is none any more."""
    try:
        found = json.loads(row.raw)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
