"""The two indexes behind one interface. Their table is made by a migration."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection

from articles.site.keyset import Key
from articles.site.search.query import Query, Term

COUNT_CAP = 1000
# Up to so many matches are gathered and sorted; of more, the newest are near the top of the dates.
FEW = 5_000
# So far down the dates a search walks for a page; what is common only below is gathered after all.
WALKED = 2_000
# Where the planner guesses so many matches, and so dense that the count is through after so many
# stories, it walks before it asks the index at all, which would name every match.
MANY, COUNTED = 10_000, 8_000

# Rows of the index whose story a search must not know of although nobody has seen to it yet: it
# left the site by time alone, or an update of it is due. Few at any time, and found by the partial
# indexes of these columns. The door itself removes what is unpublished.
_NOT_NOW = """NOT IN (
    SELECT id FROM articles_publishedarticle WHERE withdrawn_at IS NULL AND off_at <= %s
    UNION ALL SELECT id FROM articles_publishedarticle WHERE next_at <= %s)"""


Entry = tuple[int, dt.datetime, str]
"""The number of a published story, its time and its folded words."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of matches, newest first, and how many match: exact up to ``COUNT_CAP``."""

    keys: list[Key]
    count: int


class Engine(Protocol):
    """An index of texts by the number of the published story. Texts come folded."""

    def write(self, number: int, published_at: dt.datetime, text: str) -> None: ...

    def write_all(self, entries: Sequence[Entry]) -> None:
        """Add many at once, none of them indexed yet."""

    def look(self, query: Query, *, at: dt.datetime, before: Key | None, size: int) -> Found:
        """The newest matches that are public at ``at`` and older than ``before``.

        ``count`` is of all that are public, whatever ``before``.
        """


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

    def look(self, query: Query, *, at: dt.datetime, before: Key | None, size: int) -> Found:
        return Found(self._find(query, at=at, before=before, size=size), self._count(query, at=at))

    def _find(self, query: Query, *, at: dt.datetime, before: Key | None, size: int) -> list[Key]:
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

    def _count(self, query: Query, *, at: dt.datetime) -> int:
        sql = f"""
            SELECT count(*) FROM (
                SELECT 1 FROM search_index
                JOIN articles_sectionlisting l ON l.published_id = search_index.rowid
                WHERE search_index MATCH %s AND l.published_at <= %s
                AND l.published_id {_NOT_NOW} LIMIT %s)
        """  # noqa: S608 - no value is put into the text
        times = [_sqlite(at)] * 3
        return int(_rows(sql, [self._match(query), *times, COUNT_CAP + 1])[0][0])

    def _match(self, query: Query) -> str:
        """The query in FTS5's language: each term quoted, so that no sign has a meaning."""
        wanted = " AND ".join(_quoted(term) for term in query.wanted)
        return " NOT ".join([f"({wanted})", *(_quoted(term) for term in query.excluded)])


