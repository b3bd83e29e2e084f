"""The audit trail: append-only rows, each sealed to the one before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, text

from domain.audit import GENESIS, Entry, canonical, first_break, link
from store.database import Database
from store.tables import audit

_LOCK = 0x0A17


@dataclass(frozen=True, slots=True)
class Happening:
    """Hold what is to be recorded."""

    actor: str
    action: str
    subject: str
    detail: Mapping[str, object]


def record(connection: Connection, at: datetime, actor: str, action: str, subject: str, **detail: object) -> None:
    """Append one entry inside the caller's transaction, so that fact and record stand together."""
    record_all(connection, at, [Happening(actor, action, subject, detail)])


def record_all(connection: Connection, at: datetime, happenings: Sequence[Happening]) -> None:
    """Append entries in order. Writers queue for the end of the chain until they commit."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last = connection.execute(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
    seq, previous = (last.seq, last.hash) if last else (0, GENESIS)
    rows = []
    for entry in happenings:
        seq += 1
        fields = (seq, at.isoformat(), entry.actor, entry.action, entry.subject, canonical(entry.detail))
        sealed = link(*fields, previous)
        rows.append(Entry(*fields, previous, sealed))
        previous = sealed
    connection.execute(insert(audit), [{name: getattr(row, name) for name in Entry.__slots__} for row in rows])


def entries(connection: Connection) -> Iterator[Entry]:
    """Stream the whole chain in order."""
    rows = connection.execution_options(yield_per=1000).execute(select(audit).order_by(audit.c.seq))
    return (Entry(*row) for row in rows)


def verify(database: Database) -> tuple[int, str, tuple[int, str] | None]:
    """Check every link and return (number of entries, last hash, first break or `None`)."""
    with database.read() as connection:
        broken = first_break(entries(connection))
        count = connection.scalar(select(func.count()).select_from(audit)) or 0
        head = connection.scalar(select(audit.c.hash).order_by(audit.c.seq.desc()).limit(1))
    return count, head or GENESIS, broken


def trail(connection: Connection, subject: str, limit: int = 200) -> Sequence[Entry]:
    """Return the latest entries about one subject, newest first."""
    rows = connection.execute(select(audit).where(audit.c.subject == subject).order_by(audit.c.seq.desc()).limit(limit))
    return [Entry(*row) for row in rows]
