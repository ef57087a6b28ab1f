"""A system check that the index holds as many stories as the site."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

from articles.site.search import index


@register(Tags.database)
def index_is_whole(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Runs with ``check --database default`` and after ``migrate``."""
    if "default" not in (databases or ()):
        return []
    tables = connections["default"].introspection.table_names()
    if not {"search_index", "articles_publishedarticle"} <= set(tables):
        return []
    indexed, public = index.counts()
    if indexed == public:
        return []
    return [
        Warning(
            f"The search index holds {indexed} stories, the site has {public}.",
            hint="Run: manage.py reindex",
            id="articles.W001",
        )
    ]
