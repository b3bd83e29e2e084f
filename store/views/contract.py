"""One contract in full: what holds on a day and since when, its family, its days, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select

from domain.access import FieldClass, class_of
from domain.kinship import Kinship
from domain.ledger import conflicts
from domain.terms import Citation, Reading, Term, TermField
from store import clock, decisions, facts, ledger, reviews, slas
from store.tables import alerts, contracts, documents, handoffs
from store.tables_billing import findings
from store.tables_desk import contract_facts
from store.tables_ledger import amendments, dues, obligations, patches

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Day:
    """Hold for which day, and as known at which moment, a contract is looked at."""

    as_of: date
    known_at: datetime | None = None


def head(connection: Connection, contract_id: str, today: date) -> dict[str, Any]:
    """Return the contract with its state, its days in force and what was decided about them."""
    query = (
        select(contracts, contract_facts, facts.state(today).label("state"), documents.c.name.label("file"),
               documents.c.media_type, documents.c.size, documents.c.problem, documents.c.problem_detail)
        .outerjoin(contract_facts, contract_facts.c.contract_id == contracts.c.id)
        .join(documents, documents.c.sha256 == contracts.c.document_sha256)
        .where(contracts.c.id == contract_id)
    )  # fmt: skip
    row = dict(connection.execute(query).mappings().one())
    days = clock.current(connection, contract_id)
    decision = decisions.current(connection, contract_id, days["term_end"]) if days else None
    act_by = (days["send_by"] or days["term_end"]) if days else None
    left = (act_by - today).days if act_by else None
    handoff = connection.scalar(select(handoffs.c.id).where(handoffs.c.contract_id == contract_id).limit(1))
    return {**row, "days": days, "decision": decision, "act_by": act_by, "left": left, "handoff_id": handoff}


def reading(connection: Connection, contract_id: str, day: Day) -> tuple[Reading, Rows]:
    """Return what holds on a day, and where papers of the family say different things."""
    kin = ledger.kin(connection)
    found = ledger.standing(connection, contract_id, day.as_of, day.known_at, graph=kin)
    above = [ledger.standing(connection, one, day.as_of, day.known_at, graph=kin) for one in kin.governing(contract_id)]
    return found, [{"field": gap.field, "why": gap.why} for gap in conflicts(found, above)]


def terms(connection: Connection, contract_id: str, found: Reading, shown: Mapping[FieldClass, bool]) -> Rows:
    """List terms with the words and the paper that say so; a value one may not see is `None`."""
    papers = _papers(connection, {term.citation.sha256 for term in found.terms})
    confirmed = {review.field: review for review in reviews.of(connection, contract_id)}
    return [_term(term, papers, confirmed.get(term.field), shown) for term in found.terms]


def _term(term: Term, papers: Mapping[str, Any], review: Any, shown: Mapping[FieldClass, bool]) -> dict[str, Any]:
    hidden = _is_hidden(term.field, shown)
    repeated = " ".join(term.value.split()) == " ".join(term.citation.quote.split())
    rivals = [] if hidden else [{"value": one.value, "quote": one.citation.quote} for one in term.rivals]
    return {
        "field": term.field,
        "value": None if hidden else term.value,
        "hidden": hidden,
        "standing": term.standing.value,
        "confidence": term.confidence,
        "review": review,
        "rivals": rivals,
        **_place(term.citation, papers, quoted=shown[FieldClass.TEXT] and not hidden and not repeated),
    }


def _place(citation: Citation, papers: Mapping[str, Any], *, quoted: bool) -> dict[str, Any]:
    paper = papers.get(citation.sha256)
    return {
        "page": citation.page,
        "quote": " ".join(citation.quote.split()) if quoted else None,
        "paper_id": paper.id if paper else None,
        "paper": paper.title if paper else "",
    }


def _papers(connection: Connection, hashes: set[str]) -> Mapping[str, Any]:
    query = select(contracts.c.document_sha256, contracts.c.id, contracts.c.title)
    return {
        row.document_sha256: row for row in connection.execute(query.where(contracts.c.document_sha256.in_(hashes)))
    }


def doubts(found: Sequence[Mapping[str, str]], shown: Mapping[FieldClass, bool]) -> Rows:
    """Return why terms are missing or contradict each other, without the values of kinds one may not see."""
    return [{**one, "why": "hidden from you" if _is_hidden(one["field"], shown) else one["why"]} for one in found]


def _is_hidden(field: str, shown: Mapping[FieldClass, bool]) -> bool:
    kind = kind_of(field)
    return kind is not None and not shown[kind]


def kind_of(field: str) -> FieldClass | None:
    """Return which right the values of a field need: lines and amounts are prices, whole sentences are the paper's text."""
    if field == "line":
        return FieldClass.PRICE
    name = TermField(field) if field in set(TermField) else None
    return class_of(name) if name else None


