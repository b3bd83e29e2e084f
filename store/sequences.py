"""Welcome sequences and the state of each mail in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select, update

from domain.welcome import MailState, Planned, SequenceState
from store import audit
from store.database import Database
from store.tables import sequences, welcome_mails


def open_sequence(
    database: Database,
    connection: Connection,
    handoff_id: str,
    *,
    template: str,
    recipient: str,
    contact: str,
    mails: Sequence[tuple[str, datetime]],
    now: datetime,
) -> None:
    """Record a customer's sequence and its planned mails once."""
    statement = database.insert(sequences).values(
        handoff_id=handoff_id,
        template=template,
        recipient=recipient,
        contact_name=contact,
        state=SequenceState.ACTIVE,
        created_at=now,
    )
    if not connection.execute(statement.on_conflict_do_nothing()).rowcount:
        return
    rows = [{"handoff_id": handoff_id, "key": key, "due_at": due, "state": MailState.PLANNED} for key, due in mails]
    connection.execute(database.insert(welcome_mails).on_conflict_do_nothing(), rows)
    audit.record(connection, now, "aftersign", "welcome.planned", handoff_id, mails=[key for key, _ in mails])


def get(connection: Connection, handoff_id: str) -> RowMapping | None:
    """Return a customer's sequence."""
    return connection.execute(select(sequences).where(sequences.c.handoff_id == handoff_id)).mappings().first()


def mails(connection: Connection, handoff_id: str) -> list[Planned]:
    """Return the mails of a sequence in order of their due time."""
    query = select(welcome_mails).where(welcome_mails.c.handoff_id == handoff_id).order_by(welcome_mails.c.due_at)
    rows = connection.execute(query).mappings()
    return [Planned(row["key"], row["due_at"], MailState(row["state"]), row["sent_at"]) for row in rows]


def mark(connection: Connection, handoff_id: str, key: str, state: MailState, now: datetime, reason: str = "") -> None:
    """Set the state of one mail."""
    sent = now if state is MailState.SENT else None
    connection.execute(
        update(welcome_mails)
        .where(welcome_mails.c.handoff_id == handoff_id, welcome_mails.c.key == key)
        .values(state=state, reason=reason, sent_at=sent)
    )
    audit.record(connection, now, "aftersign", f"welcome.{state}", handoff_id, mail=key, reason=reason)


def set_state(
    connection: Connection, handoff_id: str, state: SequenceState, reason: str, who: str, now: datetime
) -> bool:
    """Stop or finish a sequence; `False` when it was not active."""
    found = connection.execute(
        update(sequences)
        .where(sequences.c.handoff_id == handoff_id, sequences.c.state == SequenceState.ACTIVE)
        .values(state=state, reason=reason)
    ).rowcount
    if found:
        audit.record(connection, now, who, f"welcome.sequence_{state}", handoff_id, reason=reason)
    return bool(found)


def intake_done(connection: Connection, handoff_id: str, now: datetime) -> None:
    """Record that the customer filled in the intake form."""
    connection.execute(
        update(sequences)
        .where(sequences.c.handoff_id == handoff_id, sequences.c.intake_done_at.is_(None))
        .values(intake_done_at=now)
    )


def due(connection: Connection, now: datetime) -> list[str]:
    """List handoffs with an active sequence and a planned mail that is due."""
    query = (
        select(sequences.c.handoff_id)
        .join(welcome_mails, welcome_mails.c.handoff_id == sequences.c.handoff_id)
        .where(
            sequences.c.state == SequenceState.ACTIVE,
            welcome_mails.c.state == MailState.PLANNED,
            welcome_mails.c.due_at <= now,
        )
        .distinct()
    )
    return list(connection.scalars(query))
