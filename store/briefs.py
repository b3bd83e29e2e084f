"""Briefs by version, and the answers people gave to close their gaps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from store import audit
from store.database import Database
from store.tables import answers, briefs


def latest(connection: Connection, handoff_id: str) -> RowMapping | None:
    """Return the newest version of a handoff's brief."""
    query = select(briefs).where(briefs.c.handoff_id == handoff_id).order_by(briefs.c.version.desc()).limit(1)
    return connection.execute(query).mappings().first()


def version(connection: Connection, handoff_id: str, number: int) -> RowMapping | None:
    """Return one version of a handoff's brief."""
    query = select(briefs).where(briefs.c.handoff_id == handoff_id, briefs.c.version == number)
    return connection.execute(query).mappings().first()


def add(connection: Connection, values: Mapping[str, object], now: datetime) -> None:
    """Store the next version of a brief."""
    connection.execute(insert(briefs).values(created_at=now, **values))
    audit.record(
        connection,
        now,
        "aftersign",
        "brief.issued",
        str(values["handoff_id"]),
        version=values["version"],
        completeness=values["completeness"],
        content=values["content_hash"],
    )


def given(connection: Connection, handoff_id: str) -> list[RowMapping]:
    """List the answers people typed for a handoff."""
    return list(connection.execute(select(answers).where(answers.c.handoff_id == handoff_id)).mappings())


def answer(
    database: Database,
    connection: Connection,
    handoff_id: str,
    source: str,
    values: Mapping[str, str],
    who: str,
    now: datetime,
) -> int:
    """Store what a rep or the customer typed; empty answers are left out. Returns how many."""
    rows = [
        {"handoff_id": handoff_id, "key": key, "source": source, "value": value.strip(), "who": who, "at": now}
        for key, value in values.items()
        if value.strip()
    ]
    if not rows:
        return 0
    statement = database.insert(answers)
    statement = statement.on_conflict_do_update(
        index_elements=["handoff_id", "key", "source"],
        set_={
            "value": statement.excluded.value,
            "who": statement.excluded.who,
            "at": statement.excluded.at,
            "read_at": None,
        },
    )
    connection.execute(statement, rows)
    audit.record(connection, now, who, f"answers.{source}", handoff_id, keys=sorted(str(row["key"]) for row in rows))
    return len(rows)


def unread_answers(connection: Connection) -> list[tuple[str, str]]:
    """List (handoff, moment) of answers given after the newest brief was written."""
    newest = (
        select(briefs.c.handoff_id, func.max(briefs.c.created_at).label("at")).group_by(briefs.c.handoff_id).subquery()
    )
    query = (
        select(answers.c.handoff_id, func.max(answers.c.at).label("moment"))
        .join(newest, newest.c.handoff_id == answers.c.handoff_id)
        .where(answers.c.at > newest.c.at, answers.c.read_at.is_(None))
        .group_by(answers.c.handoff_id)
    )
    return [(row.handoff_id, str(row.moment)) for row in connection.execute(query)]


def answers_read(connection: Connection, handoff_id: str, now: datetime) -> None:
    """Note that a brief was assembled with every answer given so far."""
    connection.execute(update(answers).where(answers.c.handoff_id == handoff_id).values(read_at=now))
