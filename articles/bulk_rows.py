"""Writing many new rows at once: by COPY on PostgreSQL, by one repeated statement elsewhere.

Rows come as plain values, for a model's instance costs more than what is written of it. Constraints
hold as ever. Signals are not sent, and COPY goes past Django: say elsewhere what was changed.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Field, JSONField, Model

Values = Sequence[Any]


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
    chosen, tail = [fields[name] for name in (*names, *rest)], tuple(rest.values())
    write = _copy if connection.vendor == "postgresql" else _repeat
    write(model, chosen, [(*row, *tail) for row in rows])


def insert_instances(model: type[Model], rows: Sequence[Model]) -> None:
    """Write new rows that stand as instances, and give them their numbers."""
    if connection.vendor != "postgresql":
        model._default_manager.bulk_create(rows)
        return
    _number(model, rows)
    fields = model._meta.local_concrete_fields
    _copy(model, fields, [[getattr(row, field.attname) for field in fields] for row in rows])
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


def _copy(model: type[Model], fields: Sequence[Field[Any, Any]], rows: Iterable[Values]) -> None:
    names = ", ".join(f'"{field.column}"' for field in fields)
    sql = f'COPY "{model._meta.db_table}" ({names}) FROM STDIN'
    # The driver knows the columns of all other values.
    documents = [place for place, field in enumerate(fields) if isinstance(field, JSONField)]
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(sql) as copy:
        for row in rows:
            values = list(row)
            for place in documents:
                values[place] = _as_json(values[place])
            copy.write_row(values)


def _repeat(model: type[Model], fields: Sequence[Field[Any, Any]], rows: Iterable[Values]) -> None:
    names = ", ".join(f'"{field.column}"' for field in fields)
    sql = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({_places(len(fields))})'  # noqa: S608
    adapt: list[Callable[[Any], Any]] = [_adapter(field) for field in fields]
    with connection.cursor() as cursor:
        cursor.executemany(
            sql, [[to(value) for to, value in zip(adapt, row, strict=True)] for row in rows]
        )


def _places(count: int) -> str:
    return ", ".join(["%s"] * count)


def _adapter(field: Field[Any, Any]) -> Callable[[Any], Any]:
    return lambda value: field.get_db_prep_save(value, connection)


def _as_json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder)
