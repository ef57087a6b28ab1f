"""How long searches take, and whether they find what a plain reading of all words finds."""

import datetime as dt
import heapq
from typing import Any

from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.http import urlencode

from articles.site.keyset import PAGE_SIZE, Key
from articles.site.search.engines import COUNT_CAP, engine
from articles.site.search.query import parse
from tests.bench.scale.clock import timed
from tests.bench.scale.words import kinds

_reader = Client()
SIZE = PAGE_SIZE + 1


def measure() -> dict[str, dict[str, Any]]:
    """Of each kind: the times of its page, how many match, and whether the answer is right."""
    now = timezone.now()
    typed = kinds()
    plain = _plain(typed, now)
    found = {}
    for kind, words in typed.items():
        query = parse(words)
        answer = engine().look(query, at=now, before=None, size=SIZE)
        matches, newest = plain[kind]
        found[kind] = {
            **timed(lambda w=words: _get(q=w)),
            "matches": matches,
            "is_right": answer.keys == newest and _is_right(answer.count, matches),
        }
    found["common, an older page"] = timed(lambda: _get(q=typed["common"], before=_middle()))
    return found


def _is_right(count: int, matches: int) -> bool:
    return count == matches or min(count, matches) > COUNT_CAP


def _get(**typed: object) -> None:
    answer = _reader.get(f"/search/?{urlencode(typed)}")
    assert answer.status_code == 200, typed


def _middle() -> Key:
    """A time half way down the years."""
    return Key(timezone.now() - dt.timedelta(days=365 * 4), 0)


def _plain(typed: dict[str, str], now: dt.datetime) -> dict[str, tuple[int, list[Key]]]:
    """How many match, and the newest of them, without any of the ways of the engine."""
    reads = _of_postgres if connection.vendor == "postgresql" else _of_sqlite
    return reads(typed, now)


def _of_postgres(typed: dict[str, str], now: dt.datetime) -> dict[str, tuple[int, list[Key]]]:
    """One reading of all rows, with no index."""
    found: dict[str, tuple[int, list[Key]]] = {}
    searches = [engine()._search(parse(words)) for words in typed.values()]  # type: ignore[attr-defined]
    asked = ", ".join(["w @@ websearch_to_tsquery('english', %s)"] * len(typed))
    sql = f"""
        SELECT published_at, published_id, {asked}
        FROM search_index CROSS JOIN LATERAL (SELECT words || ''::tsvector AS w OFFSET 0) AS whole
        WHERE published_at <= %s
    """  # noqa: S608 - no value is put into the text
    counts = [0] * len(typed)
    newest: list[list[tuple[dt.datetime, int]]] = [[] for _ in typed]
    with connection.chunked_cursor() as cursor:
        cursor.itersize = 20_000
        cursor.execute(sql, [*searches, now])
        for at, number, *matches in cursor:
            for place, does_match in enumerate(matches):
                if does_match:
                    counts[place] += 1
                    _keep(newest[place], (at, number))
    for kind, count, keys in zip(typed, counts, newest, strict=True):
        found[kind] = count, [Key(*key) for key in sorted(keys, reverse=True)]
    return found


def _of_sqlite(typed: dict[str, str], now: dt.datetime) -> dict[str, tuple[int, list[Key]]]:
    """All that the index of words holds for each search, sorted here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT published_id, published_at FROM articles_sectionlisting")
        times = {number: _aware(at) for number, at in cursor.fetchall()}
        found = {}
        for kind, words in typed.items():
            match = engine()._match(parse(words))  # type: ignore[attr-defined]
            cursor.execute("SELECT rowid FROM search_index WHERE search_index MATCH %s", [match])
            keys = [(times[number], number) for (number,) in cursor.fetchall()]
            live = [key for key in keys if key[0] <= now]
            found[kind] = len(live), [Key(*key) for key in heapq.nlargest(SIZE, live)]
    return found


def _keep(newest: list[tuple[dt.datetime, int]], key: tuple[dt.datetime, int]) -> None:
    if len(newest) < SIZE:
        heapq.heappush(newest, key)
    else:
        heapq.heappushpop(newest, key)


def _aware(at: Any) -> dt.datetime:
    found = at if isinstance(at, dt.datetime) else dt.datetime.fromisoformat(at)
    return found.replace(tzinfo=dt.UTC)
