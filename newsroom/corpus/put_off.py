"""Keys to other rows, and indexes that are not unique: put off to the end of a great load.

Kept row by row they are a fifth of it; made at once, far less. Nothing gets past them: a key that
is made again checks every row. Unique indexes stay, for the load itself asks them. What is put off
is written down in a table of its own, as the statements that make it again, and each goes with what
it makes: whenever a load is killed, the next finds what is left. On SQLite nothing is put off.
"""

from typing import Any

from django.apps import apps
from django.db import connection, transaction

from articles.site.search import words_index

TABLE = "corpus_put_off"
_ONE_AT_A_TIME = f"SELECT pg_advisory_xact_lock(hashtext('{TABLE}'))"
# Of the tables of stories: what drops an index, what makes it again. None that a constraint needs,
# and not the index of words, which is made beside all others.
_INDEXES = """
    SELECT format('DROP INDEX %%s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
    WHERE t.relname = ANY(%s) AND pg_table_is_visible(t.oid) AND NOT i.indisunique
        AND i.indexrelid IS DISTINCT FROM to_regclass(%s)
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)
    ORDER BY i.indexrelid
"""
_KEYS = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', t.oid::regclass, c.conname),
        format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s',
            t.oid::regclass, c.conname, pg_get_constraintdef(c.oid))
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
    WHERE t.relname = ANY(%s) AND pg_table_is_visible(t.oid) AND c.contype = 'f'
    ORDER BY c.oid
"""


def is_any() -> bool:
    """Whether something is put off, by this load or by one that was broken off."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        # Not by ``to_regclass``, which for a moment remembers what another has dropped.
        cursor.execute(
            "SELECT FROM pg_class WHERE relname = %s AND pg_table_is_visible(oid)", [TABLE]
        )
        return cursor.fetchone() is not None


@transaction.atomic
def put_off() -> None:
    """Drop them all until ``make_again``, or none. What was put off before stays so."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)
        cursor.execute(
            f"""CREATE TABLE IF NOT EXISTS {TABLE}
            (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, is_key bool, ddl text)"""
        )
        _put_off_what(cursor, _INDEXES, [_tables(), words_index.NAME], is_key=False)
        _put_off_what(cursor, _KEYS, [_tables()], is_key=True)


def make_again() -> None:
    """Make all that is put off; keys last, whose check then finds its way by the indexes.

    Raises ``IntegrityError`` for a row that points to nothing. What is made by then stays.
    """
    while is_any():
        _make_next()


@transaction.atomic
def _make_next() -> None:
    """Make one, and forget it; when none is left, forget the table."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)
        if not is_any():
            return
        cursor.execute(
            f"""DELETE FROM {TABLE} WHERE id =
            (SELECT id FROM {TABLE} ORDER BY is_key, id LIMIT 1) RETURNING ddl"""  # noqa: S608
        )
        row = cursor.fetchone()
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
        # The other cores are busy with the index of words, which takes longer than all of these.
        cursor.execute("SET LOCAL max_parallel_maintenance_workers = 0")
        cursor.execute(row[0] if row else f"DROP TABLE {TABLE}")


def _put_off_what(cursor: Any, find: str, params: list[Any], *, is_key: bool) -> None:
    cursor.execute(find, params)
    for drop, make in cursor.fetchall():
        cursor.execute(drop)
        cursor.execute(f"INSERT INTO {TABLE} (is_key, ddl) VALUES (%s, %s)", [is_key, make])  # noqa: S608


def _tables() -> list[str]:
    models = apps.get_app_config("articles").get_models(include_auto_created=True)
    return ["search_index", *(model._meta.db_table for model in models)]
