"""Contracts with their documents, parties, terms and alerts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, CursorResult, RowMapping, Table, delete, func, insert, or_, select, update

from domain.comparison import normal_name
from domain.documents import Document
from domain.money import Money
from domain.review import reviewed
from domain.terms import Citation, Gap, Line, Party, Reading, Term, TermField
from store import audit, reviews
from store.database import Database
from store.tables import alerts, contracts, documents, families, gaps, lines, pages, parties, terms


def add_document(
    database: Database, connection: Connection, *, sha256: str, size: int, media_type: str, name: str, now: datetime
) -> None:
    """Register a file that is already in the vault."""
    statement = database.insert(documents).values(
        sha256=sha256, size=size, media_type=media_type, name=name[:300], stored_at=now
    )
    connection.execute(statement.on_conflict_do_nothing())


IMPORTED = "import"


def add_contract(database: Database, connection: Connection, values: Mapping[str, object], now: datetime) -> str:
    """Register a signed contract under its customer's family and return its id; idempotent.

    A file that was imported before and is now confirmed by its provider stays one contract.
    """
    key = (contracts.c.source == values["source"], contracts.c.source_document == values["source_document"])
    known = connection.scalar(select(contracts.c.id).where(*key))
    if known:
        return str(known)
    imported = connection.scalar(
        select(contracts.c.id).where(
            contracts.c.source == IMPORTED, contracts.c.document_sha256 == values["document_sha256"]
        )
    )
    if imported:
        confirmed = {name: value for name, value in values.items() if name != "customer"}
        change(connection, imported, **confirmed)
        audit.record(connection, now, "aftersign", "contract.confirmed", imported, source=values["source"])
        return str(imported)
    family = _family(database, connection, str(values["customer"]), now)
    row = {**values, "id": str(uuid.uuid4()), "family_id": family, "created_at": now}
    if connection.execute(database.insert(contracts).values(**row).on_conflict_do_nothing()).rowcount:
        detail = {"document": values["document_sha256"], "source": values["source"]}
        audit.record(connection, now, "aftersign", "contract.stored", str(row["id"]), **detail)
    return str(connection.scalar(select(contracts.c.id).where(*key)))


def rename_customer(database: Database, connection: Connection, contract_id: str, customer: str, now: datetime) -> None:
    """Set the customer that the paper names and move the contract to that customer's family."""
    family = _family(database, connection, customer, now)
    connection.execute(
        update(contracts).where(contracts.c.id == contract_id).values(customer=customer, family_id=family)
    )


def _family(database: Database, connection: Connection, customer: str, now: datetime) -> str:
    key = normal_name(customer) or "unknown"
    statement = database.insert(families).values(
        id=str(uuid.uuid4()), customer=customer, customer_key=key, created_at=now
    )
    connection.execute(statement.on_conflict_do_nothing(index_elements=["customer_key"]))
    return str(connection.scalar(select(families.c.id).where(families.c.customer_key == key)))


def get(connection: Connection, contract_id: str) -> RowMapping:
    """Return one contract."""
    return connection.execute(select(contracts).where(contracts.c.id == contract_id)).mappings().one()


def find(connection: Connection, contract_id: str) -> RowMapping | None:
    """Return one contract, or `None`."""
    return connection.execute(select(contracts).where(contracts.c.id == contract_id)).mappings().first()


def page_texts(connection: Connection, sha256: str) -> Sequence[tuple[int, str]]:
    """Return (number, text) of a document's pages in order."""
    query = select(pages.c.number, pages.c.text).where(pages.c.sha256 == sha256).order_by(pages.c.number)
    return [(row.number, row.text) for row in connection.execute(query)]


def by_document(connection: Connection, sha256: str) -> str | None:
    """Return the contract that a stored file belongs to."""
    return connection.scalar(select(contracts.c.id).where(contracts.c.document_sha256 == sha256).limit(1))


def change(connection: Connection, contract_id: str, **values: object) -> None:
    """Set columns of a contract."""
    connection.execute(update(contracts).where(contracts.c.id == contract_id).values(**values))


def family_size(connection: Connection, family_id: str) -> int:
    """Count the contracts of a family."""
    return connection.scalar(select(func.count()).where(contracts.c.family_id == family_id)) or 0


def owner_load(connection: Connection) -> dict[str, int]:
    """Count the contracts each person owns."""
    query = select(contracts.c.owner_email, func.count()).where(contracts.c.owner_email.is_not(None))
    return {row[0]: row[1] for row in connection.execute(query.group_by(contracts.c.owner_email))}


def save_text(database: Database, connection: Connection, document: Document) -> None:
    """Store the text layer of a document, or what kept it from being read."""
    connection.execute(
        update(documents)
        .where(documents.c.sha256 == document.sha256)
        .values(problem=document.problem, problem_detail=document.problem_detail)
    )
    rows = [{"sha256": document.sha256, "number": page.number, "text": page.text} for page in document.pages]
    if rows:
        connection.execute(database.insert(pages).on_conflict_do_nothing(), rows)


