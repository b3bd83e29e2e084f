"""What lists and rules ask of a contract: its effective terms in one row, brought up to date with every change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, case, or_, select

from domain.money import Money
from store.database import Database
from store.search_index import without_terms
from store.tables import contracts
from store.tables_desk import contract_facts

UPCOMING, ACTIVE, ENDED, UNKNOWN = "upcoming", "active", "ended", "unknown"


def keep(
    database: Database, connection: Connection, contract_id: str, values: Mapping[str, Any], now: datetime
) -> None:
    """Keep a contract's facts; `value` and `annual` are `Money` or nothing, text may be empty."""
    row = {
        **{name: value for name, value in values.items() if name not in {"value", "annual"}},
        **_money("value", values.get("value")),
        **_money("annual", values.get("annual")),
        "region_key": str(values["region"]).casefold(),
        "counterparty_key": str(values["counterparty"]).casefold(),
        "refreshed_at": now,
    }
    row.pop("counterparty")
    statement = database.insert(contract_facts).values(contract_id=contract_id, **row)
    connection.execute(statement.on_conflict_do_update(index_elements=["contract_id"], set_=row))


def of(connection: Connection, contract_id: str) -> RowMapping | None:
    """Return the facts of one contract."""
    return (
        connection.execute(select(contract_facts).where(contract_facts.c.contract_id == contract_id)).mappings().first()
    )


def without(connection: Connection) -> list[str]:
    """List the contracts whose facts nobody noted yet, for lists or for searching."""
    query = select(contracts.c.id).outerjoin(contract_facts, contract_facts.c.contract_id == contracts.c.id)
    return list(
        connection.scalars(
            query.where(or_(contract_facts.c.contract_id.is_(None), without_terms())).order_by(contracts.c.id)
        )
    )


def state(today: date) -> ColumnElement[str]:
    """Compute a contract's state from its days: upcoming, active, ended or unknown. It is never typed in."""
    facts = contract_facts.c
    return case(
        (facts.ended_on <= today, ENDED),
        (facts.starts > today, UPCOMING),
        (facts.starts.is_not(None), ACTIVE),
        else_=UNKNOWN,
    )


def _money(name: str, money: Money | None) -> dict[str, object]:
    if money is None:
        return {name: "", f"{name}_minor": None, f"{name}_currency": ""}
    rounded = money.rounded()
    minor = int(rounded.amount.scaleb(rounded.minor_digits))
    return {name: str(rounded), f"{name}_minor": minor, f"{name}_currency": money.currency}
