"""The control tower: one row a signature with its five actions, and how many there are of each kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, Connection, Select, String, cast, exists, func, select

from store.read_models import NEEDS_PERSON
from store.tables import first_touches, handoffs, sequences, steps
from store.tables_desk import contract_facts as facts
from store.views.counting import Counted, counted, shown
from store.views.tower_filters import (
    FILTERS,
    STOPPED,
    Condition,
    Wanted,
    as_held,
    completeness,
    conditions,
    dead,
    dimension,
    signed,
)  # fmt: skip
from store.views.tower_tables import issued, joined, paper

SORTS = ("signed", "customer", "contacted", "csm")
_MONTHS = 12

Rows = list[dict[str, Any]]


def rows(connection: Connection, wanted: Wanted, limit: int, offset: int = 0) -> Rows:
    """List the signatures that fit, the newest first, each with its steps by name."""
    name, down = wanted.sort.removeprefix("-") or "signed", wanted.sort.startswith("-") or not wanted.sort
    known = {
        "signed": signed(), "customer": func.lower(handoffs.c.customer),
        "contacted": first_touches.c.contacted_at, "csm": handoffs.c.csm_email,
    }  # fmt: skip
    order = (known[name].is_(None), known[name].desc() if down else known[name].asc(), handoffs.c.id)
    fits, columns = conditions(wanted), _columns()
    ids = select(handoffs.c.id).select_from(joined(*fits, *order)).where(*fits).order_by(*order)
    # What is shown is looked up for the rows of the page alone.
    page = handoffs.c.id.in_(select(ids.limit(limit).offset(offset).subquery("shown").c.id))
    query = select(*columns).select_from(joined(*columns, *order)).where(page).order_by(*order)
    found = [dict(row) for row in connection.execute(query).mappings()]
    done = _steps(connection, [row["id"] for row in found])
    return [{**row, "steps": done.get(row["id"], {})} for row in found]


def counts(connection: Connection, wanted: Wanted) -> Counted:
    """Count the signatures that fit, and by facet; where they stop, and who needs a person, by what steps say."""
    plain = ("state", "csm", "region", "month", "type")
    columns = {"state": handoffs.c.state, **{name: dimension(wanted, name) for name in plain[1:]}}
    other = tuple(name for name in FILTERS if name not in plain)
    named: list[ColumnElement[Any]] = [cast(column, String).label(name) for name, column in columns.items()]
    kept = conditions(wanted, only=other)
    query = select(*named, dead().label("person")).select_from(joined(*named, *kept))
    each = query.where(*kept).subquery("each")
    every = shown(select(*each.c, func.count().label("n")).group_by(*each.c))
    fits = {name: _chosen(every, name, str(value)) for name, value in _said(wanted).items() if name in plain}
    found = counted(connection, every, {name: every.c[name] for name in plain}, fits, most=_MONTHS + 3)
    months = tuple(sorted(found.facets["month"], reverse=True))
    state = (*found.facets["state"], *_persons(connection, wanted))
    return Counted(
        found.total,
        {**found.facets, "state": state, "month": months, "stuck": tuple(stuck(connection, wanted, but="stuck"))},
    )


def _persons(connection: Connection, wanted: Wanted) -> list[tuple[str, int]]:
    fits = conditions(wanted, but="state")
    query = select(func.count()).select_from(joined(*fits)).where(*fits, dead())
    count = connection.scalar(query) or 0
    return [(NEEDS_PERSON, count)] if count else []


def _said(wanted: Wanted) -> dict[str, str | int]:
    return {name: as_held(name, value) for name, value in wanted.filters.items() if value}


def _chosen(every: CTE, name: str, value: str) -> Condition:
    if name == "state" and value == NEEDS_PERSON:
        return every.c.person
    return every.c[name] == value


def stuck(connection: Connection, wanted: Wanted, *, but: str = "") -> list[tuple[str, int]]:
    """Count at which step handoffs stop: it waits for a retry or needs a person."""
    kept = conditions(wanted, but=but)
    fits = select(1).select_from(joined(*kept)).where(handoffs.c.id == steps.c.handoff_id, *kept)
    query = select(steps.c.step, func.count().label("n")).where(
        steps.c.state.in_(STOPPED), exists(fits.correlate(steps))
    )
    found = connection.execute(query.group_by(steps.c.step))
    return sorted(((str(row.step), row.n) for row in found), key=lambda one: (-one[1], one[0]))


def _columns() -> list[ColumnElement[Any]]:
    own = [
        handoffs.c[name]
        for name in (
            "id", "customer", "state", "deal_type", "deal_id", "csm_email", "signed_at", "accepted_at", "completed_at",
            "run_id", "runs", "contract_id", "source", "document",
        )
    ]  # fmt: skip
    touch = first_touches.c
    return [
        *own, paper.c.owner_email, facts.c.region, touch.due_at, touch.contacted_at, touch.contacted_by,
        touch.state.label("touch_state"), issued.c.created_at.label("issued_at"),
        issued.c.completeness.label("first_completeness"), completeness().label("completeness"),
        sequences.c.state.label("welcome_state"), sequences.c.intake_done_at,
    ]  # fmt: skip


def _steps(connection: Connection, ids: Sequence[str]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return steps by handoff and name, in groups: databases limit how many values a statement may carry."""
    grouped: dict[str, dict[str, dict[str, Any]]] = {}
    names = ("handoff_id", "step", "state", "url", "attempts", "finished_at", "run_id")
    for start in range(0, len(ids), 1000):
        query: Select[Any] = select(*(steps.c[name] for name in names))
        for row in connection.execute(query.where(steps.c.handoff_id.in_(ids[start : start + 1000]))).mappings():
            grouped.setdefault(row["handoff_id"], {})[row["step"]] = dict(row)
    return grouped
