"""Cursors: how far a repeated look at the outside world has come."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from store.database import Database
from store.tables import cursors


def get(connection: Connection, name: str) -> datetime | None:
    """Return the moment of the last complete look."""
    return connection.scalar(select(cursors.c.at).where(cursors.c.name == name))


def put(database: Database, connection: Connection, name: str, at: datetime) -> None:
    """Remember the moment of a complete look."""
    statement = database.insert(cursors).values(name=name, at=at)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"at": at}))
