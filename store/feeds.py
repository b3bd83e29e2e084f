"""Calendar feeds: who may subscribe to which view; only the token's digest is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, case, or_, select, update

from store import audit
from store.tables import contracts
from store.tables_desk import saved_views
from store.tables_ledger import deadlines, decisions, dues, feeds, obligations

VIEWS = ("mine", "all")
Condition = ColumnElement[bool]


def create(connection: Connection, email: str, view: str, now: datetime) -> str:
    """Make a feed of `mine`, `all` or a saved view's id; return its token, which cannot be read again."""
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


def of(connection: Connection, email: str) -> Sequence[RowMapping]:
    """List a person's open feeds, the newest first."""
    query = select(feeds).where(feeds.c.email == email, feeds.c.revoked_at.is_(None))
    return connection.execute(query.order_by(feeds.c.created_at.desc())).mappings().all()


def revoke_one(connection: Connection, email: str, token_hash: str, now: datetime) -> bool:
    """Close one feed of a person; `False` when it is not theirs or is closed."""
    mine = (feeds.c.email == email, feeds.c.token_hash == token_hash, feeds.c.revoked_at.is_(None))
    if not connection.execute(update(feeds).where(*mine).values(revoked_at=now)).rowcount:
        return False
    audit.record(connection, now, email, "feed.revoked", email, count=1)
    return True


def opened(connection: Connection, token: str) -> RowMapping | None:
    """Return the feed that a token opens, or `None`."""
    query = select(feeds).where(feeds.c.token_hash == _hash(token), feeds.c.revoked_at.is_(None))
    return connection.execute(query).mappings().first()


def saved_view(connection: Connection, identity: str, email: str) -> RowMapping | None:
    """Return a saved view that a person may use: their own, or one that is shared."""
    usable = or_(saved_views.c.owner == email, saved_views.c.shared == 1)
    return connection.execute(select(saved_views).where(saved_views.c.id == identity, usable)).mappings().first()


def saved_views_for(connection: Connection, email: str) -> Sequence[RowMapping]:
    """List the saved views that can become a feed; a search by words cannot."""
    usable = or_(saved_views.c.owner == email, saved_views.c.shared == 1)
    pages = saved_views.c.page.in_(("contracts", "renewals"))
    words = or_(saved_views.c.query.startswith("q="), saved_views.c.query.contains("&q="))
    query = select(saved_views).where(usable, pages, ~words).order_by(saved_views.c.name)
    return connection.execute(query).mappings().all()


def deadlines_for(connection: Connection, email: str, view: str, within: Condition) -> Sequence[RowMapping]:
    """List the deadlines in force that a feed shows; what was carried out is gone, `within` says what may be seen."""
    done = select(decisions.c.id).where(
        decisions.c.contract_id == deadlines.c.contract_id,
        decisions.c.term_end == deadlines.c.term_end,
        decisions.c.state == "executed",
    )
    query = (
        select(deadlines, contracts.c.customer, contracts.c.title)
        .join(contracts, contracts.c.id == deadlines.c.contract_id)
        .where(deadlines.c.superseded_at.is_(None), ~done.exists(), within)
        .order_by(deadlines.c.decide_by, deadlines.c.contract_id)
    )
    if view == "mine":
        query = query.where(or_(contracts.c.owner_email == email, contracts.c.backup_email == email))
    return connection.execute(query).mappings().all()


def duties_for(
    connection: Connection, email: str, view: str, within: Condition, worded: Condition
) -> Sequence[RowMapping]:
    """List the duties that a feed shows: those not settled yet, of contracts that may be seen.

    `worded` says of which contracts the words may be shown too.
    """
    query = (
        select(
            dues,
            case((worded, obligations.c.text), else_="its words are hidden from you").label("text"),
            obligations.c.direction,
            contracts.c.customer,
        )
        .join(obligations, obligations.c.id == dues.c.obligation_id)
        .join(contracts, contracts.c.id == obligations.c.contract_id)
        .where(dues.c.state.in_(("scheduled", "open", "missed")), obligations.c.status == "confirmed")
        .where(within)
        .order_by(dues.c.due_on, dues.c.id)
    )
    if view == "mine":
        query = query.where(or_(obligations.c.owner_email == email, obligations.c.backup_email == email))
    return connection.execute(query).mappings().all()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
