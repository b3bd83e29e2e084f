"""The deadlines that were computed for each contract; the newest counts, older ones stay with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, select, update

from domain.deadlines import FORMULA, Deadlines, planned_alerts
from store.database import Database
from store.tables_ledger import deadlines

_DAYS = ("term_end", "window_opens", "notice_deadline", "effective_deadline", "send_by", "decide_by", "renewals")


def record(
    database: Database,
    connection: Connection,
    contract_id: str,
    version: str,
    found: Deadlines,
    *,
    inputs: Mapping[str, object],
    calendar: str,
    calendar_version: str,
    provisional: bool,
    now: datetime,
    because: str = "",
) -> None:
    """Record a contract's deadlines with all they follow from; those before are superseded."""
    stop(connection, contract_id, because or "the terms or the day changed", now, but=version)
    values = {
        **{name: getattr(found, name) for name in _DAYS},
        "explanation": list(found.explanation),
        "inputs": dict(inputs),
        "calendar": calendar,
        "calendar_version": calendar_version,
        "formula": FORMULA,
        "provisional": provisional,
        "computed_at": now,
        "superseded_at": None,
    }
    statement = database.insert(deadlines).values(contract_id=contract_id, version=version, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["contract_id", "version"], set_=values))


def found(row: RowMapping, ladder: Sequence[int], today: date) -> Deadlines:
    """Return the deadlines that a row holds, with the alerts still to come."""
    days = {name: row[name] for name in _DAYS}
    act_by, closes = row["send_by"] or row["term_end"], row["notice_deadline"] or row["term_end"]
    alerts = planned_alerts(row["calendar"], act_by, closes, today, ladder)
    return Deadlines(**days, alerts=alerts, explanation=tuple(row["explanation"]))


def stop(connection: Connection, contract_id: str, because: str, now: datetime, *, but: str = "") -> None:
    """Supersede a contract's deadlines, save those of one version."""
    current = (deadlines.c.contract_id == contract_id, deadlines.c.superseded_at.is_(None), deadlines.c.version != but)
    connection.execute(update(deadlines).where(*current).values(superseded_at=now, because=because))


def current(connection: Connection, contract_id: str) -> RowMapping | None:
    """Return the deadlines in force for a contract."""
    query = select(deadlines).where(deadlines.c.contract_id == contract_id, deadlines.c.superseded_at.is_(None))
    return connection.execute(query.order_by(deadlines.c.id.desc())).mappings().first()


def history(connection: Connection, contract_id: str) -> Sequence[RowMapping]:
    """List every version of a contract's deadlines, oldest first."""
    query = select(deadlines).where(deadlines.c.contract_id == contract_id).order_by(deadlines.c.computed_at)
    return connection.execute(query).mappings().all()


def every(connection: Connection) -> Sequence[RowMapping]:
    """List the deadlines in force of every contract."""
    query = select(deadlines).where(deadlines.c.superseded_at.is_(None)).order_by(deadlines.c.contract_id)
    return connection.execute(query).mappings().all()
