"""Views of a list that people keep under a name: their own, and those that others share."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, insert, or_, select, update

from store import audit
from store.tables_desk import saved_views


def listed(connection: Connection, page: str, owner: str) -> Sequence[RowMapping]:
    """List somebody's own views of a page and those that are shared, by name."""
    mine = or_(saved_views.c.owner == owner, saved_views.c.shared == 1)
    query = select(saved_views).where(saved_views.c.page == page, mine)
    return connection.execute(query.order_by(saved_views.c.name, saved_views.c.id)).mappings().all()


def own(connection: Connection, identity: str, owner: str) -> RowMapping | None:
    """Return a view if it is theirs: others may use it, only its owner may change it."""
    mine = (saved_views.c.id == identity, saved_views.c.owner == owner)
    return connection.execute(select(saved_views).where(*mine)).mappings().first()


def keep(connection: Connection, page: str, name: str, query: str, *, owner: str, shared: bool, now: datetime) -> str:
    """Keep a view under a name and return its id; the same name of the same person is replaced."""
    mine = (saved_views.c.page == page, saved_views.c.name == name, saved_views.c.owner == owner)
    known = connection.scalar(select(saved_views.c.id).where(*mine))
    identity, values = str(known or uuid.uuid4()), {"query": query, "shared": int(shared)}
    if known:
        connection.execute(update(saved_views).where(saved_views.c.id == known).values(**values))
    else:
        row = {"id": identity, "page": page, "name": name, "owner": owner, "created_at": now, **values}
        connection.execute(insert(saved_views).values(**row))
    audit.record(connection, now, owner, "view.kept", identity, page=page, name=name, shared=shared)
    return identity


def change(connection: Connection, identity: str, *, name: str, shared: bool, who: str, now: datetime) -> None:
    """Rename a view, share it or stop sharing it."""
    mine = (saved_views.c.id == identity, saved_views.c.owner == who)
    connection.execute(update(saved_views).where(*mine).values(name=name, shared=int(shared)))
    audit.record(connection, now, who, "view.changed", identity, name=name, shared=shared)


def forget(connection: Connection, identity: str, *, who: str, now: datetime) -> None:
    """Delete a view."""
    connection.execute(delete(saved_views).where(saved_views.c.id == identity, saved_views.c.owner == who))
    audit.record(connection, now, who, "view.forgotten", identity)
