"""What providers told us as a list: verified, de-duplicated, with what became of it, and what was refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, or_, select

from store.tables import inbox
from store.views import months
from store.views.bound import Reach, of_event

FACETS = ("state", "source", "kind", "proof", "handoff", "repeated", "month", "day")
FILTERS = (*FACETS, "q", "document")
SORTS = ("received_at", "deliveries", "attempt", "state", "source")
WAITING, ATTENTION = ("received", "started", "noted"), ("dead", "unknown")
SIGNED, SWEPT, REFUSED = "signed", "swept", "refused"
_NAMES = (
    "id", "source", "event_id", "kind", "document", "state", "reason", "received_at", "deliveries", "attempt",
    "run_id", "handoff_id",
)  # fmt: skip

Rows = list[dict[str, Any]]
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold how far somebody's right goes, the filters and the order."""

    reach: Reach
    filters: Mapping[str, str]
    sort: str = ""


def rows(connection: Connection, wanted: Wanted, limit: int, offset: int = 0) -> Rows:
    """List events without their bodies, the newest first unless asked otherwise."""
    name, down = wanted.sort.removeprefix("-") or "received_at", wanted.sort.startswith("-") or not wanted.sort
    column = inbox.c[name]
    query = select(*(inbox.c[one] for one in _NAMES), (inbox.c.deliveries - 1).label("duplicates"), _proof())
    query = query.where(*conditions(wanted)).order_by(column.desc() if down else column, inbox.c.id)
    return [dict(row) for row in connection.execute(query.limit(limit).offset(offset)).mappings()]


def total(connection: Connection, wanted: Wanted) -> int:
    """Count the events that fit."""
    return connection.scalar(_counting(wanted)) or 0


def facet(connection: Connection, wanted: Wanted, name: str) -> list[tuple[str, int]]:
    """Count the values of one facet under all the other filters."""
    if name in {"month", "day"}:
        return _by_time(connection, wanted, name)
    column = _columns()[name]
    query = select(column.label("value"), func.count().label("n")).where(*conditions(wanted, but=name))
    found = connection.execute(query.group_by(column).order_by(func.count().desc(), column).limit(20))
    return [(str(row.value), row.n) for row in found if row.value]


def sums(connection: Connection, wanted: Wanted) -> Mapping[str, int]:
    """Count what came, what was sent again, what waits and what needs a person, under the same filters."""
    chosen = {
        "received": func.count(),
        "repeats": func.coalesce(func.sum(inbox.c.deliveries - 1), 0),
        "waiting": _sum(inbox.c.state.in_(WAITING)),
        "attention": _sum(inbox.c.state.in_(ATTENTION)),
    }
    query = select(*(value.label(name) for name, value in chosen.items())).select_from(inbox)
    row = connection.execute(query.where(*conditions(wanted, but="state"))).mappings().one()
    return {name: int(row[name]) for name in chosen}


def contract_of(connection: Connection, wanted: Wanted, inbox_id: str) -> tuple[str | None, bool] | None:
    """Return an event's contract, if it has one, and whether its contents are open; `None` if it is not theirs."""
    contract = of_event()
    query = select(contract.label("contract"), case((wanted.reach.opened(contract), 1), else_=0).label("opened"))
    row = connection.execute(query.where(inbox.c.id == inbox_id, wanted.reach.within(contract))).first()
    return None if row is None else (row.contract, bool(row.opened))


def conditions(wanted: Wanted, *, but: str = "") -> list[Condition]:
    """Return what an event must fulfil."""
    said = {name: value for name, value in wanted.filters.items() if name != but and value}
    found = [wanted.reach.within(of_event())]
    found += [_is(name, column, said[name]) for name, column in _columns().items() if name in said]
    spans = (months.within(inbox.c.received_at, said[name]) for name in ("month", "day") if name in said)
    found += [one for one in spans if one is not None]
    if "document" in said:
        found.append(inbox.c.document == said["document"])
    if "q" in said:
        places = (inbox.c.event_id, inbox.c.document, inbox.c.reason, inbox.c.kind, inbox.c.handoff_id)
        found.append(or_(*(func.lower(one).contains(said["q"].casefold(), autoescape=True) for one in places)))
    return found


def _is(name: str, column: ColumnElement[Any], value: str) -> Condition:
    group = {"waiting": WAITING, "attention": ATTENTION}.get(value) if name == "state" else None
    return column.in_(group) if group else column == value


def _by_time(connection: Connection, wanted: Wanted, name: str) -> list[tuple[str, int]]:
    others = conditions(Wanted(wanted.reach, {**wanted.filters, "day": ""}), but=name)
    if name == "month":
        month = months.Month(inbox.c.received_at)
        query = select(month.label("value"), func.count().label("n")).where(*others).group_by(month)
        return list(months.recent((row.value, row.n) for row in connection.execute(query)))
    spans = months.days_of(wanted.filters.get("month", ""))
    return months.counted(connection, select(inbox.c.id).where(*others), inbox.c.received_at, spans)


def _counting(wanted: Wanted) -> Select[Any]:
    return select(func.count()).select_from(inbox).where(*conditions(wanted))


def _columns() -> Mapping[str, ColumnElement[Any]]:
    return {
        "state": inbox.c.state,
        "source": inbox.c.source,
        "kind": inbox.c.kind,
        "proof": _either(inbox.c.event_id.startswith("sweep:"), SWEPT, SIGNED),
        "handoff": _either(inbox.c.handoff_id.is_not(None), "yes", "no"),
        "repeated": _either(inbox.c.deliveries > 1, "yes", "no"),
    }


def _either(condition: Condition, yes: str, no: str) -> ColumnElement[str]:
    return case((condition, yes), else_=no)


def _proof() -> ColumnElement[Any]:
    return _columns()["proof"].label("proof")


def _sum(condition: Condition) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
