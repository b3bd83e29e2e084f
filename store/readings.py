"""What readers took from a contract's paper, and what people made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, Table, delete, insert, select

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
        lines: [{**line_row(line), "starts": line.starts, "ends": line.ends} for line in reading.lines],
        gaps: [asdict(gap) for gap in reading.gaps],
        clauses: [asdict(clause) for clause in reading.clauses],
        changes: [asdict(change) for change in reading.changes],
    }
    for table, values in rows.items():
        connection.execute(delete(table).where(table.c.contract_id == contract_id))
        if values:
            connection.execute(insert(table), [{"contract_id": contract_id, **value} for value in values])


def note_gap(connection: Connection, contract_id: str, gap: Gap) -> None:
    """Add a gap that came to light after the reading, once."""
    same = (gaps.c.contract_id == contract_id, gaps.c.field == gap.field, gaps.c.why == gap.why)
    if connection.execute(select(gaps.c.id).where(*same)).first() is None:
        connection.execute(insert(gaps).values(contract_id=contract_id, **asdict(gap)))


def load(connection: Connection, contract_id: str) -> Reading:
    """Return what was read from a contract's paper, as people left it; `store.ledger` adds later changes."""
    return reviewed(load_unreviewed(connection, contract_id), reviews.of(connection, contract_id))


def load_unreviewed(connection: Connection, contract_id: str) -> Reading:
    """Return what was read from a contract's paper before anybody looked at it."""
    return load_all_unreviewed(connection, [contract_id])[contract_id]


def load_all_unreviewed(connection: Connection, ids: Sequence[str]) -> Mapping[str, Reading]:
    """Return what was read from the papers of some contracts, at most some hundreds, with one query a table."""
    found = {table: _by_contract(connection, table, ids) for table in (terms, parties, lines, gaps, clauses, changes)}
    return {one: _reading({table: rows.get(one, []) for table, rows in found.items()}) for one in ids}


def _by_contract(connection: Connection, table: Table, ids: Sequence[str]) -> Mapping[str, list[Row[Any]]]:
    grouped: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(select(table).where(table.c.contract_id.in_(ids)).order_by(table.c.id)):
        grouped.setdefault(row.contract_id, []).append(row)
    return grouped


def _reading(rows: Mapping[Table, list[Row[Any]]]) -> Reading:
    return Reading(
        terms=tuple(_read_term(row) for row in rows[terms]),
        parties=tuple(Party(row.name, row.role, Citation(**row.citation)) for row in rows[parties]),
        lines=tuple(read_line(row._asdict()) for row in rows[lines]),
        gaps=tuple(Gap(row.field, row.why) for row in rows[gaps]),
        clauses=tuple(Clause(row.category, Citation(**row.citation), row.confidence) for row in rows[clauses]),
        changes=tuple(Change(row.clause, row.old, row.new, Citation(**row.citation)) for row in rows[changes]),
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


def line_row(line: Line) -> dict[str, Any]:
    """Return a line as JSON holds it."""
    return {
        "product": line.product,
        "quantity": _number(line.quantity),
        "unit_price": str(line.unit_price) if line.unit_price is not None else None,
        "total": str(line.total) if line.total is not None else None,
        "citation": asdict(line.citation),
        "unit": line.unit,
        "starts": line.starts.isoformat() if line.starts else None,
        "ends": line.ends.isoformat() if line.ends else None,
        "tiers": [[_number(tier.first), _number(tier.last), str(tier.unit_price)] for tier in line.tiers],
    }


def read_line(row: Mapping[str, Any] | RowMapping) -> Line:
    """Return the line that a row or its JSON holds."""
    return Line(
        row["product"],
        Decimal(row["quantity"]) if row["quantity"] else None,
        Money.parse(row["unit_price"]) if row["unit_price"] else None,
        Money.parse(row["total"]) if row["total"] else None,
        Citation(**row["citation"]),
        row["unit"],
        _day(row["starts"]),
        _day(row["ends"]),
        tuple(
            Tier(Decimal(first), Decimal(last) if last else None, Money.parse(price))
            for first, last, price in row["tiers"] or ()
        ),
    )


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
