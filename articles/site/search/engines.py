"""The two indexes behind one interface. Their table is made by a migration."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Protocol

from django.db import connection

from articles.site.keyset import Key
from articles.site.search.query import Query, Term

COUNT_CAP = 1000
# Up to so many matches are gathered and sorted; of more, the newest are near the top of the dates.
FEW = 5_000
# So far down the dates a search walks; what is common only below is gathered after all.
WALKED = 40_000

# Rows of the index whose story a search must not know of although nobody has seen to it yet: it
# left the site by time alone, or an update of it is due. Few at any time, and found by the partial
# indexes of these columns. The door itself removes what is unpublished.
_NOT_NOW = """NOT IN (
    SELECT id FROM articles_publishedarticle WHERE withdrawn_at IS NULL AND off_at <= %s
    UNION ALL SELECT id FROM articles_publishedarticle WHERE next_at <= %s)"""


Entry = tuple[int, dt.datetime, str]
"""The number of a published story, its time and its folded words."""


class Engine(Protocol):
    """An index of texts by the number of the published story. Texts come folded."""

    def write(self, number: int, published_at: dt.datetime, text: str) -> None: ...

    def write_all(self, entries: Sequence[Entry]) -> None:
        """Add many at once, none of them indexed yet."""

    def find(
        self, query: Query, *, at: dt.datetime, before: Key | None, size: int, matches: int
    ) -> list[Key]:
        """The newest matches that are public at ``at``, older than ``before``.

        ``matches`` is what ``count`` says: the way to them depends on it, and they do not.
        """

    def count(self, query: Query, *, at: dt.datetime) -> int:
        """How many match, counted to one above ``FEW``."""


class SqliteEngine:
    """FTS5, the row's number being the story's; joined to the narrow rows of listings."""

    def write(self, number: int, published_at: dt.datetime, text: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM search_index WHERE rowid = %s", [number])
            cursor.execute(
                "INSERT INTO search_index (rowid, words) VALUES (%s, %s)", [number, text]
            )

    def write_all(self, entries: Sequence[Entry]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_index (rowid, words) VALUES (%s, %s)",
                [(number, text) for number, _, text in entries],
            )

    def find(
        self, query: Query, *, at: dt.datetime, before: Key | None, size: int, matches: int
    ) -> list[Key]:
        newest = _older("l.published_at", "l.published_id")
        sql = f"""
            SELECT l.published_at, l.published_id FROM search_index
            JOIN articles_sectionlisting l ON l.published_id = search_index.rowid
            WHERE search_index MATCH %s AND l.published_at <= %s
            AND l.published_id {_NOT_NOW} {newest if before else ""}
            ORDER BY l.published_at DESC, l.published_id DESC LIMIT %s
        """  # noqa: S608 - no value is put into the text
        times = [_sqlite(at)] * 3
        rows = _rows(sql, [self._match(query), *times, *_place(before, _sqlite), size])
        return [Key(_aware(row[0]), row[1]) for row in rows]

    def count(self, query: Query, *, at: dt.datetime) -> int:
        sql = f"""
            SELECT count(*) FROM (
                SELECT 1 FROM search_index
                JOIN articles_sectionlisting l ON l.published_id = search_index.rowid
                WHERE search_index MATCH %s AND l.published_at <= %s
                AND l.published_id {_NOT_NOW} LIMIT %s)
        """  # noqa: S608 - no value is put into the text
        times = [_sqlite(at)] * 3
        return int(_rows(sql, [self._match(query), *times, FEW + 1])[0][0])

    def _match(self, query: Query) -> str:
        """The query in FTS5's language: each term quoted, so that no sign has a meaning."""
        wanted = " AND ".join(_quoted(term) for term in query.wanted)
        return " NOT ".join([f"({wanted})", *(_quoted(term) for term in query.excluded)])


