"""What people asked for on pages: kept before anybody is answered, carried out by a run, settled with an answer."""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from store import audit
from store.tables_desk import requests

OPEN, DONE, REFUSED = "open", "done", "refused"


def ask(connection: Connection, kind: str, subject: str, body: Mapping[str, Any], *, who: str, now: datetime) -> str:
    """Keep what somebody asks for and return its id; asking for the same while it is open returns that id."""
    same = (requests.c.kind == kind, requests.c.subject == subject, requests.c.who == who, requests.c.state == OPEN)
    for row in connection.execute(select(requests.c.id, requests.c.body).where(*same)):
        if row.body == dict(body):
            return str(row.id)
    # Ids rise with the time they are made, so that requests of one instant stay in the order they came.
    identity = str(uuid.UUID(int=(time.time_ns() << 64) | secrets.randbits(64)))
    values = {"kind": kind, "subject": subject, "body": dict(body), "who": who, "asked_at": now, "state": OPEN}
    connection.execute(requests.insert().values(id=identity, answer="", why="", fix="", **values))
    audit.record(connection, now, who, f"asked.{kind}", subject, request=identity)
    return identity


def waiting(connection: Connection, limit: int = 200) -> Sequence[RowMapping]:
    """List what nobody carried out yet, in the order it was asked for."""
    query = select(requests).where(requests.c.state == OPEN).order_by(requests.c.asked_at, requests.c.id)
    return connection.execute(query.limit(limit)).mappings().all()


def get(connection: Connection, identity: str) -> RowMapping | None:
    """Return one request."""
    return connection.execute(select(requests).where(requests.c.id == identity)).mappings().first()


def about(connection: Connection, subjects: Sequence[str], limit: int = 20) -> Sequence[RowMapping]:
    """List what was asked about any of these, newest first."""
    query = (
        select(requests)
        .where(requests.c.subject.in_(subjects))
        .order_by(requests.c.asked_at.desc(), requests.c.id.desc())
        .limit(limit)
    )
    return connection.execute(query).mappings().all()


def settle(
    connection: Connection, identity: str, state: str, now: datetime, *, answer: str = "", why: str = "", fix: str = ""
) -> bool:
    """Record what became of a request; `False` where another run was first."""
    found = (requests.c.id == identity, requests.c.state == OPEN)
    values = {"state": state, "answer": answer, "why": why, "fix": fix, "settled_at": now}
    return connection.execute(update(requests).where(*found).values(**values)).rowcount == 1
