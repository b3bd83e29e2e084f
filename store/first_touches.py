"""First touches: the CSM's task, its deadline, and who acted on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, or_, select, update

from store import audit
from store.database import Database
from store.tables import first_touches, handoffs


def open_touch(
    database: Database,
    connection: Connection,
    handoff_id: str,
    *,
    csm: str,
    instruction: str,
    due: datetime,
    now: datetime,
) -> None:
    """Record the task once; a later call changes nothing."""
    statement = database.insert(first_touches).values(
        handoff_id=handoff_id,
        csm_email=csm,
        told_email=csm,
        instruction=instruction,
        due_at=due,
        created_at=now,
        state="open",
    )
    if connection.execute(statement.on_conflict_do_nothing()).rowcount:
        audit.record(connection, now, "aftersign", "first_touch.opened", handoff_id, csm=csm, due=due)


def get(connection: Connection, handoff_id: str) -> RowMapping | None:
    """Return the first touch of a handoff."""
    query = select(first_touches).where(first_touches.c.handoff_id == handoff_id)
    return connection.execute(query).mappings().first()


def contacted(connection: Connection, handoff_id: str, who: str, now: datetime) -> bool:
    """Record that the customer was contacted; `False` when somebody had already said so."""
    found = connection.execute(
        update(first_touches)
        .where(first_touches.c.handoff_id == handoff_id, first_touches.c.state == "open")
        .values(state="contacted", contacted_at=now, contacted_by=who, version=first_touches.c.version + 1)
    ).rowcount
    if found:
        audit.record(connection, now, who, "first_touch.contacted", handoff_id)
    return bool(found)


def snooze(connection: Connection, handoff_id: str, until: datetime, who: str, now: datetime) -> bool:
    """Hold back reminders for a while; the deadline itself does not move."""
    found = connection.execute(
        update(first_touches)
        .where(first_touches.c.handoff_id == handoff_id, first_touches.c.state == "open")
        .values(snoozed_until=until, version=first_touches.c.version + 1)
    ).rowcount
    if found:
        audit.record(connection, now, who, "first_touch.snoozed", handoff_id, until=until)
    return bool(found)


def reassign(connection: Connection, handoff_id: str, csm: str, who: str, now: datetime) -> bool:
    """Give the open task to another colleague; the handoff follows."""
    found = connection.execute(
        update(first_touches)
        .where(first_touches.c.handoff_id == handoff_id, first_touches.c.state == "open")
        .values(csm_email=csm, version=first_touches.c.version + 1)
    ).rowcount
    if found:
        connection.execute(update(handoffs).where(handoffs.c.id == handoff_id).values(csm_email=csm))
        audit.record(connection, now, who, "first_touch.reassigned", handoff_id, csm=csm)
    return bool(found)


def untouched(connection: Connection, now: datetime) -> Sequence[RowMapping]:
    """List open first touches whose reminders are not snoozed."""
    query = (
        select(first_touches, handoffs.c.customer)
        .join(handoffs, handoffs.c.id == first_touches.c.handoff_id)
        .where(
            first_touches.c.state == "open",
            or_(first_touches.c.snoozed_until.is_(None), first_touches.c.snoozed_until <= now),
        )
    )
    return connection.execute(query).mappings().all()


def escalated(connection: Connection, handoff_id: str, level: int, now: datetime) -> None:
    """Record how far a first touch was escalated."""
    connection.execute(update(first_touches).where(first_touches.c.handoff_id == handoff_id).values(escalation=level))
    audit.record(connection, now, "aftersign", "first_touch.escalated", handoff_id, level=level)