class PostgresEngine:
    """A tsvector behind a GIN index. Few matches are gathered first and sorted after: asked for
    the newest in one step, the planner walks all dates for a rare word. Of many, the newest are
    soon met on the way down the dates."""

    def write(self, number: int, published_at: dt.datetime, text: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO search_index (published_id, published_at, words)
                VALUES (%s, %s, to_tsvector('english', %s))
                ON CONFLICT (published_id) DO UPDATE
                SET published_at = excluded.published_at, words = excluded.words
                """,
                [number, published_at, text],
            )

    def write_all(self, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        numbers, times, texts = zip(*entries, strict=True)
        columns: list[Any] = [list(numbers), list(times), _array(texts)]
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO search_index (published_id, published_at, words)
                SELECT number, at, to_tsvector('english', text)
                FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[]) AS new (number, at, text)
                """,
                columns,
            )

    def find(
        self, query: Query, *, at: dt.datetime, before: Key | None, size: int, matches: int
    ) -> list[Key]:
        if matches > FEW:
            found = self._walk(query, at=at, before=before, size=size)
            if len(found) == size:
                return found
        return self._gather(query, at=at, before=before, size=size)

    def _walk(self, query: Query, *, at: dt.datetime, before: Key | None, size: int) -> list[Key]:
        """Down the dates for a while: it may find too few. ``coalesce`` keeps the GIN index out."""
        newest = _older("published_at", "published_id")
        sql = f"""
            SELECT published_at, published_id FROM search_index
            WHERE coalesce(words, '') @@ websearch_to_tsquery('english', %s)
            AND published_at <= %s AND published_at >= coalesce((
                SELECT published_at FROM search_index WHERE published_at <= %s
                ORDER BY published_at DESC OFFSET %s LIMIT 1), '-infinity')
            AND published_id {_NOT_NOW} {newest if before else ""}
            ORDER BY published_at DESC, published_id DESC LIMIT %s
        """  # noqa: S608 - no value is put into the text
        top = min(at, before.at) if before else at
        place = _place(before, lambda time: time)
        values = [self._search(query), at, top, WALKED, at, at, *place, size]
        return [Key(*row) for row in _rows(sql, values)]

    def _gather(self, query: Query, *, at: dt.datetime, before: Key | None, size: int) -> list[Key]:
        newest = _older("published_at", "published_id")
        sql = f"""
            WITH hits AS MATERIALIZED (
                SELECT published_at, published_id FROM search_index
                WHERE words @@ websearch_to_tsquery('english', %s))
            SELECT published_at, published_id FROM hits
            WHERE published_at <= %s AND published_id {_NOT_NOW} {newest if before else ""}
            ORDER BY published_at DESC, published_id DESC LIMIT %s
        """  # noqa: S608 - no value is put into the text
        rows = _rows(
            sql, [self._search(query), at, at, at, *_place(before, lambda time: time), size]
        )
        return [Key(*row) for row in rows]

    def count(self, query: Query, *, at: dt.datetime) -> int:
        sql = f"""
            SELECT count(*) FROM (
                SELECT 1 FROM search_index
                WHERE words @@ websearch_to_tsquery('english', %s) AND published_at <= %s
                AND published_id {_NOT_NOW} LIMIT %s) AS found
        """  # noqa: S608 - no value is put into the text
        return int(_rows(sql, [self._search(query), at, at, at, FEW + 1])[0][0])

    def _search(self, query: Query) -> str:
        """The query in the language of web search, each term quoted."""
        wanted = [_quoted(term) for term in query.wanted]
        return " ".join([*wanted, *(f"-{_quoted(term)}" for term in query.excluded)])


def engine() -> Engine:
    """The engine of the database that keeps the stories."""
    return PostgresEngine() if connection.vendor == "postgresql" else SqliteEngine()


def _quoted(term: Term) -> str:
    return f'"{" ".join(term.words)}"'


def _array(texts: Sequence[str]) -> str:
    """An array of PostgreSQL as it is written: long texts are put into it quicker so."""
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in quoted) + "}"


def _older(time: str, number: str) -> str:
    return f"AND {time} <= %s AND ({time} < %s OR {number} < %s)"


def _place(before: Key | None, adapt: Any) -> list[Any]:
    return [adapt(before.at), adapt(before.at), before.id] if before else []


def _rows(sql: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _sqlite(time: dt.datetime) -> str:
    """A time as Django stores it in SQLite."""
    return str(time.astimezone(dt.UTC).replace(tzinfo=None))


def _aware(time: Any) -> dt.datetime:
    found = time if isinstance(time, dt.datetime) else dt.datetime.fromisoformat(time)
    return found.replace(tzinfo=dt.UTC)
