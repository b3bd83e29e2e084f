"""Service levels: what was promised and measured window by window, and what became of each miss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from domain.sla.claims import CLAIMED, UNSENT
from domain.sla.measured import Counted, amount, percent
from store.tables import contracts
from store.tables_sla import breaches, measurements

FACETS = ("claim", "direction", "state")
FILTERS = (*FACETS, "contract", "customer")
SORTS = ("claim_by", "window_first", "customer")
DUE, SENT, SETTLED = "due", "claimed", "settled"
RECORD = 12

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold whose service levels are asked for, whose prices may be shown, filters and order."""

    visible: ColumnElement[bool]
    priced: ColumnElement[bool]
    filters: Mapping[str, str]
    today: date
    sort: str = ""


def rows(connection: Connection, wanted: Wanted, limit: int, offset: int = 0) -> Rows:
    """List misses with their credit and its claim, the last day to claim on top."""
    query = _from(
        select(
            breaches, contracts.c.customer, contracts.c.title, contracts.c.owner_email, _claim().label("claim"),
            case((wanted.priced, breaches.c.amount), else_="").label("credit"),
        )
    ).where(*conditions(wanted))  # fmt: skip
    name, down = wanted.sort.removeprefix("-") or "claim_by", wanted.sort.startswith("-")
    column = func.lower(contracts.c.customer) if name == "customer" else breaches.c[name]
    order = (_claim() != DUE, column.is_(None), column.desc() if down else column, breaches.c.id)
    found = connection.execute(query.order_by(*order).limit(limit).offset(offset)).mappings()
    return [dict(row) for row in found]


def total(connection: Connection, wanted: Wanted) -> int:
    """Count the misses that fit."""
    return connection.scalar(_from(select(func.count())).where(*conditions(wanted))) or 0


def facet(connection: Connection, wanted: Wanted, name: str) -> list[tuple[str, int]]:
    """Count the values of one facet under all the other filters."""
    column = _columns()[name]
    query = _from(select(column.label("value"), func.count().label("n"))).where(*conditions(wanted, but=name))
    found = connection.execute(query.group_by(column).order_by(func.count().desc(), column))
    return [(str(row.value), row.n) for row in found if row.value]


def services(connection: Connection, wanted: Wanted, limit: int = 30) -> Rows:
    """List every measured service with its latest windows, each as every source saw it."""
    pairs = (
        select(measurements.c.contract_id, measurements.c.service, contracts.c.customer, contracts.c.title)
        .join(contracts, contracts.c.id == measurements.c.contract_id)
        .where(*_about(wanted))
        .group_by(measurements.c.contract_id, measurements.c.service, contracts.c.customer, contracts.c.title)
        .order_by(func.lower(contracts.c.customer), measurements.c.service)
        .limit(limit)
    )
    return [
        {**row, "windows": windows(connection, row["contract_id"], row["service"])}
        for row in connection.execute(pairs).mappings()
    ]


def windows(connection: Connection, contract_id: str, service: str, until: date | None = None) -> Rows:
    """Return the latest windows of a service that begin by a day, oldest first, each as every source measured it."""
    own = [measurements.c.contract_id == contract_id, measurements.c.service == service]
    own += [measurements.c.window_first <= until] if until else []
    newest = select(measurements.c.window_first).where(*own).distinct()
    firsts = list(connection.scalars(newest.order_by(measurements.c.window_first.desc()).limit(RECORD)))
    query = select(measurements).where(*own, measurements.c.window_first.in_(firsts))
    found: dict[tuple[date, date], Rows] = {}
    ordered = query.order_by(measurements.c.window_first, measurements.c.source)
    for row in connection.execute(ordered).mappings():
        found.setdefault((row["window_first"], row["window_last"]), []).append(_measured(row))
    return [_window(first, last, seen) for (first, last), seen in found.items()]


def one(connection: Connection, breach_id: str, wanted: Wanted) -> dict[str, Any] | None:
    """Return one miss under the rules of access, `None` where it is not there for this person."""
    query = _from(
        select(
            breaches, contracts.c.customer, contracts.c.title, contracts.c.owner_email, contracts.c.backup_email,
            _claim().label("claim"), case((wanted.priced, breaches.c.amount), else_="").label("credit"),
        )
    )  # fmt: skip
    row = connection.execute(query.where(wanted.visible, breaches.c.id == breach_id)).mappings().first()
    return dict(row) if row else None


def conditions(wanted: Wanted, *, but: str = "") -> list[ColumnElement[bool]]:
    """Return what a miss must fulfil; `but` leaves one filter out."""
    said = {name: value for name, value in wanted.filters.items() if name != but and value}
    columns = _columns()
    return [*_about(wanted), *(columns[name] == said[name] for name in FACETS if name in said)]


def _about(wanted: Wanted) -> list[ColumnElement[bool]]:
    said, found = wanted.filters, [wanted.visible]
    if said.get("contract"):
        found.append(contracts.c.id == said["contract"])
    if said.get("customer"):
        found.append(func.lower(contracts.c.customer).contains(said["customer"].casefold(), autoescape=True))
    return found


def _measured(row: Any) -> dict[str, Any]:
    unit = Counted(row["unit"])
    return {
        "source": row["source"], "verdict": row["verdict"], "counts": row["counts"], "target": row["target"],
        "measured": percent(Fraction(row["highest"])), "lowest": percent(Fraction(row["lowest"])), "outages": row["outages"],
        "down": amount(Fraction(row["down"]), unit), "excluded": amount(Fraction(row["excluded"]), unit),
        "why": row["why"], "unit": str(unit),
    }  # fmt: skip


def _window(first: date, last: date, seen: Sequence[dict[str, Any]]) -> dict[str, Any]:
    counted = next((one for one in seen if one["counts"]), seen[0])
    differ = len({one["verdict"] for one in seen}) > 1
    return {"first": first, "last": last, "seen": seen, "verdict": counted["verdict"], "target": counted["target"],
            "measured": counted["measured"], "disagree": differ}  # fmt: skip


def _claim() -> ColumnElement[str]:
    return case(
        (breaches.c.state.in_(sorted(UNSENT)), DUE), (breaches.c.state.in_(sorted(CLAIMED)), SENT), else_=SETTLED
    )


def _columns() -> Mapping[str, ColumnElement[Any]]:
    return {"claim": _claim(), "direction": breaches.c.direction, "state": breaches.c.state}


def _from(query: Select[Any]) -> Select[Any]:
    return query.select_from(breaches.join(contracts, contracts.c.id == breaches.c.contract_id))
