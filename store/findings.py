"""Findings: what is wrong, where it stands, and every step that led there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from pydantic import TypeAdapter
from sqlalchemy import Connection, RowMapping, insert, select, update

from domain.findings.finding import Code, Finding
from domain.findings.night import Change, Kind, Known, content_of
from domain.findings.status import PURSUED, UNSETTLED, Move, Status, check_move
from domain.invoices import Direction
from domain.money import Money
from store import audit
from store.tables_billing import finding_events, findings

_FINDING = TypeAdapter(Finding)
_NIGHT = "aftersign"


def known(connection: Connection) -> dict[str, Known]:
    """Return every finding as the nightly comparison needs it, by fingerprint."""
    return {row["fingerprint"]: _known(row) for row in connection.execute(select(findings)).mappings()}


def standing(connection: Connection) -> dict[str, Finding]:
    """Return the findings that are not settled, by fingerprint."""
    query = select(findings).where(findings.c.status.in_(list(UNSETTLED)))
    return {row["fingerprint"]: finding_of(row) for row in connection.execute(query).mappings()}


def _known(row: RowMapping) -> Known:
    return Known(
        row["fingerprint"], row["contract"], Status(row["status"]), content_of(finding_of(row)), row["terms"],
        _money(row["at_stake"], row["currency"]), _money(row["claimed"], row["currency"]), Decimal(row["recovered"]),
        row["dispute_by"],
    )  # fmt: skip


def _money(amount: str, currency: str) -> Money | None:
    return Money(Decimal(amount), currency) if amount else None


def finding_of(row: RowMapping) -> Finding:
    """Return the finding itself."""
    return _FINDING.validate_python(row["body"])


def record(connection: Connection, change: Change, *, terms: str, now: datetime) -> None:
    """Write one change of a night with its event."""
    row = _row(connection, change.fingerprint)
    if row is None:
        if change.finding is None:
            message = f"no finding {change.fingerprint}"
            raise LookupError(message)
        finding_id = _insert(connection, change.finding, terms, now)
    else:
        finding_id = row["id"]
        _update(connection, row, change, terms, now)
    recovered = str(change.recovered.amount) if change.recovered else ""
    _event(
        connection,
        finding_id,
        now,
        _NIGHT,
        row["status"] if row else "",
        change.status,
        change.why,
        recovered=recovered,
    )
    audit.record(
        connection, now, _NIGHT, f"finding.{change.kind.replace(' ', '_')}", change.fingerprint, why=change.why[:300]
    )


def _insert(connection: Connection, finding: Finding, terms: str, now: datetime) -> int:
    statement = insert(findings).values(
        fingerprint=finding.fingerprint, status=Status.DETECTED, detected_at=now, **_values(finding, terms, now)
    )
    return int(connection.execute(statement).inserted_primary_key[0])  # type: ignore[index]


def _update(connection: Connection, row: RowMapping, change: Change, terms: str, now: datetime) -> None:
    values: dict[str, object] = {"status": change.status, "changed_at": now}
    if change.finding is not None:
        values |= _values(change.finding, terms, now)
    if change.recovered is not None:
        values["recovered"] = str(Decimal(row["recovered"]) + change.recovered.amount)
    if change.kind in {Kind.CHANGED, Kind.REOPENED, Kind.PARTLY, Kind.RECOVERED}:
        values["told_at"] = None
    connection.execute(update(findings).where(findings.c.id == row["id"]).values(**values))


def _values(finding: Finding, terms: str, now: datetime) -> dict[str, object]:
    delta, stake = finding.delta, finding.at_stake
    money = finding.expected or finding.billed
    return {
        "code": finding.code, "direction": finding.direction, "contract": finding.contract, "terms": terms,
        "currency": money.currency if money else "", "delta": str(delta.amount) if delta else "",
        "at_stake": str(stake.amount) if stake else "", "body": _FINDING.dump_python(finding, mode="json"),
        "dispute_by": finding.dispute_by, "changed_at": now,
    }  # fmt: skip


def move(connection: Connection, fingerprint: str, step: Move, now: datetime) -> None:
    """Change the status as a person says. Raises `Permanent` where that is no step, `LookupError` for no finding."""
    row = _row(connection, fingerprint)
    if row is None:
        message = f"no finding {fingerprint}"
        raise LookupError(message)
    before = Status(row["status"])
    check_move(before, step, Direction(row["direction"]))
    values: dict[str, object] = {"status": step.to, "changed_at": now}
    if step.to in PURSUED and not row["claimed"]:
        values["claimed"] = row["at_stake"]
    connection.execute(update(findings).where(findings.c.id == row["id"]).values(**values))
    _event(connection, row["id"], now, step.who, before, step.to, step.reason, approver=step.approver)
    audit.record(
        connection, now, step.who, f"finding.{step.to}", fingerprint, reason=step.reason, approver=step.approver
    )  # fmt: skip


def _event(
    connection: Connection, finding_id: int, now: datetime, who: str, before: str, after: str, why: str, *,
    approver: str = "", recovered: str = "",
) -> None:  # fmt: skip
    values = {"before": before, "after": after, "why": why, "approver": approver, "recovered": recovered}
    connection.execute(insert(finding_events).values(finding_id=finding_id, at=now, who=who, **values))


def _row(connection: Connection, fingerprint: str) -> RowMapping | None:
    return connection.execute(select(findings).where(findings.c.fingerprint == fingerprint)).mappings().first()


def listed(
    connection: Connection, *, statuses: Iterable[Status] = UNSETTLED, codes: Iterable[Code] = (), contract: str = ""
) -> Sequence[RowMapping]:
    """List findings, those with the nearest day of dispute first."""
    query = select(findings).where(findings.c.status.in_(list(statuses)))
    if chosen := list(codes):
        query = query.where(findings.c.code.in_(chosen))
    if contract:
        query = query.where(findings.c.contract == contract)
    rows = connection.execute(query).mappings().all()
    return sorted(rows, key=lambda row: (row["dispute_by"] or date.max, row["detected_at"], row["id"]))


def events(connection: Connection, fingerprint: str) -> Sequence[RowMapping]:
    """List every step of a finding, oldest first."""
    query = select(finding_events).join(findings, findings.c.id == finding_events.c.finding_id)
    return connection.execute(
        query.where(findings.c.fingerprint == fingerprint).order_by(finding_events.c.id)
    ).mappings().all()  # fmt: skip


def find(connection: Connection, prefix: str) -> RowMapping | None:
    """Return the finding whose fingerprint begins so, `None` where none or several do."""
    rows = connection.execute(select(findings).where(findings.c.fingerprint.startswith(prefix))).mappings().all()
    return rows[0] if len(rows) == 1 else None


def untold(connection: Connection) -> Sequence[RowMapping]:
    """List unsettled findings that nobody was told of since they changed."""
    query = select(findings).where(findings.c.told_at.is_(None), findings.c.status.in_([*UNSETTLED, Status.RECOVERED]))
    return connection.execute(query.order_by(findings.c.id)).mappings().all()


def mark_told(connection: Connection, ids: Iterable[int], now: datetime) -> None:
    """Note that their people were told."""
    connection.execute(update(findings).where(findings.c.id.in_(list(ids))).values(told_at=now))
