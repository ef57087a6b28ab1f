"""The index of words on PostgreSQL, which a great load does without until its end.

Row by row it costs as much as the rest of the load; made at once, a fraction. Searches find the
same without it, slowly, and a system check says that it is missing.
"""

from django.db import connection

NAME = "search_index_words"


def is_missing() -> bool:
    """Whether searches have to read every story. Never on SQLite, whose table is an index."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NULL", [NAME])
        return bool(cursor.fetchone()[0])


def drop() -> None:
    """Do without it until ``make``."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP INDEX IF EXISTS {NAME}")


def make() -> None:
    """Make it if it is missing, and take in what waits at its door."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE INDEX IF NOT EXISTS {NAME} ON search_index USING gin (words)")
            cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [NAME])
