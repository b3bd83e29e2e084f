"""Settle an effect of which nobody knew whether it happened, together with what waited for the answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, RowMapping, select

from domain.handoff import EffectState
from domain.welcome import MailState
from store import effects, sequences
from store.database import Database
from store.tables import effects as table


def one(connection: Connection, key: str) -> RowMapping | None:
    """Return an effect whose outcome nobody knows, `None` where there is no such doubt."""
    query = select(table).where(table.c.key == key, table.c.state == EffectState.UNKNOWN)
    return connection.execute(query).mappings().first()


def settle(database: Database, key: str, *, happened: bool, who: str, now: datetime) -> bool:
    """Take a person's word on an effect, and let the welcome mails go on that waited for it.

    `False` when no such effect is in doubt; nothing is changed then.
    """
    if not effects.resolve(database, key, happened=happened, who=who, now=now):
        return False
    handoff_id, _, rest = key.partition(":")
    kind, _, mail = rest.partition(":")
    if kind == "welcome":
        state = MailState.SENT if happened else MailState.PLANNED
        with database.write() as connection:
            sequences.mark(connection, handoff_id, mail, state, now, f"settled by {who}")
    return True
