"""Absences that people entered on a page, beside those of `ownership.yaml`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, insert, select, update

from store import audit
from store.tables_desk import leaves


def coming(connection: Connection, today: date) -> Sequence[RowMapping]:
    """List the absences that last until today or later, the earliest first."""
    query = select(leaves).where(leaves.c.last >= today, leaves.c.withdrawn_at.is_(None))
    return connection.execute(query.order_by(leaves.c.first, leaves.c.id)).mappings().all()


def get(connection: Connection, number: int) -> RowMapping | None:
    """Return an absence that was not withdrawn."""
    query = select(leaves).where(leaves.c.id == number, leaves.c.withdrawn_at.is_(None))
    return connection.execute(query).mappings().first()


def add(connection: Connection, email: str, first: date, last: date, *, who: str, now: datetime) -> int:
    """Enter an absence, both days included, and return its number."""
    row = {"email": email, "first": first, "last": last, "entered_by": who, "entered_at": now}
    number = int(connection.execute(insert(leaves).values(**row).returning(leaves.c.id)).scalar_one())
    audit.record(connection, now, who, "leave.entered", email, first=first.isoformat(), last=last.isoformat())
    return number


def withdraw(connection: Connection, number: int, *, who: str, now: datetime) -> bool:
    """Withdraw an absence; `False` when there is none of that number."""
    row = get(connection, number)
    if row is None:
        return False
    connection.execute(update(leaves).where(leaves.c.id == number).values(withdrawn_at=now))
    days = {"first": row["first"].isoformat(), "last": row["last"].isoformat()}
    audit.record(connection, now, who, "leave.withdrawn", row["email"], **days)
    return True