class PostgresEngine:
    """A tsvector behind a GIN index. Few matches are gathered first and sorted after: asked for
    the newest in one step, the planner walks all dates for a rare word. Of many, the newest are
    soon met on the way down the dates. Which way is taken is a matter of time, not of the answer.
    """

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
        # With it comes what nobody needs who has but one file.
        import psycopg

        columns = [list(column) for column in zip(*entries, strict=True)]
        # Bound by the server: it would read the texts twice more if they stood in the statement.
        with (
            connection.cursor() as cursor,
            connection.wrap_database_errors,
            psycopg.Cursor(cursor.connection) as bound,
        ):
            bound.execute(
                """
                INSERT INTO search_index (published_id, published_at, words)
                SELECT number, at, to_tsvector('english', text)
                FROM unnest(%b::bigint[], %b::timestamptz[], %b::text[]) AS new (number, at, text)
                """,
                columns,
            )

    def look(self, query: Query, *, at: dt.datetime, before: Key | None, size: int) -> Found:
        text = self._search(query)
        if self._is_everywhere(text):
            newest = self._walk(text, at=at, before=None, size=COUNT_CAP + 1, rows=COUNTED)
            if len(newest) > COUNT_CAP:
                keys = self._page(text, at=at, before=before, size=size) if before else newest
                return Found(keys[:size], len(newest))
        found = self._few(text, at=at, before=before, size=size)
        if found.count <= FEW:
            return found
        return Found(self._page(text, at=at, before=before, size=size), found.count)

    def _is_everywhere(self, text: str) -> bool:
        """Whether most stories match, as the planner has it: sometimes wrong, and quick."""
        sql = """
            EXPLAIN (FORMAT JSON) SELECT 1 FROM search_index
            WHERE words @@ websearch_to_tsquery('english', %s)"""
        plan = _rows(sql, [text])[0][0]
        plan = json.loads(plan) if isinstance(plan, str) else plan
        guess = int(plan[0]["Plan"]["Plan Rows"])
        if guess < MANY:
            return False
        of = _rows("SELECT reltuples FROM pg_class WHERE oid = 'search_index'::regclass", [])[0][0]
        return bool(guess * COUNTED >= of * COUNT_CAP)

    def _page(self, text: str, *, at: dt.datetime, before: Key | None, size: int) -> list[Key]:
        """Of many matches: those near by, or, if it is common elsewhere only, of all."""
        keys = self._walk(text, at=at, before=before, size=size, rows=WALKED)
        return keys if len(keys) == size else self._gather(text, at=at, before=before, size=size)

    def _walk(
        self, text: str, *, at: dt.datetime, before: Key | None, size: int, rows: int
    ) -> list[Key]:
        """Down the dates, so many rows: it may find too few. No index of words is asked."""
        newest = _older("published_at", "published_id")
        sql = f"""
            SELECT published_at, published_id FROM (
                SELECT published_at, published_id, words FROM search_index
                WHERE published_at <= %s {newest if before else ""}
                ORDER BY published_at DESC, published_id DESC LIMIT %s) AS top
            WHERE words @@ websearch_to_tsquery('english', %s) AND published_id {_NOT_NOW}
            ORDER BY published_at DESC, published_id DESC LIMIT %s
        """  # noqa: S608 - no value is put into the text
        place = _place(before, lambda time: time)
        return [Key(*row) for row in _rows(sql, [at, *place, rows, text, at, at, size])]

    def _few(self, text: str, *, at: dt.datetime, before: Key | None, size: int) -> Found:
        """All matches at once, if they are few; of many only that they are."""
        newest = _older("published_at", "published_id")
        sql = f"""
            WITH hits AS MATERIALIZED (
                SELECT published_at, published_id FROM search_index
                WHERE words @@ websearch_to_tsquery('english', %s) AND published_at <= %s
                AND published_id {_NOT_NOW} LIMIT %s)
            SELECT counted.count, page.published_at, page.published_id
            FROM (SELECT count(*) FROM hits) AS counted LEFT JOIN LATERAL (
                SELECT published_at, published_id FROM hits WHERE true {newest if before else ""}
                ORDER BY published_at DESC, published_id DESC LIMIT %s) AS page ON true
            ORDER BY 2 DESC, 3 DESC
        """  # noqa: S608 - no value is put into the text
        place = _place(before, lambda time: time)
        rows = _rows(sql, [text, at, at, at, FEW + 1, *place, size])
        keys = [Key(time, number) for _, time, number in rows if number is not None]
        return Found(keys, int(rows[0][0]))

    def _gather(self, text: str, *, at: dt.datetime, before: Key | None, size: int) -> list[Key]:
        newest = _older("published_at", "published_id")
        sql = f"""
            WITH hits AS MATERIALIZED (
                SELECT published_at, published_id FROM search_index
                WHERE words @@ websearch_to_tsquery('english', %s))
            SELECT published_at, published_id FROM hits
            WHERE published_at <= %s AND published_id {_NOT_NOW} {newest if before else ""}
            ORDER BY published_at DESC, published_id DESC LIMIT %s
        """  # noqa: S608 - no value is put into the text
        place = _place(before, lambda time: time)
        return [Key(*row) for row in _rows(sql, [text, at, at, at, *place, size])]

    def _search(self, query: Query) -> str:
        """The query in the language of web search, each term quoted."""
        wanted = [_quoted(term) for term in query.wanted]
        return " ".join([*wanted, *(f"-{_quoted(term)}" for term in query.excluded)])


def engine() -> Engine:
    """The engine of the database that keeps the stories."""
    return PostgresEngine() if connection.vendor == "postgresql" else SqliteEngine()


def _quoted(term: Term) -> str:
    return f'"{" ".join(term.words)}"'


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
