"""Obligations by their days: what we owe and what is owed to us, what came of it, and the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from domain.obligations import DueState
from store.tables import contracts, documents
from store.tables_ledger import dues, obligations

FACETS = ("state", "direction", "source", "owner")
FILTERS = (*FACETS, "contract", "customer", "month", "due")
SORTS = ("due_on", "customer", "owner")
OPEN, OVERDUE, UNDATED = "waiting", "overdue", "without a day"
_WAITING = (DueState.SCHEDULED, DueState.OPEN, DueState.MISSED, DueState.IN_REVIEW)

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold whose obligations are asked for, whose prices and words may be shown, filters and order."""

    visible: ColumnElement[bool]
    priced: ColumnElement[bool]
    worded: ColumnElement[bool]
    filters: Mapping[str, str]
    today: date
    sort: str = ""


def rows(connection: Connection, wanted: Wanted, limit: int, offset: int = 0) -> Rows:
    """List the days on which something is due, and duties that still have none; the first due on top."""
    query = _from(
        select(
            obligations.c.id, case((wanted.worded, obligations.c.text), else_=None).label("text"), obligations.c.direction, obligations.c.source,
            obligations.c.owner_email, obligations.c.reviewer_email, case((wanted.worded, obligations.c.consequence), else_=None).label("consequence"),
            obligations.c.status, obligations.c.contract_id,
            case((wanted.priced, obligations.c.value_at_risk), else_="").label("value_at_risk"),
            contracts.c.customer, contracts.c.title, dues.c.id.label("due_id"), dues.c.due_on, dues.c.done_by,
            _state(wanted.today).label("state"),
        )
    ).where(*conditions(wanted))  # fmt: skip
    name, down = wanted.sort.removeprefix("-") or "due_on", wanted.sort.startswith("-")
    known = {"due_on": dues.c.due_on, "customer": func.lower(contracts.c.customer), "owner": obligations.c.owner_email}
    order = known[name].desc() if down else known[name]
    query = query.order_by(known[name].is_(None), order, obligations.c.id, dues.c.id).limit(limit).offset(offset)
    return [dict(row) for row in connection.execute(query).mappings()]


def total(connection: Connection, wanted: Wanted) -> int:
    """Count the days that fit."""
    return connection.scalar(_from(select(func.count())).where(*conditions(wanted))) or 0


def facet(connection: Connection, wanted: Wanted, name: str) -> list[tuple[str, int]]:
    """Count the values of one facet under all the other filters."""
    column = _columns(wanted.today)[name]
    query = _from(select(column.label("value"), func.count().label("n"))).where(*conditions(wanted, but=name))
    found = connection.execute(query.group_by(column).order_by(func.count().desc(), column).limit(15))
    return [(str(row.value), row.n) for row in found if row.value]


def conditions(wanted: Wanted, *, but: str = "") -> list[ColumnElement[bool]]:
    """Return what a row must fulfil; without a state only what waits is listed."""
    said = {name: value for name, value in wanted.filters.items() if name != but and value}
    columns = _columns(wanted.today)
    found = [wanted.visible, *(columns[name] == said[name] for name in FACETS if name in said)]
    if "state" not in said and but != "state":
        found.append(or_(dues.c.state.in_(_WAITING), and_(dues.c.id.is_(None), obligations.c.status == "proposed")))
    if "contract" in said:
        found.append(contracts.c.id == said["contract"])
    if "customer" in said:
        found.append(func.lower(contracts.c.customer).contains(said["customer"].casefold(), autoescape=True))
    if said.get("due", "").isdecimal():
        found.append(dues.c.due_on <= wanted.today + timedelta(days=min(int(said["due"]), 3650)))
    return found


def one(connection: Connection, obligation_id: str) -> dict[str, Any] | None:
    """Return one obligation with its contract."""
    query = (
        select(obligations, contracts.c.customer, contracts.c.title)
        .join(contracts, contracts.c.id == obligations.c.contract_id)
        .where(obligations.c.id == obligation_id)
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def days(connection: Connection, obligation_id: str) -> Rows:
    """List every day of an obligation with its evidence, the latest first."""
    query = (
        select(dues, documents.c.name.label("evidence"))
        .outerjoin(documents, documents.c.sha256 == dues.c.evidence_sha256)
        .where(dues.c.obligation_id == obligation_id)
        .order_by(dues.c.due_on.desc())
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def contract_of_due(connection: Connection, due_id: str) -> tuple[str, str] | None:
    """Return the contract and the obligation of one day."""
    query = select(obligations.c.contract_id, obligations.c.id).join(dues, dues.c.obligation_id == obligations.c.id)
    row = connection.execute(query.where(dues.c.id == due_id)).first()
    return (row.contract_id, row.id) if row else None


def _columns(today: date) -> Mapping[str, ColumnElement[Any]]:
    return {
        "state": _state(today),
        "direction": obligations.c.direction,
        "source": obligations.c.source,
        "owner": func.coalesce(func.nullif(obligations.c.owner_email, ""), "nobody"),
    }


def _state(today: date) -> ColumnElement[str]:
    open_ = dues.c.state.in_((DueState.OPEN, DueState.MISSED, DueState.SCHEDULED))
    return case(
        (dues.c.id.is_(None), UNDATED), (and_(open_, dues.c.due_on < today), OVERDUE), (open_, OPEN), else_=dues.c.state
    )


def _from(query: Select[Any]) -> Select[Any]:
    live = obligations.c.status.in_(("confirmed", "proposed"))
    return query.select_from(
        obligations.join(contracts, contracts.c.id == obligations.c.contract_id).outerjoin(
            dues, dues.c.obligation_id == obligations.c.id
        )
    ).where(live)
