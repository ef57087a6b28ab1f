"""What caches in front have to be told, written in the transaction that makes it so."""

from collections.abc import Collection, Iterator
from functools import lru_cache

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from django.db.models.sql import InsertQuery
from django.utils import timezone

from newsroom.models import Purge
from newsroom.purging import addresses

SITE, LISTS = "site", "lists"
_MOST_STORIES = 50
"""Who changes more stories at once ends all pages."""


def of_story(article_id: int) -> str:
    """The key of a story's page."""
    return f"story-{article_id}"


def keys_of(stories: Collection[int], *, whole_site: bool) -> tuple[str, ...]:
    """The keys that are over when these stories change, or something that any page shows."""
    if len(stories) > _MOST_STORIES:
        return (SITE,)
    named = (of_story(pk) for pk in sorted(stories))
    return (SITE if whole_site else LISTS, *named)


def is_on() -> bool:
    """Whether there is any cache to be told."""
    return bool(addresses.known())


def note(connection: BaseDatabaseWrapper, keys: Collection[str]) -> None:
    """Write down, in the running transaction, that ``keys`` are over: a row for each cache."""
    rows: list[Model] = list(_rows(keys))
    if not rows or not _is_migrated(connection.alias):
        return
    # By the compiler itself: a manager would begin a transaction, and this one is being committed.
    query = InsertQuery(Purge)
    fields = [field for field in Purge._meta.concrete_fields if not field.primary_key]
    query.insert_values(fields, rows)
    query.get_compiler(connection=connection).execute_sql()


@lru_cache(maxsize=1)
def _migrated() -> set[str]:
    return set()


def _is_migrated(alias: str) -> bool:
    """Whether the table is there: before, migrations themselves change what pages show."""
    if alias not in _migrated():
        tables = connections[alias].introspection.table_names()
        if Purge._meta.db_table not in tables:
            return False
        _migrated().add(alias)
    return True


def _rows(keys: Collection[str]) -> Iterator[Purge]:
    now = timezone.now()
    for address in addresses.known():
        for key in keys:
            yield Purge(address=address.text, what=key, created_at=now, next_try_at=now)
