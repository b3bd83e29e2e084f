"""What is proposed about papers that belong together, and what people decided about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select, update

from domain.papers import Paper, Proposal
from domain.terms import TermField
from store import audit
from store.database import Database
from store.tables import contracts, documents, family_proposals, parties, terms

OPEN = ("proposed", "ambiguous")
_TELLING = (
    TermField.TITLE,
    TermField.DOCUMENT_TYPE,
    TermField.CONTRACT_NUMBER,
    TermField.AGREEMENT_DATE,
    TermField.EFFECTIVE_DATE,
)


def papers(connection: Connection) -> list[Paper]:
    """Return every contract on file as families see it, without what it says of others."""
    said = _by_contract(connection.execute(select(terms).where(terms.c.field.in_(_TELLING))).mappings())
    named = _by_contract(connection.execute(select(parties).order_by(parties.c.id)).mappings())
    query = select(contracts.c.id, documents.c.name).join(documents, documents.c.sha256 == contracts.c.document_sha256)
    return [_paper(row.id, row.name, said.get(row.id, []), named.get(row.id, [])) for row in connection.execute(query)]


def _by_contract(rows: Iterable[RowMapping]) -> Mapping[str, list[RowMapping]]:
    found = defaultdict(list)
    for row in rows:
        found[row["contract_id"]].append(row)
    return found


def _paper(identity: str, file: str, said: Sequence[RowMapping], named: Sequence[RowMapping]) -> Paper:
    values = {row["field"]: row["value"] for row in said}
    days = [values.get(field) for field in (TermField.AGREEMENT_DATE, TermField.EFFECTIVE_DATE)]
    return Paper(
        id=identity,
        file=file,
        title=values.get(TermField.TITLE, ""),
        number=values.get(TermField.CONTRACT_NUMBER, ""),
        type=values.get(TermField.DOCUMENT_TYPE, ""),
        customer=next((row["name"] for row in named if row["role"] == "customer"), ""),
        parties=tuple(row["name"] for row in named),
        days=tuple(date.fromisoformat(day) for day in days if day),
    )


def save(database: Database, connection: Connection, found: Sequence[Proposal], now: datetime) -> int:
    """Store proposals and return how many are new; what a person decided stays decided."""
    new = 0
    for one in found:
        values = {
            "child_id": one.child,
            "parent_id": one.parent,
            "kind": one.kind,
            "confidence": one.confidence,
            "evidence": one.evidence,
            "citation": asdict(one.citation) if one.citation else None,
            "state": "ambiguous" if one.ambiguous else "proposed",
            "proposed_at": now,
        }
        statement = database.insert(family_proposals).values(**values).on_conflict_do_nothing()
        new += connection.execute(statement).rowcount
    return new


def listed(connection: Connection, states: Sequence[str] = OPEN) -> Sequence[dict[str, Any]]:
    """List proposals with the names of both papers, those of one child together."""
    child, parent = contracts.alias("child"), contracts.alias("parent")
    query = (
        select(
            family_proposals,
            child.c.title.label("child"),
            parent.c.title.label("parent"),
            func.coalesce(child.c.customer, "").label("customer"),
        )
        .join(child, child.c.id == family_proposals.c.child_id)
        .join(parent, parent.c.id == family_proposals.c.parent_id)
        .where(family_proposals.c.state.in_(states))
        .order_by(child.c.customer, family_proposals.c.child_id, family_proposals.c.confidence.desc())
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def get(connection: Connection, number: int) -> RowMapping | None:
    """Return one proposal, or `None`."""
    return connection.execute(select(family_proposals).where(family_proposals.c.id == number)).mappings().first()


def decide(connection: Connection, row: RowMapping, *, accept: bool, who: str, because: str, now: datetime) -> None:
    """Record a decision; accepting one of several ambiguous links sets the others aside."""
    state = "accepted" if accept else "rejected"
    _set(connection, family_proposals.c.id == row["id"], state, who, because, now)
    if accept and row["state"] == "ambiguous":
        rivals = (
            (family_proposals.c.child_id == row["child_id"])
            & (family_proposals.c.kind == row["kind"])
            & (family_proposals.c.state == "ambiguous")
        )
        _set(connection, rivals, "superseded", who, f"proposal {row['id']} was accepted", now)
    detail = {"parent": row["parent_id"], "kind": row["kind"], "proposal": row["id"], "because": because}
    audit.record(connection, now, who, f"family.{state}", row["child_id"], **detail)


def _set(connection: Connection, which: Any, state: str, who: str, because: str, now: datetime) -> None:
    values = {"state": state, "decided_by": who, "because": because, "decided_at": now}
    connection.execute(update(family_proposals).where(which).values(**values))


def between(connection: Connection, child: str, parent: str, kind: str) -> RowMapping | None:
    """Return the link of one kind between two papers, whatever became of it."""
    which = (
        family_proposals.c.child_id == child,
        family_proposals.c.parent_id == parent,
        family_proposals.c.kind == kind,
    )
    return connection.execute(select(family_proposals).where(*which)).mappings().first()