def clauses(connection: Connection, found: Reading) -> Rows:
    """List the clauses of a contract review with their words, the most certain first."""
    papers = _papers(connection, {one.citation.sha256 for one in found.clauses})
    return [
        {"field": one.category, "confidence": one.confidence, **_place(one.citation, papers, quoted=True)}
        for one in sorted(found.clauses, key=lambda one: (-one.confidence, one.category))
    ]


def family(connection: Connection, contract_id: str, visible: ColumnElement[bool]) -> Rows:
    """List the papers of a contract's family from the top down, each with its depth and how it belongs there.

    Papers one may not see are left out.
    """
    kin = ledger.kin(connection)
    ancestors = kin.ancestors(contract_id)
    top = ancestors[-1] if ancestors else contract_id
    tree = list(_below(kin, top, 0, "", set()))
    if len(tree) < 2:
        return []
    query = select(contracts.c.id, contracts.c.title, contracts.c.customer, contracts.c.signed_at)
    known = {
        row["id"]: row
        for row in connection.execute(query.where(contracts.c.id.in_([one for one, _, _ in tree]), visible)).mappings()
    }
    return [{**known[one], "depth": depth, "kind": kind} for one, depth, kind in tree if one in known]


def _below(kin: Kinship, paper: str, depth: int, kind: str, seen: set[str]) -> Any:
    if paper in seen:
        return
    seen.add(paper)
    yield paper, depth, kind
    for link in kin.links:
        if link.parent == paper:
            yield from _below(kin, link.child, depth + 1, link.kind.value, seen)


def changes(connection: Connection, contract_id: str, shown: Mapping[FieldClass, bool]) -> Rows:
    """List what amendments changed or would change, oldest first, with who decided."""
    paper = contracts.alias("paper")
    query = (
        select(patches.c.field, patches.c.old, patches.c.value, amendments.c.id.label("amendment_id"),
               amendments.c.state, amendments.c.valid_from, amendments.c.decided_by, amendments.c.decided_at,
               paper.c.id.label("paper_id"), paper.c.title.label("paper"))
        .join(amendments, amendments.c.id == patches.c.amendment_id)
        .join(paper, paper.c.id == amendments.c.paper_id)
        .where(amendments.c.target_id == contract_id)
        .order_by(amendments.c.valid_from, amendments.c.proposed_at, patches.c.id)
    )  # fmt: skip
    return [_change(dict(row), shown) for row in connection.execute(query).mappings()]


def _change(row: dict[str, Any], shown: Mapping[FieldClass, bool]) -> dict[str, Any]:
    if _is_hidden(row["field"], shown):
        row.update(old=None, value=None)
    return row


def days(connection: Connection, contract_id: str) -> Sequence[Mapping[Any, Any]]:
    """List every version of a contract's deadlines, the newest first."""
    return list(reversed(clock.history(connection, contract_id)))


def warnings(connection: Connection, contract_id: str) -> Rows:
    """List a contract's alerts by their day."""
    query = select(alerts).where(alerts.c.contract_id == contract_id).order_by(alerts.c.due_on, alerts.c.stage.desc())
    return [dict(row) for row in connection.execute(query).mappings()]


def duties(connection: Connection, contract_id: str) -> Rows:
    """List a contract's obligations, each with its next open day."""
    upcoming = (
        select(dues.c.due_on)
        .where(dues.c.obligation_id == obligations.c.id, dues.c.state.in_(("scheduled", "open", "missed", "in_review")))
        .order_by(dues.c.due_on)
        .limit(1)
        .scalar_subquery()
    )
    query = select(obligations, upcoming.label("next")).where(obligations.c.contract_id == contract_id)
    return [dict(row) for row in connection.execute(query.order_by(upcoming.is_(None), upcoming)).mappings()]


def service(connection: Connection, contract_id: str) -> list[Any]:
    """List what was measured of a contract's service levels."""
    return slas.entries(connection, contract_id)


def discrepancies(connection: Connection, contract_id: str) -> Rows:
    """List the findings about a contract's invoices, the newest first."""
    query = select(findings).where(findings.c.contract == contract_id).order_by(findings.c.detected_at.desc()).limit(20)
    return [dict(row) for row in connection.execute(query).mappings()]


def proposals(connection: Connection, contract_id: str) -> Rows:
    """List the amendments of a contract that wait for an approval."""
    waiting = and_(amendments.c.state == "proposed", amendments.c.target_id == contract_id)
    return [dict(row) for row in connection.execute(select(amendments).where(waiting)).mappings()]
