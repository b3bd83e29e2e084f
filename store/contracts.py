"""Contracts with their documents, parties, terms and alerts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, select, update

from domain.comparison import normal_name
from domain.documents import Document
from domain.money import Money
from domain.ownership import Owned
from domain.terms import TermField
from store import audit, search_index
from store.database import Database
from store.tables import contracts, documents, families, family_proposals, pages, terms
from store.tables_ledger import decisions


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
        search_index.note_names(connection, str(row["id"]))
    return str(connection.scalar(select(contracts.c.id).where(*key)))


def rename_customer(database: Database, connection: Connection, contract_id: str, customer: str, now: datetime) -> None:
    """Set the customer that the paper names and move the contract to that customer's family."""
    family = _family(database, connection, customer, now)
    connection.execute(
        update(contracts).where(contracts.c.id == contract_id).values(customer=customer, family_id=family)
    )
    search_index.note_names(connection, contract_id)


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
    """Count the contracts each person owns or backs up."""
    load: dict[str, int] = {}
    for role in (contracts.c.owner_email, contracts.c.backup_email):
        for email, count in connection.execute(select(role, func.count()).where(role.is_not(None)).group_by(role)):
            load[email] = load.get(email, 0) + count
    return load


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
    search_index.note_paper(connection, document.sha256)


def owned(connection: Connection) -> list[Owned]:
    """Return who looks after every contract that is in force, with its value where the paper tells it.

    Amendments belong to the contract they change; what has ended needs nobody.
    """
    amending = select(family_proposals.c.child_id).where(
        family_proposals.c.kind == "amends", family_proposals.c.state == "accepted"
    )
    value = select(terms.c.value).where(
        terms.c.contract_id == contracts.c.id, terms.c.field.in_((TermField.TOTAL_VALUE, TermField.ANNUAL_VALUE))
    )
    ended = select(decisions.c.contract_id).where(decisions.c.verdict == "ended")
    query = (
        select(
            contracts.c.id,
            contracts.c.customer,
            contracts.c.owner_email,
            contracts.c.backup_email,
            value.limit(1).scalar_subquery(),
        )
        .where(contracts.c.id.not_in(amending), contracts.c.id.not_in(ended))
        .order_by(contracts.c.customer, contracts.c.id)
    )
    return [
        Owned(identity, customer, owner or "", backup or "", Money.parse(worth) if worth else None)
        for identity, customer, owner, backup, worth in connection.execute(query)
    ]


def billable(connection: Connection) -> Sequence[RowMapping]:
    """List every contract with invoices of its own, ended ones too; an amendment is billed with what it changes."""
    amending = select(family_proposals.c.child_id).where(
        family_proposals.c.kind == "amends", family_proposals.c.state == "accepted"
    )
    query = select(contracts).where(contracts.c.id.not_in(amending)).order_by(contracts.c.customer, contracts.c.id)
    return connection.execute(query).mappings().all()
