"""Writing many new rows at once: by COPY on PostgreSQL, by statements elsewhere."""

import json
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Field, JSONField, Model


# Fewer are written by a statement: it costs less than to begin a COPY.
FEW = 20


def insert(model: type[Model], rows: Iterable[Model]) -> None:
    """Write new rows of one model. Those without a number get one, and do not learn it.

    Nothing but the rows is written: no signals, and no ``pre_save`` of a field, which none of
    ours needs. Constraints hold as ever. COPY goes past Django: say elsewhere what was changed.
    """
    rows = list(rows)
    if len(rows) > FEW and connection.vendor == "postgresql":
        _copy(model, rows)
    else:
        model._default_manager.bulk_create(rows)


def number(model: type[Model], rows: Sequence[Model]) -> None:
    """Give new rows their numbers before they are written, where the database lets us."""
    if connection.vendor != "postgresql":
        return
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, len(rows)],
        )
        for row, (found,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = found


def settle() -> None:
    """Check what the end of the transaction would check, as far as rows point to others."""
    if connection.vendor == "postgresql":
        connection.check_constraints()


def _copy(model: type[Model], rows: Sequence[Model]) -> None:
    fields = [
        field
        for field in model._meta.local_concrete_fields
        if not field.primary_key or rows[0].pk is not None
    ]
    names = ", ".join(f'"{field.column}"' for field in fields)
    read = attrgetter(*(field.attname for field in fields))
    adapted = [(place, adapt) for place, f in enumerate(fields) if (adapt := _adapter(f))]
    sql = f'COPY "{model._meta.db_table}" ({names}) FROM STDIN'
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(sql) as copy:
        for row in rows:
            values = list(read(row))
            for place, adapt in adapted:
                values[place] = adapt(values[place])
            copy.write_row(values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _adapter(field: Field[Any, Any]) -> Callable[[Any], Any] | None:
    """What makes a column of a value that PostgreSQL's driver does not know; most it knows."""
    if not isinstance(field, JSONField):
        return None
    encoder = field.encoder or DjangoJSONEncoder
    return lambda value: json.dumps(value, cls=encoder)
