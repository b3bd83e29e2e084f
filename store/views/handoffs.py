"""Handoffs of contracts that somebody may see."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from domain.handoff import StepState
from store.read_models import NEEDS_PERSON, summaries
from store.tables import contracts, handoffs, steps

Condition = ColumnElement[bool]


def within(visible: Condition, *, unread: bool) -> Condition:
    """Return which rows of `handoffs` may be seen; `unread` adds those whose paper is not stored yet."""
    own = exists(
        select(1)
        .select_from(contracts)
        .where(contracts.c.id == handoffs.c.contract_id, visible)
        .correlate(handoffs)  # whatever else a query joins
    )
    return or_(own, handoffs.c.contract_id.is_(None)) if unread else own


def listed(
    connection: Connection, seen: Condition, *, state: str, since: datetime | None, limit: int, offset: int
) -> list[dict[str, Any]]:
    """List the handoffs that fit, newest first; `since` compares acceptance."""
    query = select(handoffs).where(seen).order_by(handoffs.c.accepted_at.desc(), handoffs.c.id)
    if state == NEEDS_PERSON:
        dead = and_(steps.c.handoff_id == handoffs.c.id, steps.c.state == StepState.DEAD)
        query = query.where(exists(select(1).select_from(steps).where(dead)))
    elif state:
        query = query.where(handoffs.c.state == state)
    if since:
        query = query.where(handoffs.c.accepted_at >= since)
    return summaries(connection, connection.execute(query.limit(limit).offset(offset)).mappings().all())


def contract_of(connection: Connection, handoff_id: str, seen: Condition) -> tuple[bool, str | None]:
    """Return whether a handoff may be seen, and its contract if it has one."""
    query = select(handoffs.c.contract_id).where(handoffs.c.id == handoff_id, seen)
    row = connection.execute(query).first()
    return row is not None, row.contract_id if row else None
