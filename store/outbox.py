"""The outbox: the console connectors' own little vendor, kept in our database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import RowMapping, select

from store.database import Database
from store.tables import outbox


class StoredOutbox:
    """Implement the `Outbox` port on the database."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def get(self, role: str, kind: str, key: str) -> Mapping[str, object] | None:
        """Return the stored object."""
        query = select(outbox.c.body).where(outbox.c.role == role, outbox.c.kind == kind, outbox.c.key == key)
        with self._database.read() as connection:
            return connection.scalar(query)

    def put(self, role: str, kind: str, key: str, body: Mapping[str, object]) -> str:
        """Store or replace the object under its key and return its id."""
        now = self._clock()
        statement = (
            self._database.insert(outbox)
            .values(role=role, kind=kind, key=key, body=dict(body), created_at=now, updated_at=now)
            .on_conflict_do_update(index_elements=["role", "kind", "key"], set_={"body": dict(body), "updated_at": now})
            .returning(outbox.c.id)
        )
        with self._database.write() as connection:
            return str(connection.scalar(statement))

    def find(self, role: str, kind: str) -> Sequence[tuple[str, Mapping[str, object]]]:
        """List (key, object) of one kind in order of creation."""
        query = select(outbox.c.key, outbox.c.body).where(outbox.c.role == role, outbox.c.kind == kind)
        with self._database.read() as connection:
            return [(key, body) for key, body in connection.execute(query.order_by(outbox.c.id))]

    def rows(self, role: str = "", limit: int = 500) -> Sequence[RowMapping]:
        """List whole rows, newest first, for the preview pages."""
        query = select(outbox).order_by(outbox.c.id.desc()).limit(limit)
        if role:
            query = query.where(outbox.c.role == role)
        with self._database.read() as connection:
            return connection.execute(query).mappings().all()

    def row(self, identity: int) -> RowMapping | None:
        """Return one whole row."""
        with self._database.read() as connection:
            return connection.execute(select(outbox).where(outbox.c.id == identity)).mappings().first()
