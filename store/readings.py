"""What readers took from a contract's paper, and what people made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, CursorResult, Table, delete, insert, select

from domain.money import Money
from domain.review import reviewed
from domain.terms import (
    Change,
    Citation,
    Clause,
    Duty,
    Gap,
    Line,
    Party,
    Reading,
    Rival,
    Standing,
    Term,
    TermField,
    Tier,
)
from store import reviews
from store.tables import changes, clauses, gaps, lines, parties, terms


def save(connection: Connection, contract_id: str, reading: Reading) -> None:
    """Replace what is recorded as read from a contract's paper."""
    rows: Mapping[Table, list[dict[str, Any]]] = {
        parties: [asdict(party) for party in reading.parties],
        terms: [_term(term) for term in reading.terms],
        lines: [_line(line) for line in reading.lines],
        gaps: [asdict(gap) for gap in reading.gaps],
        clauses: [asdict(clause) for clause in reading.clauses],
        changes: [asdict(change) for change in reading.changes],
    }
    for table, values in rows.items():
        connection.execute(delete(table).where(table.c.contract_id == contract_id))
        if values:
            connection.execute(insert(table), [{"contract_id": contract_id, **value} for value in values])


def load(connection: Connection, contract_id: str) -> Reading:
    """Return what was read from a contract's paper, as people left it."""
    return reviewed(load_unreviewed(connection, contract_id), reviews.of(connection, contract_id))


def load_unreviewed(connection: Connection, contract_id: str) -> Reading:
    """Return what was read from a contract's paper before anybody looked at it."""

    def rows(table: Table) -> CursorResult[Any]:
        return connection.execute(select(table).where(table.c.contract_id == contract_id).order_by(table.c.id))

    return Reading(
        terms=tuple(_read_term(row) for row in rows(terms)),
        parties=tuple(Party(row.name, row.role, Citation(**row.citation)) for row in rows(parties)),
        lines=tuple(_read_line(row) for row in rows(lines)),
        gaps=tuple(Gap(row.field, row.why) for row in rows(gaps)),
        clauses=tuple(Clause(row.category, Citation(**row.citation), row.confidence) for row in rows(clauses)),
        changes=tuple(Change(row.clause, row.old, row.new, Citation(**row.citation)) for row in rows(changes)),
    )


def _term(term: Term) -> dict[str, Any]:
    return {**asdict(term), "readers": list(term.readers), "rivals": [asdict(rival) for rival in term.rivals]}


def _read_term(row: Any) -> Term:
    rivals = tuple(Rival(one["value"], Citation(**one["citation"]), one["reader"]) for one in row.rivals or ())
    return Term(
        TermField(row.field),
        row.value,
        Citation(**row.citation),
        row.rule,
        Duty(**row.duty) if row.duty else None,
        Standing(row.standing),
        row.confidence,
        tuple(row.readers or ("rules",)),
        rivals,
    )


def _line(line: Line) -> dict[str, Any]:
    return {
        "product": line.product,
        "quantity": _number(line.quantity),
        "unit_price": str(line.unit_price) if line.unit_price is not None else None,
        "total": str(line.total) if line.total is not None else None,
        "citation": asdict(line.citation),
        "unit": line.unit,
        "starts": line.starts,
        "ends": line.ends,
        "tiers": [[_number(tier.first), _number(tier.last), str(tier.unit_price)] for tier in line.tiers],
    }


def _read_line(row: Any) -> Line:
    return Line(
        row.product,
        Decimal(row.quantity) if row.quantity else None,
        Money.parse(row.unit_price) if row.unit_price else None,
        Money.parse(row.total) if row.total else None,
        Citation(**row.citation),
        row.unit,
        row.starts,
        row.ends,
        tuple(
            Tier(Decimal(first), Decimal(last) if last else None, Money.parse(price))
            for first, last, price in row.tiers or ()
        ),
    )


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
