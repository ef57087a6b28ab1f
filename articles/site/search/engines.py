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
# Up to so many matches are gathered and sorted. Where the planner guesses more than ``MANY``, the
# latest days are asked first.
FEW = MANY = 5_000
# Days that hold so many stories are asked for a page; and for a count, where more than the cap may
# be in them.
NEAR, COUNTED = 3_000, 12_000
MOST_DAYS = 100

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
    the newest in one step, the planner walks all dates for a rare word. Each row also says its day,
    as a word beside its words: so of many matches the index finds those of the latest days, past
    all others. Which way is taken is a matter of time, not of the answer.
    """

    def write(self, number: int, published_at: dt.datetime, text: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO search_index (published_id, published_at, words)
                VALUES (%s, %s, to_tsvector('english', %s) || array_to_tsvector(ARRAY[%s]))
                ON CONFLICT (published_id) DO UPDATE
                SET published_at = excluded.published_at, words = excluded.words
                """,
                [number, published_at, text, _word_of(_day(published_at))],
            )

    def write_all(self, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        # With it comes what nobody needs who has but one file.
        import psycopg

        numbers, times, texts = zip(*entries, strict=True)
        days = [_word_of(_day(time)) for time in times]
        columns = [list(numbers), list(times), list(texts), days]
        # Bound by the server: it would read the texts twice more if they stood in the statement.
        with (
            connection.cursor() as cursor,
            connection.wrap_database_errors,
            psycopg.Cursor(cursor.connection) as bound,
        ):
            bound.execute(
                """
                INSERT INTO search_index (published_id, published_at, words)
                SELECT number, at, to_tsvector('english', text) || array_to_tsvector(ARRAY[day])
                FROM unnest(%b::bigint[], %b::timestamptz[], %b::text[], %b::text[])
                AS new (number, at, text, day)
                """,
                columns,
            )

    def look(self, query: Query, *, at: dt.datetime, before: Key | None, size: int) -> Found:
        text = self._search(query)
        if self._guess(text) <= MANY:
            found = self._hits(text, at=at, before=before, size=size, most=FEW + 1)
            if found.count <= FEW:
                return found
            return Found(self._page(text, at=at, before=before, size=size), found.count)
        newest = self._newest(text, at=at, size=size)
        has_page = before is None and len(newest.keys) == size
        if newest.count <= COUNT_CAP:
            # Where they are few after all, this has page and count in one.
            most = COUNT_CAP if has_page else FEW
            found = self._hits(text, at=at, before=before, size=size, most=most + 1)
            if found.count <= most:
                return found
        page = newest.keys if has_page else self._page(text, at=at, before=before, size=size)
        return Found(page, COUNT_CAP + 1)

    def _guess(self, text: str) -> int:
        """How many stories match, as the planner has it: often wrong, and quick."""
        sql = """
            EXPLAIN (FORMAT JSON) SELECT 1 FROM search_index
            WHERE words @@ websearch_to_tsquery('english', %s)"""
        plan = _rows(sql, [text])[0][0]
        plan = json.loads(plan) if isinstance(plan, str) else plan
        return int(plan[0]["Plan"]["Plan Rows"])

    def _newest(self, text: str, *, at: dt.datetime, size: int) -> Found:
        """The newest matches, and how many the latest days hold: no more days than that takes."""
        found = self._near(text, at=at, before=None, size=size, stories=NEAR)
        if found.count <= COUNT_CAP < found.count * COUNTED / NEAR:
            found = self._near(text, at=at, before=None, size=size, stories=COUNTED)
        return found

    def _page(self, text: str, *, at: dt.datetime, before: Key | None, size: int) -> list[Key]:
        """Of many matches: those near by, or, if it is common elsewhere only, of all."""
        near = self._near(text, at=at, before=before, size=size, stories=NEAR).keys
        if len(near) == size:
            return near
        return self._hits(text, at=at, before=before, size=size, most=None).keys

    def _near(
        self, text: str, *, at: dt.datetime, before: Key | None, size: int, stories: int
    ) -> Found:
        """The matches of the latest days before ``before`` with so many stories."""
        days = self._days(min(at, before.at) if before else at, stories=stories)
        return self._hits(text, at=at, before=before, size=size, most=None, days=days)

    def _days(self, until: dt.datetime, *, stories: int) -> range:
        sql = """
            SELECT min(published_at), max(published_at) FROM (
                SELECT published_at FROM search_index WHERE published_at <= %s
                ORDER BY published_at DESC, published_id DESC LIMIT %s) AS latest"""
        [(first, last)] = _rows(sql, [until, stories])
        if last is None:
            return range(0)
        return range(max(_day(first), _day(last) - MOST_DAYS + 1), _day(last) + 1)

    def _hits(
        self,
        text: str,
        *,
        at: dt.datetime,
        before: Key | None,
        size: int,
        most: int | None,
        days: range | None = None,
    ) -> Found:
        """Up to ``most`` matches (None: all) of these days (None: ever), counted, and of them the
        newest older than ``before``. With all of them in hand, these are the newest there are."""
        newest = _older("published_at", "published_id")
        sql = f"""
            WITH hits AS MATERIALIZED (
                SELECT published_at, published_id FROM search_index
                WHERE words @@ websearch_to_tsquery('english', %s) AND published_at <= %s
                {"" if days is None else "AND words @@ %s::tsquery"}
                AND published_id {_NOT_NOW} LIMIT %s)
            SELECT counted.count, page.published_at, page.published_id
            FROM (SELECT count(*) FROM hits) AS counted LEFT JOIN LATERAL (
                SELECT published_at, published_id FROM hits WHERE true {newest if before else ""}
                ORDER BY published_at DESC, published_id DESC LIMIT %s) AS page ON true
            ORDER BY 2 DESC, 3 DESC
        """  # noqa: S608 - no value is put into the text
        of_days = [] if days is None else [" | ".join(f"'{_word_of(day)}'" for day in days)]
        place = _place(before, lambda time: time)
        rows = _rows(sql, [text, at, *of_days, at, at, most, *place, size])
        keys = [Key(time, number) for _, time, number in rows if number is not None]
        return Found(keys, int(rows[0][0]))

    def _search(self, query: Query) -> str:
        """The query in the language of web search, each term quoted."""
        wanted = [_quoted(term) for term in query.wanted]
        return " ".join([*wanted, *(f"-{_quoted(term)}" for term in query.excluded)])


def engine() -> Engine:
    """The engine of the database that keeps the stories."""
    return PostgresEngine() if connection.vendor == "postgresql" else SqliteEngine()


def _quoted(term: Term) -> str:
    return f'"{" ".join(term.words)}"'


def _day(time: dt.datetime) -> int:
    return int(time.timestamp() // 86_400)


def _word_of(day: int) -> str:
    """What no reader's words can be: signs part those."""
    return f"@{day}"


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
