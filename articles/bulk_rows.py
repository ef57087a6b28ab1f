"""Writing many new rows at once: by COPY on PostgreSQL, by one repeated statement elsewhere.

Rows come as plain values, for a model's instance costs more than what is written of it. Constraints
hold as ever. Signals are not sent, and COPY goes past Django: say elsewhere what was changed.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import DateTimeField, Field, JSONField, Model

Values = Sequence[Any]
Adapter = Callable[[Any], Any]

_encode = DjangoJSONEncoder().encode


class Encoded(str):
    """A document that is JSON already."""


def _as_json(value: Any) -> str:
    return value if isinstance(value, Encoded) else _encode(value)


@lru_cache(maxsize=1024)
def _as_time(value: dt.datetime | None) -> str | None:
    """A time as PostgreSQL reads it. Most rows of a story have the same one."""
    return None if value is None else value.isoformat()


# The driver knows the columns of all other values, and times less quickly.
_FOR_COPY: dict[type[Field[Any, Any]], Adapter] = {JSONField: _as_json, DateTimeField: _as_time}


def insert(model: type[Model], columns: str, rows: Iterable[Values], **same: Any) -> None:
    """Write new rows: of each the values of ``columns`` (attributes, parted by spaces).

    Other columns have one value for all rows: that of ``same``, or the field's default.
    """
    names = columns.split()
    fields = {field.attname: field for field in model._meta.local_concrete_fields}
    rest = {
        name: same[name] if name in same else field.get_default()
        for name, field in fields.items()
        if name not in names and not field.primary_key
    }
    write = _copy if connection.vendor == "postgresql" else _repeat
    write(model, [fields[name] for name in (*names, *rest)], rows, tuple(rest.values()))


def insert_instances(model: type[Model], rows: Sequence[Model]) -> None:
    """Write new rows that stand as instances, and give them their numbers."""
    if connection.vendor != "postgresql":
        model._default_manager.bulk_create(rows)
        return
    _number(model, rows)
    fields = model._meta.local_concrete_fields
    values = attrgetter(*(field.attname for field in fields))
    _copy(model, fields, map(values, rows))
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def settle() -> None:
    """Check now what the end of the transaction would check: that rows point to what is there."""
    if connection.vendor == "postgresql":
        connection.check_constraints()


def _number(model: type[Model], rows: Sequence[Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, len(rows)],
        )
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number


def _copy(
    model: type[Model],
    fields: Sequence[Field[Any, Any]],
    rows: Iterable[Values],
    tail: Values = (),
) -> None:
    """``tail``: the values of the last fields, which are the same in all rows."""
    names = ", ".join(f'"{field.column}"' for field in fields)
    sql = f'COPY "{model._meta.db_table}" ({names}) FROM STDIN'
    places = [(place, _FOR_COPY[type(f)]) for place, f in enumerate(fields) if type(f) in _FOR_COPY]
    own = len(fields) - len(tail)
    end = _adapted([None] * own + list(tail), [each for each in places if each[0] >= own])[own:]
    changing = [each for each in places if each[0] < own]
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row(_adapted([*row, *end], changing))


def _adapted(values: list[Any], places: Iterable[tuple[int, Adapter]]) -> list[Any]:
    """The same list, with the values at these places as they are written."""
    for place, adapt in places:
        values[place] = adapt(values[place])
    return values


def _repeat(
    model: type[Model], fields: Sequence[Field[Any, Any]], rows: Iterable[Values], tail: Values
) -> None:
    names = ", ".join(f'"{field.column}"' for field in fields)
    sql = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({_places(len(fields))})'  # noqa: S608
    adapt = [_adapter(field) for field in fields]
    with connection.cursor() as cursor:
        cursor.executemany(
            sql, [[to(v) for to, v in zip(adapt, (*row, *tail), strict=True)] for row in rows]
        )


def _places(count: int) -> str:
    return ", ".join(["%s"] * count)


def _adapter(field: Field[Any, Any]) -> Adapter:
    if isinstance(field, JSONField):
        return _as_json
    return lambda value: field.get_db_prep_save(value, connection)
