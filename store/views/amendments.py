"""Amendments and links between papers that wait for a person, and what became of those before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, case, func, select

from store import ledger
from store.families import OPEN
from store.tables import contracts, family_proposals
from store.tables_ledger import amendments

FILTERS = ("state", "customer", "contract")
Rows = list[dict[str, Any]]
_WAITING_FIRST = case((amendments.c.state == "proposed", 0), else_=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold which amendments are asked for: those of contracts one may see, and filters."""

    visible: ColumnElement[bool]
    filters: Mapping[str, str] = field(default_factory=dict)


def total(connection: Connection, wanted: Wanted) -> int:
    """Count the amendments of contracts one may see."""
    return connection.scalar(_from(select(func.count()), contracts.alias("paper")).where(*_where(wanted))) or 0


def counts(connection: Connection, wanted: Wanted) -> Rows:
    """Count them by state, whatever state is asked for."""
    every = replace(wanted, filters={**wanted.filters, "state": ""})
    query = _from(select(amendments.c.state.label("value"), func.count().label("count")), contracts.alias("paper"))
    return [
        dict(row)
        for row in connection.execute(
            query.where(*_where(every)).group_by(amendments.c.state).order_by(_WAITING_FIRST, amendments.c.state)
        ).mappings()
    ]


def listed(connection: Connection, wanted: Wanted, limit: int, offset: int = 0) -> Rows:
    """List amendments: those that wait, the oldest first, then those decided, the newest first."""
    paper = contracts.alias("paper")
    columns = (
        amendments.c.id, amendments.c.state, amendments.c.valid_from, amendments.c.proposed_at, amendments.c.decided_at,
        amendments.c.decided_by, amendments.c.because, paper.c.title.label("paper"), contracts.c.customer,
        contracts.c.title, contracts.c.owner_email, contracts.c.id.label("contract_id"),
    )  # fmt: skip
    order = (_WAITING_FIRST, amendments.c.decided_at.desc(), amendments.c.proposed_at, amendments.c.id)
    query = _from(select(*columns), paper).where(*_where(wanted)).order_by(*order)
    return [dict(row) for row in connection.execute(query.limit(limit).offset(offset)).mappings()]


def _from(query: Select[Any], paper: FromClause) -> Select[Any]:
    joined = amendments.join(contracts, contracts.c.id == amendments.c.target_id)
    return query.select_from(joined.join(paper, paper.c.id == amendments.c.paper_id))


def _where(wanted: Wanted) -> list[ColumnElement[bool]]:
    said, found = wanted.filters, [wanted.visible]
    if said.get("state"):
        found.append(amendments.c.state == said["state"])
    if said.get("contract"):
        found.append(contracts.c.id == said["contract"])
    if said.get("customer"):
        found.append(func.lower(contracts.c.customer).contains(said["customer"].casefold(), autoescape=True))
    return found


def links(connection: Connection, visible: ColumnElement[bool], may: ColumnElement[bool]) -> Rows:
    """List the links between papers that wait for a person, the surest first; `may` says which they may decide.

    Somebody who may not see one of the two papers does not learn that they belong together.
    """
    parent = contracts.alias("parent")
    query = (
        select(family_proposals, contracts.c.customer, contracts.c.title.label("child"), parent.c.title.label("parent"),
               may.label("may"))
        .join(contracts, contracts.c.id == family_proposals.c.child_id)
        .join(parent, parent.c.id == family_proposals.c.parent_id)
        .where(
            family_proposals.c.state.in_(OPEN),
            visible,
            family_proposals.c.parent_id.in_(select(contracts.c.id).where(visible).correlate(None)),
        )
        .order_by(family_proposals.c.confidence.desc(), family_proposals.c.id)
        .limit(200)
    )  # fmt: skip
    return [dict(row) for row in connection.execute(query).mappings()]


def target_of(connection: Connection, amendment_id: str) -> str | None:
    """Return the contract that an amendment changes."""
    return connection.scalar(select(amendments.c.target_id).where(amendments.c.id == amendment_id))


def child_of(connection: Connection, number: int) -> str | None:
    """Return the paper that a proposed link is about."""
    return connection.scalar(select(family_proposals.c.child_id).where(family_proposals.c.id == number))


def one(connection: Connection, amendment_id: str) -> dict[str, Any]:
    """Return one amendment with its papers, its changes and what they would move."""
    paper = contracts.alias("paper")
    query = (
        select(amendments, paper.c.title.label("paper"), contracts.c.customer, contracts.c.title)
        .join(contracts, contracts.c.id == amendments.c.target_id)
        .join(paper, paper.c.id == amendments.c.paper_id)
        .where(amendments.c.id == amendment_id)
    )
    row = connection.execute(query).mappings().one()
    found, impact = ledger.proposed(connection, amendment_id), ledger.impact_of(row)
    return {
        **row,
        "terms": [asdict(patch) for patch in found.terms],
        "lines": [patch.line for patch in found.lines],
        "moved": [asdict(moved) for moved in impact.moved],
        "unread": impact.unread,
    }
