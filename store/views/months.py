"""Count rows by month or by day in UTC, on either database and by ranges that an index serves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, and_, case, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

_MONTHS = 12

Condition = ColumnElement[bool]


class Month(FunctionElement[str]):
    """Stand for the month of an instant in UTC: `2026-11`."""

    type = String()
    inherit_cache = True
    name = "month"


@compiles(Month)
def _portable(element: Any, compiler: Any, **kw: Any) -> str:
    return f"substr({compiler.process(element.clauses, **kw)}, 1, 7)"


@compiles(Month, "postgresql")
def _postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **kw)} AT TIME ZONE 'UTC', 'YYYY-MM')"


def within(column: ColumnElement[datetime], text: str) -> Condition | None:
    """Return whether an instant lies in `2026-11` or on `2026-11-23`; `None` for what is neither."""
    found = _span(text)
    return None if found is None else and_(column >= found[0], column < found[1])


def is_month(text: str) -> bool:
    """Tell whether a text is a month such as `2026-11`."""
    return len(text) == len("2026-11") and _span(text) is not None


def counted(
    connection: Connection, query: Select[Any], column: ColumnElement[datetime], spans: Sequence[str]
) -> list[tuple[str, int]]:
    """Count the rows of `query` in each of these months or days; empty ones are left out."""
    conditions = {text: within(column, text) for text in spans}
    sums = [func.sum(case((one, 1), else_=0)).label(text) for text, one in conditions.items() if one is not None]
    if not sums:
        return []
    row = connection.execute(query.with_only_columns(*sums, maintain_column_froms=True)).mappings().one()
    return [(text, int(row[text])) for text in spans if row.get(text)]


def latest_months(newest: datetime | None) -> list[str]:
    """Return the month of the newest row and the eleven before it."""
    if newest is None:
        return []
    last = newest.year * 12 + newest.month - 1
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(last, last - _MONTHS, -1)]


def recent(found: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Return what was counted by month, the newest month first, not further back than eleven months before it."""
    known = sorted(found, reverse=True)
    offered = set(latest_months(datetime.fromisoformat(f"{known[0][0]}-01"))) if known else set()
    return tuple(one for one in known if one[0] in offered)


def days_of(month: str) -> list[str]:
    """Return the days of `2026-11`, the last one first; nothing for what is no month."""
    found = _span(month) if len(month) == len("2026-11") else None
    if found is None:
        return []
    count = (found[1] - found[0]).days
    return [f"{(found[0] + timedelta(days=number)).date()}" for number in range(count - 1, -1, -1)]


def _span(text: str) -> tuple[datetime, datetime] | None:
    try:
        if len(text) == len("2026-11"):
            first = date.fromisoformat(f"{text}-01")
            return _start(first), _start((first + timedelta(days=31)).replace(day=1))
        day = date.fromisoformat(text)
        return _start(day), _start(day + timedelta(days=1))
    except (ValueError, OverflowError):
        return None


def _start(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
