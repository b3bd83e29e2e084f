"""Calendar feeds: who may subscribe to which view; only the token's digest is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, or_, select, update

from store import audit
from store.tables import contracts
from store.tables_ledger import deadlines, decisions, dues, feeds, obligations

VIEWS = ("mine", "all")


def create(connection: Connection, email: str, view: str, now: datetime) -> str:
    """Make a feed and return its token, which cannot be read again."""
    token = secrets.token_urlsafe(24)
    connection.execute(feeds.insert().values(token_hash=_hash(token), email=email, view=view, created_at=now))
    audit.record(connection, now, email, "feed.created", view)
    return token


def revoke(connection: Connection, email: str, now: datetime) -> int:
    """Close every feed of a person; return how many there were."""
    mine = (feeds.c.email == email, feeds.c.revoked_at.is_(None))
    count = connection.execute(update(feeds).where(*mine).values(revoked_at=now)).rowcount
    audit.record(connection, now, email, "feed.revoked", email, count=count)
    return count


def opened(connection: Connection, token: str) -> RowMapping | None:
    """Return the feed that a token opens, or `None`."""
    query = select(feeds).where(feeds.c.token_hash == _hash(token), feeds.c.revoked_at.is_(None))
    return connection.execute(query).mappings().first()


def deadlines_for(connection: Connection, email: str, view: str) -> Sequence[RowMapping]:
    """List the deadlines in force that a feed shows; what was carried out is gone."""
    done = select(decisions.c.id).where(
        decisions.c.contract_id == deadlines.c.contract_id,
        decisions.c.term_end == deadlines.c.term_end,
        decisions.c.state == "executed",
    )
    query = (
        select(deadlines, contracts.c.customer, contracts.c.title)
        .join(contracts, contracts.c.id == deadlines.c.contract_id)
        .where(deadlines.c.superseded_at.is_(None), ~done.exists())
        .order_by(deadlines.c.decide_by, deadlines.c.contract_id)
    )
    if view == "mine":
        query = query.where(or_(contracts.c.owner_email == email, contracts.c.backup_email == email))
    return connection.execute(query).mappings().all()


def duties_for(connection: Connection, email: str, view: str) -> Sequence[RowMapping]:
    """List the duties that a feed shows: those not settled yet."""
    query = (
        select(dues, obligations.c.text, obligations.c.direction, contracts.c.customer)
        .join(obligations, obligations.c.id == dues.c.obligation_id)
        .join(contracts, contracts.c.id == obligations.c.contract_id)
        .where(dues.c.state.in_(("scheduled", "open", "missed")), obligations.c.status == "confirmed")
        .order_by(dues.c.due_on, dues.c.id)
    )
    if view == "mine":
        query = query.where(or_(obligations.c.owner_email == email, obligations.c.backup_email == email))
    return connection.execute(query).mappings().all()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
