"""Every delivery, counted: also those that are refused or ignored and therefore never kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from store.tables import counters

FACETS = ("verdict", "source")
FILTERS = (*FACETS, "kind")
SORTS = ("count", "last_at", "source", "kind", "verdict")
FORGED = "forged"


def rows(
    connection: Connection, filters: Mapping[str, str], sort: str, limit: int, offset: int = 0
) -> list[dict[str, Any]]:
    """List the counters, the largest first unless asked otherwise."""
    name, down = sort.removeprefix("-") or "count", sort.startswith("-") or not sort
    column, ties = counters.c[name], (counters.c.source, counters.c.kind, counters.c.verdict)
    query = select(counters).where(*_conditions(filters)).order_by(column.desc() if down else column, *ties)
    return [dict(row) for row in connection.execute(query.limit(limit).offset(offset)).mappings()]


def total(connection: Connection, filters: Mapping[str, str]) -> int:
    """Count the counters that fit."""
    return connection.scalar(select(func.count()).select_from(counters).where(*_conditions(filters))) or 0


def deliveries(connection: Connection, filters: Mapping[str, str]) -> int:
    """Add up the deliveries that fit."""
    return int(connection.scalar(select(_SUM).where(*_conditions(filters))) or 0)


def facet(connection: Connection, filters: Mapping[str, str], name: str) -> list[tuple[str, int]]:
    """Add up the deliveries of each value under the other filters."""
    others = {key: value for key, value in filters.items() if key != name}
    query = select(counters.c[name].label("value"), _SUM.label("n")).where(*_conditions(others))
    found = connection.execute(query.group_by(counters.c[name]).order_by(_SUM.desc(), counters.c[name]))
    return [(row.value, int(row.n)) for row in found]


def _conditions(filters: Mapping[str, str]) -> list[ColumnElement[bool]]:
    return [counters.c[name] == filters[name] for name in FILTERS if filters.get(name)]


_SUM = func.coalesce(func.sum(counters.c.count), 0)
