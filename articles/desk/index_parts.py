"""Conditions of partial indexes, said so that SQLite knows them again."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FullResultSet
from django.db.models import BooleanField, ExpressionWrapper, Q

if TYPE_CHECKING:
    Wrapper = ExpressionWrapper[Q]
else:
    Wrapper = ExpressionWrapper


class InPart(Wrapper):
    """The condition of a partial index, to stand beside a narrower one of a query.

    SQLite uses such an index only where a query says the index's own words, with each value in the
    text and none in a parameter. PostgreSQL sees by itself that what is narrower lies in the index,
    and is told nothing.
    """

    def __init__(self, condition: Q) -> None:
        super().__init__(condition, output_field=BooleanField())

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        raise FullResultSet

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> Any:
        sql, values = super().as_sql(compiler, connection)
        editor = connection.schema_editor()
        texts = tuple(editor.quote_value(value) for value in values)
        # A percent sign would be taken for the place of a parameter.
        return (sql % texts).replace("%", "%%"), ()
