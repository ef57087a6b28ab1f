"""Pages of a list by the key of a story, so that page 1,000 costs what page 1 does."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from django.db.models import Model, Q, QuerySet

T = TypeVar("T", bound=Model)

PAGE_SIZE = 20
_FORM = re.compile(r"(\d{8}T\d{12})-(\d{1,18})")
_TIME = "%Y%m%dT%H%M%S%f"


class BadKey(ValueError):
    """The key in the address is not one of ours."""


@dataclass(frozen=True, slots=True)
class Key:
    """Where a row stands in its list: its time (aware) and its number."""

    at: dt.datetime
    id: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``<time>-<id>`` from an address. Raises ``BadKey``."""
        found = _FORM.fullmatch(text)
        if not found:
            raise BadKey(text)
        try:
            at = dt.datetime.strptime(found[1], _TIME).replace(tzinfo=dt.UTC)
        except ValueError as error:
            raise BadKey(text) from error
        return cls(at, int(found[2]))

    def __str__(self) -> str:
        return f"{self.at.astimezone(dt.UTC).strftime(_TIME)}-{self.id}"


@dataclass(frozen=True, slots=True)
class Place:
    """Which page of a list is asked for: the first, the one before a key, or the one after."""

    before: Key | None = None
    after: Key | None = None

    @classmethod
    def parse(cls, before: str, after: str) -> Self:
        """Read the place from the two parameters; ``""`` means not given. Raises ``BadKey``."""
        return cls(Key.parse(before) if before else None, Key.parse(after) if after else None)

    @property
    def is_first(self) -> bool:
        return self.before is None and self.after is None

    @property
    def query(self) -> str:
        """The query string of this page, for its canonical address."""
        if self.before is not None:
            return f"?before={self.before}"
        return f"?after={self.after}" if self.after is not None else ""


@dataclass(frozen=True, slots=True)
class KeyPage:
    """One page of keys, newest first. ``newer`` and ``older`` are query strings, or None."""

    keys: tuple[Key, ...]
    newer: str | None
    older: str | None

    @property
    def ids(self) -> list[int]:
        return [key.id for key in self.keys]


def read(
    rows: QuerySet[T],
    place: Place,
    *,
    id_field: str = "published_id",
    time_field: str = "published_at",
    size: int = PAGE_SIZE,
) -> KeyPage:
    """One page of ``rows``, which have a time and a number in these fields, in one query.

    A page of newer stories that reaches the top has ``newer`` None: the view then shows the
    first page instead, so that no address shows a half page.
    """
    if place.after is not None:
        newer = rows.filter(_newer_than(place.after, time_field, id_field))
        oldest = newer.order_by(time_field, id_field).values_list(time_field, id_field)
        found: list[Any] = list(oldest[: size + 1])
        keys = tuple(Key(*row) for row in reversed(found[:size]))
        return _page(keys, has_newer=len(found) > size, has_older=True)
    if place.before is not None:
        rows = rows.filter(_older_than(place.before, time_field, id_field))
    first = first_rows(rows, id_field=id_field, time_field=time_field, size=size)
    return first_page(list(first), size=size, has_newer=place.before is not None)


def first_rows(
    rows: QuerySet[T],
    *,
    id_field: str = "published_id",
    time_field: str = "published_at",
    size: int = PAGE_SIZE,
) -> QuerySet[T, Any]:
    """The newest of ``rows``, as many as a page has, and one more: to be read by ``first_page``."""
    newest = rows.order_by(f"-{time_field}", f"-{id_field}")
    return newest.values_list(time_field, id_field)[: size + 1]


def first_page(found: list[Any], *, size: int = PAGE_SIZE, has_newer: bool = False) -> KeyPage:
    """The page of ``first_rows``."""
    keys = tuple(Key(*row) for row in found[:size])
    return _page(keys, has_newer=has_newer, has_older=len(found) > size)


def _page(keys: tuple[Key, ...], *, has_newer: bool, has_older: bool) -> KeyPage:
    if not keys:
        return KeyPage((), newer="" if has_newer else None, older=None)
    return KeyPage(
        keys,
        newer=f"?after={keys[0]}" if has_newer else None,
        older=f"?before={keys[-1]}" if has_older else None,
    )


# The plain bound on the time lets the index find the place; the rest settles equal times.
def _older_than(key: Key, time_field: str, id_field: str) -> Q:
    tie = Q(**{f"{time_field}__lt": key.at}) | Q(**{f"{id_field}__lt": key.id})
    return Q(**{f"{time_field}__lte": key.at}) & tie


def _newer_than(key: Key, time_field: str, id_field: str) -> Q:
    tie = Q(**{f"{time_field}__gt": key.at}) | Q(**{f"{id_field}__gt": key.id})
    return Q(**{f"{time_field}__gte": key.at}) & tie
