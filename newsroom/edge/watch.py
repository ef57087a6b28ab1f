"""Bumps the counters around every commit that changes what readers see or may, whoever writes.

It looks at the statements themselves, in every process: so a bulk update, a command and the admin
are seen like the acts of publishing, and nobody can forget to call it. What goes past Django (a
client of the database, COPY) is not seen, and shows within the minute that a page is kept at most.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.models import Device, Subscription, User
from articles.models import Article, Event
from newsroom.edge import counters, hosts
from newsroom.edge.counters import Counters
from newsroom.edge.tables import ANY_TABLE, Touch, decides_level, stands_alone, touched_by
from newsroom.purging import rows as purges
from newsroom.purging import sending

# After these the other pages may show the story's old card, or none, for some seconds. After all
# other acts, those that take something away above all, nothing is served from before.
GENTLE = frozenset(
    {
        Event.Kind.PUBLISHED,
        Event.Kind.CHANGES_PUBLISHED,
        Event.Kind.SCHEDULED,
        Event.Kind.UPDATE_SCHEDULED,
        Event.Kind.WENT_OUT,
    }
)
_NAME = "_edge_watch"


@lru_cache(maxsize=1)
def shared_counters() -> Counters:
    """The counters of this host, opened once a process."""
    return Counters(settings.NEWSROOM_DATA / "edge.counters")


@dataclass(frozen=True, slots=True)
class OneRow:
    """A row about to be saved: ``pk`` is None for a new one, ``user_id`` whose it is."""

    table: str
    pk: int | None
    user_id: int

    @property
    def place(self) -> int:
        return counters.of_reader(self.user_id)

    def is_written_by(self, sql: str, params: Any, table: str) -> bool:
        """Whether a statement on ``table`` writes this row and no other."""
        if table != self.table:
            return False
        if self.pk is None:
            return sql.startswith("INSERT INTO ") and "CONFLICT" not in sql
        return sql.endswith(f' WHERE "{table}"."id" = %s') and params[-1] == self.pk


class Watch:
    """What one connection has changed since its transaction began."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._touch = Touch.NOTHING
        self._stories: set[int] = set()
        self._is_gentle = True
        self._readers: set[int] = set()
        self._saving: OneRow | None = None

    def declare(self, article: Article, event: str) -> None:
        """An act says which story it changes; of a gentle one other pages need not know at once."""
        self._touch = max(self._touch, Touch.STORIES)
        self._stories.add(article.pk)
        self._is_gentle = self._is_gentle and event in GENTLE

    def saving(self, row: "OneRow | None") -> None:
        """One row is about to be saved; None: it was."""
        self._saving = row

    def execute(self, execute: Callable[..., Any], sql: Any, params: Any, *rest: Any) -> Any:
        """Pass every statement on; outside of a transaction it is bumped around at once, or gets
        one of its own, where others must be told with it."""
        touch = touched_by(sql) if isinstance(sql, str) else Touch.SITE
        table = decides_level(sql) if isinstance(sql, str) else ANY_TABLE
        if not touch and not table:
            return execute(sql, params, *rest)
        self._touch = max(self._touch, touch)
        if table:
            row, self._saving = self._saving, None
            is_that = row is not None and row.is_written_by(sql, params, table)
            self._readers.add(row.place if row and is_that else counters.READERS)
        if self._connection.in_atomic_block or not self._connection.autocommit:
            return execute(sql, params, *rest)
        # SQLite commits nothing while a statement has rows to return. There the purge's row comes
        # just before the statement, which is early at worst; and all is sent twice.
        is_postgres = self._connection.vendor == "postgresql"
        is_told = hosts.hears_of(self._connection) or purges.is_on()
        if is_told and is_postgres and not stands_alone(sql):
            return hosts.in_transaction(self._connection, lambda: execute(sql, params, *rest))
        return self.around(lambda: execute(sql, params, *rest))

    def around(self, commit: Callable[[], Any]) -> Any:
        """Commit between the two bumps, if anything is to be bumped."""
        places, keys = tuple(self._places()), self._keys()
        self.forget()
        if not places:
            return commit()
        shared_counters().renew_if_replaced()
        if hosts.takes_more(self._connection):
            purges.note(self._connection, keys)
            hosts.tell(self._connection, places, of=shared_counters())
        ticket = shared_counters().dirty(places)
        try:
            return commit()
        finally:
            shared_counters().clean(places, ticket)
            if keys and purges.is_on():
                sending.soon()

    def roll_back(self, roll_back: Callable[[], Any]) -> Any:
        self.forget()
        return roll_back()

    def _places(self) -> Iterable[int]:
        yield from self._readers
        if not self._touch:
            return
        if self._ends_all():
            yield from (counters.SITE, counters.LISTS)
        else:
            yield from (counters.LISTS, *{counters.of_story(pk) for pk in self._stories})

    def _keys(self) -> tuple[str, ...]:
        """The same for caches in front."""
        return purges.keys_of(self._stories, whole_site=self._ends_all()) if self._touch else ()

    def _ends_all(self) -> bool:
        if self._touch == Touch.LISTS:
            return False
        return self._touch == Touch.SITE or not self._stories or not self._is_gentle

    def forget(self) -> None:
        self._readers = set()
        self._saving = None
        self._touch = Touch.NOTHING
        self._stories = set()
        self._is_gentle = True


def watch(connection: BaseDatabaseWrapper, **_kwargs: object) -> None:
    """Watch a connection from its first opening on; receiver of ``connection_created``."""
    if connection.alias != DEFAULT_DB_ALIAS:
        return
    if former := getattr(connection, _NAME, None):
        # A connection that was lost took what it had begun with it.
        former.forget()
        return
    watching = Watch(connection)
    setattr(connection, _NAME, watching)
    connection.execute_wrappers.append(watching.execute)
    commit, roll_back = connection._commit, connection._rollback  # type: ignore[attr-defined]
    # Django has no hook before a commit, and one after it that an error of another can skip.
    connection._commit = lambda: watching.around(commit)  # type: ignore[attr-defined]
    connection._rollback = lambda: watching.roll_back(roll_back)  # type: ignore[attr-defined]


def declare(article: Article, event: str, **_kwargs: object) -> None:
    """Receiver of ``content_changing``."""
    connection = connections[DEFAULT_DB_ALIAS]
    if watching := getattr(connection, _NAME, None):
        watching.declare(article, event)


def saving(
    instance: User | Device | Subscription,
    using: str,
    update_fields: Collection[str] | None,
    **_kwargs: object,
) -> None:
    """Receiver of ``pre_save``: a row of one reader changes, and no other reader's."""
    watching = getattr(connections[using], _NAME, None)
    if watching and (owner := _owner_of(instance, update_fields)):
        watching.saving(OneRow(instance._meta.db_table, instance.pk, owner))


def saved(using: str, **_kwargs: object) -> None:
    """Receiver of ``post_save``."""
    if watching := getattr(connections[using], _NAME, None):
        watching.saving(None)


def _owner_of(
    instance: User | Device | Subscription, update_fields: Collection[str] | None
) -> int | None:
    """The one reader whose rights a save may change; None where it might be another one's, too."""
    if isinstance(instance, User):
        return instance.pk
    # Whose it was so far is not known here, so only a save that leaves that alone is one reader's.
    leaves_owner = update_fields is not None and not {"user", "user_id"} & set(update_fields)
    return instance.user_id if instance.pk is None or leaves_owner else None
