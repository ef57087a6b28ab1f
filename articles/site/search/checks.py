"""System checks that the index holds as many stories as the site, and that it is one."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

from articles.site.search import index, words_index


@register(Tags.database)
def index_is_whole(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Runs with ``check --database default`` and after ``migrate``."""
    if "default" not in (databases or ()):
        return []
    tables = connections["default"].introspection.table_names()
    if not {"search_index", "articles_publishedarticle"} <= set(tables):
        return []
    return [*_words(), *_stories()]


def _words() -> list[CheckMessage]:
    if not words_index.is_missing():
        return []
    return [
        Warning(
            "The search has no index: it reads every story. A great load was broken off.",
            hint="Run: manage.py reindex, or let the load go on",
            id="articles.W002",
        )
    ]


def _stories() -> list[CheckMessage]:
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
