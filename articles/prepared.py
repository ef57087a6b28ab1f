"""Queries whose SQL is worked out once: for a page, that takes far longer than running it."""

import threading
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.db.models.expressions import Expression
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row")

LEAST = 4
"""Places of a list of numbers; a longer list has twice as many, and twice again."""


class Prepared(Generic[Row]):
    """``build`` makes the queryset, of placeholders by name; a call runs it with values for them.

    ``fields`` says what kind of value each name takes: a model field, or a list with one for any
    number of values, as ``pk__in`` wants them. Such a list is filled up with zeros, which no row
    has for a number.
    """

    def __init__(
        self,
        build: Callable[..., models.QuerySet[Any, Row]],
        **fields: models.Field[Any, Any] | list[models.Field[Any, Any]],
    ) -> None:
        self._build = build
        self._fields = fields
        self._kept: dict[tuple[int, ...], _Statement[Row]] = {}

    def __call__(self, **values: Any) -> list[Row]:
        """The rows for these values. One query."""
        filled = {
            name: _filled(value) if isinstance(self._fields[name], list) else value
            for name, value in values.items()
        }
        shape = tuple(len(filled[name]) for name, f in self._fields.items() if isinstance(f, list))
        statement = self._kept.get(shape)
        if statement is None:
            statement = self._kept[shape] = _Statement(self._compiled(filled))
        return statement.rows(filled)

    def first(self, **values: Any) -> Row | None:
        """The first row for these values, if there is one. One query."""
        return next(iter(self(**values)), None)

    def _compiled(self, values: dict[str, Any]) -> models.QuerySet[Any, Row]:
        places: dict[str, Any] = {}
        for name, field in self._fields.items():
            if isinstance(field, list):
                count = len(values[name])
                places[name] = [_Place(name, field[0], index) for index in range(count)]
            else:
                places[name] = _Place(name, field)
        return self._build(**places)


class _Place(Expression):
    """Where a value goes, in place of it."""

    def __init__(
        self, name: str, output_field: models.Field[Any, Any], index: int | None = None
    ) -> None:
        super().__init__(output_field=output_field)
        self.name, self.index = name, index

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> Any:
        return "%s", [self]

    def value_in(self, values: dict[str, Any], connection: Any) -> Any:
        value = values[self.name] if self.index is None else values[self.name][self.index]
        return self.output_field.get_db_prep_value(value, connection)


class _Statement(Generic[Row]):
    """A queryset with its SQL, for all threads: some hundreds, each of which would keep its own.

    It runs through Django's own ways, from its compiler on, by the connection of whoever asks.
    """

    def __init__(self, rows: models.QuerySet[Any, Row]) -> None:
        self._rows: Any = rows
        self._db = rows.db
        self._compiler: Any = rows.query.get_compiler(using=rows.db)
        self._sql, self._params = self._compiler.as_sql()
        # Which goes with its thread, and is not to be kept open by what is kept here.
        self._compiler.connection = None
        self._own = threading.local()

    def rows(self, values: dict[str, Any]) -> list[Row]:
        connection = connections[self._db]
        self._refuse_a_lock_that_would_not_hold(connection)
        params = tuple(
            each.value_in(values, connection) if isinstance(each, _Place) else each
            for each in self._params
        )
        rows = self._asked_by(connection, params)
        return list(rows._iterable_class(rows))

    def _asked_by(self, connection: Any, params: tuple[Any, ...]) -> Any:
        """The queryset of one call: with a compiler of its own, which has the SQL already."""
        compiler = _twin(self._compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_, **__: (self._sql, params)
        compiler.get_converters = _remembered(compiler.get_converters, self._own.__dict__)
        query = _twin(self._rows.query)
        query.get_compiler = lambda *_, **__: compiler
        rows = _twin(self._rows)
        rows._query = query
        return rows

    def _refuse_a_lock_that_would_not_hold(self, connection: Any) -> None:
        """As Django does while it works out the SQL, which is once only here."""
        can_lock = connection.features.has_select_for_update
        if self._rows.query.select_for_update and can_lock and not connection.in_atomic_block:
            raise TransactionManagementError("A row is locked in a transaction only.")


def _twin(thing: Any) -> Any:
    """Another of the same, as it stands: copy() would fetch all rows of a queryset."""
    twin = object.__new__(type(thing))
    twin.__dict__.update(thing.__dict__)
    return twin


def _remembered(
    find: Callable[[list[Any]], Any], found: dict[str, Any]
) -> Callable[[list[Any]], Any]:
    """What turns the columns of a statement into values, found once: they are always the same."""

    def known(columns: list[Any]) -> Any:
        count = str(len(columns))
        if count not in found:
            found[count] = find(columns)
        return found[count]

    return known


def _filled(numbers: Sequence[int]) -> list[int]:
    size = LEAST
    while size < len(numbers):
        size *= 2
    return [*numbers, *[0] * (size - len(numbers))]
