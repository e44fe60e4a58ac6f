"""Queries that are written with the ORM, built once, and run many times with other values.

Building the SQL of one query costs Django more than PostgreSQL needs to answer it, and the hot ones never change but
for their values. A ``Statement`` gives plain tuples, which is also what lists of hundreds of rows want; ``Found``
gives model instances, for the few rows that an act works with.
"""

import inspect
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import CharField, Expression, Field, ForeignObject, Lookup, Model, QuerySet
from django.db.models.fetch_modes import FETCH_ONE
from django.db.models.query import get_related_populators


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
        kind = "text" if isinstance(self.lhs.output_field, CharField) else "bigint"
        return f"{left} = ANY({right}::{kind}[])", [*left_values, *right_values]


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


class Found[Row: Model]:
    """``build`` gets a slot for each of its parameters and returns a queryset, ``select_related`` included.

    Nothing is annotated or prefetched. A queryset that locks is built, and called, in a transaction.

    >>> open_points = Found(lambda pk: PickupPoint.objects.open().select_related("carrier").filter(pk=pk))
    >>> open_points(pk=5)
    [<PickupPoint: 5>]
    """

    def __init__(self, build: Callable[..., QuerySet[Row]]) -> None:
        self._build = build
        self._built: tuple[str, tuple[Any, ...], Callable[[list[Any]], list[Row]]] | None = None

    def __call__(self, **values: Any) -> list[Row]:
        """All rows; one query."""
        sql, parameters, instances = self._built or self._prepare()
        with connection.cursor() as cursor:
            cursor.execute(sql, [values[each.name] if isinstance(each, Slot) else each for each in parameters])
            return instances(cursor.fetchall())

    def _prepare(self) -> tuple[str, tuple[Any, ...], Callable[[list[Any]], list[Row]]]:
        slots = {name: Slot(name) for name in inspect.signature(self._build).parameters}
        queryset = self._build(**slots)
        compiler = queryset.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        # The same steps as in Django's own ModelIterable.
        columns: list[int] = compiler.klass_info["select_fields"]
        own = slice(columns[0], columns[-1] + 1)
        names = [column.target.attname for column, _sql, _alias in compiler.select[own]]
        related = get_related_populators(compiler.klass_info, compiler.select, connection.alias, FETCH_ONE)

        def instances(rows: list[Any]) -> list[Row]:
            found = []
            for row in compiler.apply_converters(rows, converters) if converters else rows:
                instance = queryset.model.from_db(connection.alias, names, row[own], fetch_mode=FETCH_ONE)
                for populator in related:
                    populator.populate(row, instance)
                found.append(instance)
            return found

        self._built = sql, tuple(parameters), instances
        return self._built
