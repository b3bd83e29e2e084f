"""Count a list and all its facets at once: the rows that may be seen are looked up a single time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, Connection, Select, String, cast, func, literal, select, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

_TOTAL = ""


class Gathered(FunctionElement[str]):
    """Stand for the values of a group as the text of a JSON list, in no order, `null` for what is unknown."""

    type = String()
    inherit_cache = True
    name = "gathered"


@compiles(Gathered)
def _portable(element: Any, compiler: Any, **kw: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **kw)})"


@compiles(Gathered, "postgresql")
def _postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"CAST(json_agg({compiler.process(element.clauses, **kw)}) AS TEXT)"


@dataclass(frozen=True, slots=True)
class Counted:
    """Hold how many rows a list has, and how many have each value of a facet, the most frequent first."""

    total: int
    facets: Mapping[str, tuple[tuple[str, int], ...]]

    def of(self, name: str, value: str) -> int:
        """Return how many rows have a value of a facet."""
        return dict(self.facets.get(name, ())).get(value, 0)


def shown(query: Select[Any]) -> CTE:
    """Return the rows of a query as something that is computed once, however often it is counted."""
    return query.cte("shown").prefix_with("MATERIALIZED")


def counted(
    connection: Connection,
    every: CTE,
    values: Mapping[str, ColumnElement[Any]],
    fits: Mapping[str, ColumnElement[bool]],
    most: int = 12,
) -> Counted:
    """Count the rows that fit, and each facet's values among those that fit all the others.

    `every` holds the rows under every filter that is no facet; `values` and `fits` are in its columns.
    Where it holds one row for many alike, its column `n` says for how many.
    """
    parts = [_part(every, name, values.get(name), fits) for name in (_TOTAL, *values)]
    grouped: dict[str, list[tuple[str, int]]] = {name: [] for name in (_TOTAL, *values)}
    for row in connection.execute(union_all(*parts)):
        grouped[row.facet].append((row.value, row.n))
    total = sum(count for _, count in grouped.pop(_TOTAL))
    return Counted(total, {name: _most(found, most) for name, found in grouped.items()})


def _part(
    every: CTE, name: str, value: ColumnElement[Any] | None, fits: Mapping[str, ColumnElement[bool]]
) -> Select[Any]:
    shows: ColumnElement[Any] = literal(_TOTAL) if value is None else cast(value, String)
    count = func.coalesce(func.sum(every.c.n), 0) if "n" in every.c else func.count()
    columns: list[ColumnElement[Any]] = [literal(name).label("facet"), shows.label("value"), count.label("n")]
    query = select(*columns).select_from(every).where(*(fit for other, fit in fits.items() if other != name))
    return query if value is None else query.group_by(value)


def _most(values: Sequence[tuple[str | None, int]], most: int) -> tuple[tuple[str, int], ...]:
    known = [(value, count) for value, count in values if value]
    return tuple(sorted(known, key=lambda one: (-one[1], one[0]))[:most])
