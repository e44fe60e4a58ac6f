"""Queries that are written with the ORM, built once, and run many times with other values.

Building the SQL of one query costs Django more than PostgreSQL needs to answer it, and the hot ones never change but
for their values. They come out as plain tuples, which is also what lists of hundreds of rows want.
"""

import inspect
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import Expression, Field, ForeignObject, Lookup, QuerySet


class Slot(Expression):
    """The place of a value that is given when the statement runs."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", (self,)


@Field.register_lookup
@ForeignObject.register_lookup
class AnyOf(Lookup):
    """``part__any_of=ids``: as ``in``, but one value, so that the statement is the same for any number of them."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right}::bigint[])", [*left_values, *right_values]


class Statement:
    """``build`` gets a slot for each of its parameters and returns a ``values_list`` queryset.

    >>> prices = Statement(lambda parts: Offer.objects.filter(part__any_of=parts).values_list("part", "price"))
    >>> prices(parts=[1, 2])
    [(1, Decimal("450.00"))]
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._built: tuple[str, tuple[Any, ...], Callable[[list[Any]], list[tuple[Any, ...]]]] | None = None

    def __call__(self, **values: Any) -> list[tuple[Any, ...]]:
        """All rows; one query."""
        sql, parameters, convert = self._built or self._prepare()
        with connection.cursor() as cursor:
            cursor.execute(sql, [values[each.name] if isinstance(each, Slot) else each for each in parameters])
            return convert(cursor.fetchall())

    def _prepare(self) -> tuple[str, tuple[Any, ...], Callable[[list[Any]], list[tuple[Any, ...]]]]:
        slots = {name: Slot(name) for name in inspect.signature(self._build).parameters}
        compiler = self._build(**slots).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])

        def convert(rows: list[Any]) -> list[tuple[Any, ...]]:
            return list(map(tuple, compiler.apply_converters(rows, converters))) if converters else rows

        self._built = sql, tuple(parameters), convert
        return self._built