def save_reading(connection: Connection, contract_id: str, reading: Reading) -> None:
    """Replace what is recorded as read from a contract's paper."""
    for table in (parties, terms, lines, gaps):
        connection.execute(delete(table).where(table.c.contract_id == contract_id))
    _insert(
        connection,
        parties,
        contract_id,
        [{"name": p.name, "role": p.role, "citation": asdict(p.citation)} for p in reading.parties],
    )
    _insert(
        connection,
        terms,
        contract_id,
        [
            {"field": t.field, "value": t.value, "due": t.due, "rule": t.rule, "citation": asdict(t.citation)}
            for t in reading.terms
        ],
    )
    _insert(
        connection,
        lines,
        contract_id,
        [
            {
                "product": line.product,
                "quantity": None if line.quantity is None else f"{line.quantity:f}",
                "unit_price": None if line.unit_price is None else str(line.unit_price),
                "total": None if line.total is None else str(line.total),
                "citation": asdict(line.citation),
            }
            for line in reading.lines
        ],
    )
    _insert(connection, gaps, contract_id, [{"field": gap.field, "why": gap.why} for gap in reading.gaps])


def load_reading(connection: Connection, contract_id: str) -> Reading:
    """Return what was read from a contract's paper, as people left it."""
    return reviewed(load_machine_reading(connection, contract_id), reviews.of(connection, contract_id))


def load_machine_reading(connection: Connection, contract_id: str) -> Reading:
    """Return what was read from a contract's paper before anybody looked at it."""

    def rows(table: Table) -> CursorResult[Any]:
        return connection.execute(select(table).where(table.c.contract_id == contract_id).order_by(table.c.id))

    return Reading(
        terms=tuple(Term(TermField(r.field), r.value, Citation(**r.citation), r.rule, r.due) for r in rows(terms)),
        parties=tuple(Party(r.name, r.role, Citation(**r.citation)) for r in rows(parties)),
        lines=tuple(
            Line(
                r.product,
                Decimal(r.quantity) if r.quantity else None,
                Money.parse(r.unit_price) if r.unit_price else None,
                Money.parse(r.total) if r.total else None,
                Citation(**r.citation),
            )
            for r in rows(lines)
        ),
        gaps=tuple(Gap(r.field, r.why) for r in rows(gaps)),
    )


def plan_alerts(
    database: Database,
    connection: Connection,
    contract_id: str,
    version: str,
    planned: Sequence[Mapping[str, object]],
    now: datetime,
) -> int:
    """Plan the alerts of one version of a contract's deadlines; older unsent ones are superseded."""
    recipients = {str(row["recipient"]) for row in planned}
    stale = or_(alerts.c.deadline_version != version, alerts.c.recipient.not_in(recipients))
    connection.execute(
        update(alerts)
        .where(alerts.c.contract_id == contract_id, alerts.c.state == "planned", stale)
        .values(state="superseded")
    )
    rows = [
        {"id": str(uuid.uuid4()), "contract_id": contract_id, "deadline_version": version, "state": "planned", **row}
        for row in planned
    ]
    if not rows:
        return 0
    connection.execute(database.insert(alerts).on_conflict_do_nothing(), rows)
    audit.record(connection, now, "aftersign", "alerts.planned", contract_id, version=version, count=len(rows))
    return len(rows)


def alert_rows(connection: Connection, contract_id: str) -> Sequence[RowMapping]:
    """List a contract's alerts in order of their day."""
    query = select(alerts).where(alerts.c.contract_id == contract_id).order_by(alerts.c.due_on, alerts.c.recipient)
    return connection.execute(query).mappings().all()


def due_alerts(connection: Connection, today: date, limit: int = 1000) -> Sequence[RowMapping]:
    """List alerts that are due and not sent, with their contract; never only those of today."""
    query = (
        select(alerts, contracts.c.customer, contracts.c.title, contracts.c.owner_email, contracts.c.backup_email)
        .join(contracts, contracts.c.id == alerts.c.contract_id)
        .where(alerts.c.state == "planned", alerts.c.due_on <= today)
        .order_by(alerts.c.act_by, alerts.c.id)
        .limit(limit)
    )
    return connection.execute(query).mappings().all()


def alert_sent(connection: Connection, alert_id: str, now: datetime) -> None:
    """Note that an alert reached its recipient."""
    connection.execute(update(alerts).where(alerts.c.id == alert_id).values(state="sent", sent_at=now))
    audit.record(connection, now, "aftersign", "alert.sent", alert_id)


def search(connection: Connection, words: str, limit: int = 50) -> Sequence[RowMapping]:
    """Find contracts whose text contains all words, whatever their case."""
    query = (
        select(contracts.c.id, contracts.c.customer, contracts.c.title, func.min(pages.c.number).label("page"))
        .join(pages, pages.c.sha256 == contracts.c.document_sha256)
        .group_by(contracts.c.id, contracts.c.customer, contracts.c.title)
        .limit(limit)
    )
    for word in words.split():
        query = query.where(pages.c.text.icontains(word, autoescape=True))
    return connection.execute(query).mappings().all()


def _insert(connection: Connection, table: Table, contract_id: str, rows: list[dict[str, object]]) -> None:
    if rows:
        connection.execute(insert(table), [{"contract_id": contract_id, **row} for row in rows])
