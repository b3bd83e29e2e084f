"""Planned reminders: each once for a deadline's version, a stage and a recipient; none is ever deleted."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, and_, func, or_, select, update

from store import audit
from store.database import Database
from store.tables import alerts, contracts

PLANNED, COLLAPSED, SENT, ACKNOWLEDGED, SUPERSEDED, SUPPRESSED = (
    "planned", "collapsed", "sent", "acknowledged", "superseded", "suppressed",
)  # fmt: skip
WAITING = (PLANNED, COLLAPSED)
TOLD = (SENT, ACKNOWLEDGED)
_AT_ONCE = 500


def plan(
    database: Database,
    connection: Connection,
    contract_id: str,
    version: str,
    planned: Sequence[Mapping[str, object]],
    now: datetime,
    *,
    because: str = "",
) -> int:
    """Plan the alerts of one version of a contract's deadlines; older unsent ones are superseded.

    A version that was superseded and holds again gets back what was not sent of it.
    """
    recipients = {str(row["recipient"]) for row in planned}
    stale = or_(alerts.c.deadline_version != version, and_(alerts.c.recipient.not_in(recipients), alerts.c.stage > 0))
    why = because or "the deadlines or the people responsible changed"
    supersede(connection, contract_id, why, which=stale)
    rows = [
        {"id": str(uuid.uuid4()), "contract_id": contract_id, "deadline_version": version, **row} for row in planned
    ]
    if not rows:
        return 0
    for row in rows:
        row["state"] = PLANNED
    known = {(one.stage, one.recipient): one for one in _of_version(connection, contract_id, version)}
    new = [row for row in rows if (row["stage"], row["recipient"]) not in known]
    back = [
        one.id
        for row in rows
        if (one := known.get((row["stage"], row["recipient"]))) and one.state == SUPERSEDED and one.sent_at is None
    ]
    if new:
        connection.execute(database.insert(alerts).on_conflict_do_nothing(), new)
    _set(connection, back, state=PLANNED, reason="")
    if new or back:
        audit.record(
            connection, now, "aftersign", "alerts.planned", contract_id, version=version, count=len(new) + len(back)
        )
    return len(rows)


def supersede(connection: Connection, contract_id: str, why: str, *, which: object = None) -> int:
    """Set aside what is planned for a contract and not sent, with the reason."""
    query = update(alerts).where(alerts.c.contract_id == contract_id, alerts.c.state.in_(WAITING))
    if which is not None:
        query = query.where(which)  # type: ignore[arg-type]
    return connection.execute(query.values(state=SUPERSEDED, reason=why)).rowcount


def add(database: Database, connection: Connection, row: Mapping[str, object]) -> bool:
    """Plan one more alert, such as an escalation; `False` where it was planned before."""
    values = {"id": str(uuid.uuid4()), "state": PLANNED, **row}
    return connection.execute(database.insert(alerts).values(**values).on_conflict_do_nothing()).rowcount == 1


def of_contract(connection: Connection, contract_id: str) -> Sequence[RowMapping]:
    """List a contract's alerts in order of their day."""
    query = select(alerts).where(alerts.c.contract_id == contract_id).order_by(alerts.c.due_on, alerts.c.recipient)
    return connection.execute(query).mappings().all()


def due(connection: Connection, today: date, limit: int = 1000) -> Sequence[RowMapping]:
    """List alerts that are due and not sent, with their contract; never only those of today."""
    query = (
        select(alerts, contracts.c.customer, contracts.c.title, contracts.c.owner_email, contracts.c.backup_email)
        .join(contracts, contracts.c.id == alerts.c.contract_id)
        .where(alerts.c.state == PLANNED, alerts.c.due_on <= today)
        .order_by(alerts.c.act_by, alerts.c.contract_id, alerts.c.recipient, alerts.c.stage)
        .limit(limit)
    )
    return connection.execute(query).mappings().all()


def sent(connection: Connection, alert_id: str, now: datetime) -> None:
    """Note that an alert reached its recipient."""
    _set(connection, [alert_id], state=SENT, sent_at=now, problem="")
    audit.record(connection, now, "aftersign", "alert.sent", alert_id)


def sent_since(connection: Connection, since: datetime) -> set[tuple[str, str]]:
    """Return (contract_id, recipient) of what was sent since a moment."""
    query = select(alerts.c.contract_id, alerts.c.recipient).where(alerts.c.sent_at >= since)
    return {(row.contract_id, row.recipient) for row in connection.execute(query)}


def failed(connection: Connection, alert_id: str, problem: str) -> None:
    """Note that an alert could not be delivered; it stays due."""
    values = {"attempts": alerts.c.attempts + 1, "problem": problem[:2000]}
    connection.execute(update(alerts).where(alerts.c.id == alert_id).values(**values))


def set_aside(connection: Connection, ids: Iterable[str], state: str, why: str) -> None:
    """Give up alerts that another one makes needless, or that cannot reach anybody, with the reason."""
    _set(connection, list(ids), state=state, reason=why)


def acknowledge(connection: Connection, contract_id: str, who: str, now: datetime) -> int:
    """Note that somebody has taken notice of a contract's alerts; return how many were open."""
    query = update(alerts).where(alerts.c.contract_id == contract_id, alerts.c.state == SENT)
    count = connection.execute(query.values(state=ACKNOWLEDGED, acknowledged_at=now, acknowledged_by=who)).rowcount
    if count:
        audit.record(connection, now, who, "alerts.acknowledged", contract_id, count=count)
    return count


def told(connection: Connection) -> Sequence[RowMapping]:
    """List every chain that has begun: contract_id, deadline_version, act_by, first_sent, answered, its people."""
    query = (
        select(
            alerts.c.contract_id,
            alerts.c.deadline_version,
            func.min(alerts.c.act_by).label("act_by"),
            func.min(alerts.c.sent_at).label("first_sent"),
            func.max(alerts.c.acknowledged_at).label("answered"),
            contracts.c.owner_email,
            contracts.c.backup_email,
        )
        .join(contracts, contracts.c.id == alerts.c.contract_id)
        .where(alerts.c.state.in_(TOLD))
        .group_by(alerts.c.contract_id, alerts.c.deadline_version, contracts.c.owner_email, contracts.c.backup_email)
    )
    return connection.execute(query).mappings().all()


def _of_version(connection: Connection, contract_id: str, version: str) -> Sequence[RowMapping]:
    query = select(alerts).where(alerts.c.contract_id == contract_id, alerts.c.deadline_version == version)
    return connection.execute(query).mappings().all()


def _set(connection: Connection, ids: Sequence[str], **values: object) -> None:
    for start in range(0, len(ids), _AT_ONCE):
        part = alerts.c.id.in_(ids[start : start + _AT_ONCE])
        connection.execute(update(alerts).where(part).values(**values))
