"""Sessions of people who logged in; only the digest of the cookie is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, select, update

from store import audit
from store.tables_desk import sessions

_NOTED = timedelta(minutes=1)  # a session in use is noted once a minute, not with every picture of a page


def begin(
    connection: Connection, email: str, how: str, groups: Sequence[str], *, now: datetime, length: timedelta
) -> str:
    """Begin a session and return its token, which cannot be read again."""
    token = secrets.token_urlsafe(32)
    row = {"token_hash": digest(token), "email": email, "how": how, "groups": list(groups)}
    times = {"created_at": now, "seen_at": now, "expires_at": now + length}
    connection.execute(sessions.insert().values(**row, **times))
    audit.record(connection, now, email, "login", email, how=how, groups=sorted(groups))
    return token


def current(connection: Connection, token: str, *, now: datetime, idle: timedelta) -> RowMapping | None:
    """Return the session that a token opens: begun, not ended, not too old and not left alone for too long."""
    query = select(sessions).where(
        sessions.c.token_hash == digest(token),
        sessions.c.ended_at.is_(None),
        sessions.c.expires_at > now,
        sessions.c.seen_at > now - idle,
    )
    return connection.execute(query).mappings().first()


def is_due(row: RowMapping, now: datetime) -> bool:
    """Tell whether the use of a session is to be noted again."""
    return bool(row["seen_at"] <= now - _NOTED)


def touch(connection: Connection, token_hash: str, now: datetime) -> None:
    """Note that a session is used."""
    connection.execute(update(sessions).where(sessions.c.token_hash == token_hash).values(seen_at=now))


def end(connection: Connection, token_hash: str, *, who: str, why: str, now: datetime) -> bool:
    """End a session of a person; `False` when it is not theirs or has ended."""
    open_one = (sessions.c.token_hash == token_hash, sessions.c.email == who, sessions.c.ended_at.is_(None))
    if not connection.execute(update(sessions).where(*open_one).values(ended_at=now)).rowcount:
        return False
    audit.record(connection, now, who, "logout", who, why=why)
    return True


def end_token(connection: Connection, token: str, *, why: str, now: datetime) -> bool:
    """End the session that a token opens, whoever's it is; `False` when it opens none."""
    row = connection.execute(select(sessions).where(sessions.c.token_hash == digest(token))).mappings().first()
    return row is not None and end(connection, row["token_hash"], who=row["email"], why=why, now=now)


def of(connection: Connection, email: str, *, now: datetime, idle: timedelta) -> Sequence[RowMapping]:
    """List a person's open sessions, the latest used first."""
    query = select(sessions).where(
        sessions.c.email == email, sessions.c.ended_at.is_(None), sessions.c.expires_at > now,
        sessions.c.seen_at > now - idle,
    )  # fmt: skip
    return connection.execute(query.order_by(sessions.c.seen_at.desc())).mappings().all()


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
