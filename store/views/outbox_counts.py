"""How many objects of the outbox there are, by everything that they can be narrowed by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, func, select

from domain.handoff import EffectState
from store.views.months import Month, is_month
from store.views.outbox import (
    FACETS,
    LETTERS,
    Wanted,
    conditions,
    gone,
    kept_alone,
    kept_as,
    kept_in,
    state_of,
)

APPLIED = str(EffectState.APPLIED)
_NOT_APPLIED = frozenset(EffectState) - {EffectState.APPLIED}
_STATE = FACETS.index("state")
_MONTHS = 12  # offered

Cube = Mapping[tuple[str, ...], int]  # by the values of the facets, in their order


def counts(connection: Connection, wanted: Wanted) -> tuple[int, Mapping[str, list[tuple[str, int]]]]:
    """Count what fits, and the values of each facet under all the other filters."""
    free = replace(wanted, filters={name: value for name, value in wanted.filters.items() if name not in FACETS})
    cube = _cube(connection, free)
    said = {name: state_of(value) for name, value in wanted.filters.items() if name in FACETS and value}
    month = said.pop("month", "")[:LETTERS]
    if is_month(month):  # what is no month filters nothing
        said["month"] = month
    found = {name: _facet(cube, said, name) for name in FACETS}
    return sum(count for key, count in cube.items() if _fits(key, said)), found


def _cube(connection: Connection, free: Wanted) -> Cube:
    """Count by every facet at once.

    What is kept here was nearly always applied: all of it is counted as if it were, without a look
    at its effects, and then corrected by what was not.
    """
    found: Counter[tuple[str, ...]] = Counter()
    for key, count in _grouped(connection, kept_as(APPLIED), free):
        found[key] += count
    for other in (kept_in(_NOT_APPLIED), kept_alone()):
        for key, count in _grouped(connection, other, free):
            found[key] += count
            found[*key[:_STATE], APPLIED, *key[_STATE + 1 :]] -= count
    for key, count in _grouped(connection, gone(free), free):
        found[key] += count
    return {key: count for key, count in found.items() if count}


def _grouped(connection: Connection, query: Select[Any], free: Wanted) -> Iterator[tuple[tuple[str, ...], int]]:
    things = query.subquery("things")
    columns = [Month(things.c.at) if name == "month" else things.c[name] for name in FACETS]
    rows = select(*columns, func.count()).where(*conditions(things, free)).group_by(*columns)
    yield from ((tuple(row[:-1]), row[-1]) for row in connection.execute(rows))


def _facet(cube: Cube, said: Mapping[str, str], name: str) -> list[tuple[str, int]]:
    others = {key: value for key, value in said.items() if key != name}
    found: Counter[str] = Counter()
    for key, count in cube.items():
        if _fits(key, others):
            found[key[FACETS.index(name)]] += count
    if name == "month":
        return sorted(found.items(), reverse=True)[:_MONTHS]
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))


def _fits(key: Sequence[str], said: Mapping[str, str]) -> bool:
    return all(key[FACETS.index(name)] == value for name, value in said.items())
