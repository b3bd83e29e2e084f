"""The ledger of terms: approved changes beside what each paper says, and what stands on a day."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from domain.amendment import AmendmentState, Impact, Moved
from domain.kinship import Kinship, Link, kinship
from domain.ledger import LinePatch, Patch, Patches, effective, inherited
from domain.papers import LinkKind
from domain.review import reviewed
from domain.terms import Citation, Reading, TermField
from store import audit, readings, reviews
from store.database import Database
from store.tables import contracts, family_proposals
from store.tables_ledger import amendments, patches

_LINE = "line"


def kin(connection: Connection) -> Kinship:
    """Return every decided link between papers."""
    columns = (family_proposals.c.child_id, family_proposals.c.parent_id, family_proposals.c.kind)
    query = select(*columns).where(family_proposals.c.state == "accepted").order_by(family_proposals.c.id)
    return kinship([Link(child, parent, LinkKind(kind)) for child, parent, kind in connection.execute(query)])


def standing(
    connection: Connection,
    contract_id: str,
    as_of: date,
    known_at: datetime | None = None,
    *,
    graph: Kinship | None = None,
) -> Reading:
    """Return what a contract says on a day, as far as it was known at a moment.

    Its own paper with what people decided about it, then every approved amendment, then what it
    leaves to the papers that govern it.
    """
    links = graph or kin(connection)
    own = _own(connection, contract_id, as_of, known_at)
    return inherited(own, [_own(connection, one, as_of, known_at) for one in links.governing(contract_id)])


def _own(connection: Connection, contract_id: str, as_of: date, known_at: datetime | None) -> Reading:
    if known_at is not None:
        stored = connection.scalar(select(contracts.c.created_at).where(contracts.c.id == contract_id))
        if stored is None or stored > known_at:
            return Reading()
    decided = [one for one in reviews.of(connection, contract_id) if known_at is None or one.at <= known_at]
    reading = reviewed(readings.load_unreviewed(connection, contract_id), decided)
    return effective(reading, approved(connection, contract_id), as_of, known_at)


def approved(connection: Connection, contract_id: str) -> Patches:
    """Return every approved change of a contract."""
    query = (
        select(patches, amendments.c.paper_id, amendments.c.valid_from, amendments.c.decided_at)
        .join(amendments, amendments.c.id == patches.c.amendment_id)
        .where(amendments.c.target_id == contract_id, amendments.c.state == AmendmentState.APPROVED)
        .order_by(amendments.c.decided_at, patches.c.id)
    )
    return _patches(connection.execute(query).mappings().all())


def proposed(connection: Connection, amendment_id: str) -> Patches:
    """Return the changes of one amendment, whatever became of it."""
    query = (
        select(patches, amendments.c.paper_id, amendments.c.valid_from, amendments.c.decided_at)
        .join(amendments, amendments.c.id == patches.c.amendment_id)
        .where(amendments.c.id == amendment_id)
        .order_by(patches.c.id)
    )
    return _patches(connection.execute(query).mappings().all())


def _patches(rows: Sequence[RowMapping]) -> Patches:
    return Patches(
        tuple(
            Patch(
                TermField(row["field"]), row["old"], row["value"], Citation(**row["citation"]), row["valid_from"],
                row["paper_id"], row["decided_at"],
            )
            for row in rows
            if row["field"] != _LINE
        ),
        tuple(
            LinePatch(readings.read_line(row["line"]), row["valid_from"], row["paper_id"], row["decided_at"])
            for row in rows
            if row["field"] == _LINE
        ),
    )  # fmt: skip


def propose(
    database: Database,
    connection: Connection,
    paper_id: str,
    target_id: str,
    found: Patches,
    impact: Impact,
    *,
    valid_from: date,
    shown: str,
    now: datetime,
) -> str:
    """Record what an amendment would change and return its id; a decided one is left as it is."""
    made = {"id": str(uuid.uuid4()), "paper_id": paper_id, "target_id": target_id}
    values = {
        "state": AmendmentState.PROPOSED, "valid_from": valid_from, "shown_hash": shown, "impact": asdict(impact),
        "proposed_at": now,
    }  # fmt: skip
    connection.execute(database.insert(amendments).values(**made, **values).on_conflict_do_nothing())
    pair = (amendments.c.paper_id == paper_id) & (amendments.c.target_id == target_id)
    row = connection.execute(select(amendments.c.id, amendments.c.state).where(pair)).one()
    if row.state == AmendmentState.PROPOSED:
        connection.execute(update(amendments).where(amendments.c.id == row.id).values(**values))
        _write(connection, row.id, found)
        audit.record(connection, now, "aftersign", "amendment.proposed", target_id, paper=paper_id, shown=shown)
    return str(row.id)


def _write(connection: Connection, amendment_id: str, found: Patches) -> None:
    connection.execute(delete(patches).where(patches.c.amendment_id == amendment_id))
    rows: list[dict[str, Any]] = [
        {"field": one.field, "old": one.old, "value": one.value, "line": None, "citation": asdict(one.citation)}
        for one in found.terms
    ]
    rows += [
        {"field": _LINE, "old": "", "value": one.line.product, "line": readings.line_row(one.line),
         "citation": asdict(one.line.citation)}
        for one in found.lines
    ]  # fmt: skip
    if rows:
        connection.execute(insert(patches), [{"amendment_id": amendment_id, **row} for row in rows])


def decide(
    connection: Connection, row: RowMapping, state: AmendmentState, *, who: str, because: str, now: datetime
) -> None:
    """Record a person's word on an amendment."""
    values = {"state": state, "decided_by": who, "decided_at": now, "because": because}
    connection.execute(update(amendments).where(amendments.c.id == row["id"]).values(**values))
    detail = {"paper": row["paper_id"], "shown": row["shown_hash"], "because": because}
    audit.record(connection, now, who, f"amendment.{state}", row["target_id"], **detail)


def amendment(connection: Connection, amendment_id: str) -> RowMapping | None:
    """Return one amendment, or `None`."""
    return connection.execute(select(amendments).where(amendments.c.id == amendment_id)).mappings().first()


def listed(connection: Connection, states: Sequence[str] = (AmendmentState.PROPOSED,)) -> Sequence[dict[str, Any]]:
    """List amendments with the names of both papers, oldest first."""
    paper, target = contracts.alias("paper"), contracts.alias("target")
    query = (
        select(amendments, paper.c.title.label("paper"), target.c.title.label("target"), target.c.customer,
               target.c.owner_email)
        .join(paper, paper.c.id == amendments.c.paper_id)
        .join(target, target.c.id == amendments.c.target_id)
        .where(amendments.c.state.in_(states))
        .order_by(amendments.c.proposed_at, amendments.c.id)
    )  # fmt: skip
    return [dict(row) for row in connection.execute(query).mappings()]


def impact_of(row: RowMapping) -> Impact:
    """Return what a stored amendment was shown to move."""
    said = row["impact"]
    return Impact(tuple(Moved(**one) for one in said["moved"]), tuple(said["unread"]))
