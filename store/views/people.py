"""Who looks after how many contracts, as far as somebody may see them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Connection, func, not_, or_, select

from store.tables import contracts
from store.tables_desk import contract_facts as facts

Condition = ColumnElement[bool]


def owned(connection: Connection, visible: Condition) -> Mapping[str, int]:
    """Count the contracts of each owner; papers that only change others count with those."""
    return _counted(connection, visible, contracts.c.owner_email)


def backed(connection: Connection, visible: Condition) -> Mapping[str, int]:
    """Count the contracts of each backup."""
    return _counted(connection, visible, contracts.c.backup_email)


def one_of(connection: Connection, allowed: Condition, email: str) -> str | None:
    """Return a contract of an owner or backup with which something is allowed, `None` when there is none."""
    theirs = or_(contracts.c.owner_email == email, contracts.c.backup_email == email)
    found = connection.scalar(select(contracts.c.id).where(theirs, allowed).order_by(contracts.c.id).limit(1))
    return None if found is None else str(found)


def beyond(connection: Connection, allowed: Condition, email: str) -> bool:
    """Tell whether an owner or backup has contracts with which that is not allowed."""
    theirs = or_(contracts.c.owner_email == email, contracts.c.backup_email == email)
    return connection.scalar(select(contracts.c.id).where(theirs, not_(allowed)).limit(1)) is not None


def _counted(connection: Connection, visible: Condition, column: ColumnElement[str]) -> Mapping[str, int]:
    own = func.coalesce(facts.c.standing, "own") != "amends"
    query = select(column.label("who"), func.count().label("n")).select_from(
        contracts.outerjoin(facts, facts.c.contract_id == contracts.c.id)
    )
    found = connection.execute(query.where(visible, own, func.coalesce(column, "") != "").group_by(column)).all()
    return {str(row.who): int(row.n) for row in found}
