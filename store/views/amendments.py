"""Amendments and links between papers that wait for a person, and what became of those before."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from store import ledger
from store.families import OPEN
from store.tables import contracts, family_proposals
from store.tables_ledger import amendments

Rows = list[dict[str, Any]]


def listed(connection: Connection, visible: ColumnElement[bool], *, waiting: bool) -> Rows:
    """List the amendments of contracts one may see: those that wait, oldest first, or those decided, newest first."""
    paper = contracts.alias("paper")
    query = (
        select(amendments.c.id, amendments.c.state, amendments.c.valid_from, amendments.c.proposed_at,
               amendments.c.decided_at, amendments.c.decided_by, amendments.c.because, paper.c.title.label("paper"),
               contracts.c.id.label("contract_id"), contracts.c.customer, contracts.c.title, contracts.c.owner_email)
        .join(contracts, contracts.c.id == amendments.c.target_id)
        .join(paper, paper.c.id == amendments.c.paper_id)
        .where(visible)
    )  # fmt: skip
    proposed = amendments.c.state == "proposed"
    if waiting:
        query = query.where(proposed).order_by(amendments.c.proposed_at, amendments.c.id)
    else:
        query = query.where(~proposed).order_by(amendments.c.decided_at.desc(), amendments.c.id).limit(200)
    return [dict(row) for row in connection.execute(query).mappings()]


def links(connection: Connection, visible: ColumnElement[bool]) -> Rows:
    """List the links between papers that wait for a person, the surest first."""
    parent = contracts.alias("parent")
    query = (
        select(family_proposals, contracts.c.customer, contracts.c.title.label("child"), parent.c.title.label("parent"))
        .join(contracts, contracts.c.id == family_proposals.c.child_id)
        .join(parent, parent.c.id == family_proposals.c.parent_id)
        .where(family_proposals.c.state.in_(OPEN), visible)
        .order_by(family_proposals.c.confidence.desc(), family_proposals.c.id)
        .limit(200)
    )
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
