"""The register of obligations, and each time one of them falls due."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, func, select, update

from domain.obligations import DueState, Obligation, Source, Trigger
from domain.terms import Citation
from store import audit
from store.database import Database
from store.tables import contracts
from store.tables_ledger import dues, obligations

PROPOSED, CONFIRMED, SUPERSEDED, WAIVED = "proposed", "confirmed", "superseded", "waived"
UNWATCHED = "it names neither a day nor an event; a person says when"


def register(
    connection: Connection,
    contract_id: str,
    found: Iterable[Obligation],
    *,
    calendar: str,
    people: tuple[str, str],
    sources: Sequence[Source],
    now: datetime,
) -> int:
    """Bring the register in line with what a contract says now; return how many duties are new.

    A duty that is no longer said is superseded with its open times; one that a person changed
    keeps what the person set.
    """
    known = {row["key"]: row for row in of_contract(connection, contract_id)}
    said = {one.key: one for one in found}
    for key, one in said.items():
        if key not in known:
            connection.execute(obligations.insert().values(**_row(contract_id, one, calendar, people, now)))
            audit.record(connection, now, "aftersign", "obligation.registered", contract_id, text=one.text[:200])
    gone = [row for key, row in known.items() if key not in said and row["source"] in sources]
    for row in gone:
        if row["status"] in {PROPOSED, CONFIRMED}:
            supersede(connection, row["id"], "the contract does not say it any more", now)
    return len(said.keys() - known.keys())


def _row(contract_id: str, one: Obligation, calendar: str, people: tuple[str, str], now: datetime) -> dict[str, object]:
    values = asdict(one)
    values["citation"] = asdict(one.citation) if one.citation else None
    owner, backup = people
    return {
        **values, "id": str(uuid.uuid4()), "contract_id": contract_id, "calendar": calendar, "owner_email": owner,
        "backup_email": backup, "status": CONFIRMED if one.watched else PROPOSED,
        "status_reason": "" if one.watched else UNWATCHED, "version": 1, "created_at": now,
    }  # fmt: skip


def supersede(connection: Connection, obligation_id: str, why: str, now: datetime) -> None:
    """Take a duty out of the register with its reason; what is not settled of it goes with it."""
    _change(connection, obligation_id, status=SUPERSEDED, status_reason=why)
    open_ones = (dues.c.obligation_id == obligation_id, dues.c.state.in_((DueState.SCHEDULED, DueState.OPEN)))
    connection.execute(update(dues).where(*open_ones).values(state=DueState.SUPERSEDED, reason=why))
    audit.record(connection, now, "aftersign", "obligation.superseded", obligation_id, why=why)


def set_day(
    connection: Connection, obligation_id: str, starts_on: date, rrule: str, *, who: str, now: datetime
) -> None:
    """Give a duty its day, or the rule by which it recurs; that confirms it."""
    kind = Trigger.RECURRENCE if rrule else Trigger.DATE
    _change(
        connection, obligation_id, trigger_kind=kind, starts_on=starts_on, rrule=rrule, status=CONFIRMED,
        status_reason=f"set by {who}", not_before=None, ends_on=None if rrule else starts_on,
    )  # fmt: skip
    audit.record(connection, now, who, "obligation.dated", obligation_id, starts_on=str(starts_on), rrule=rrule)


def set_reviewer(connection: Connection, obligation_id: str, reviewer: str, *, who: str, now: datetime) -> None:
    """Name who looks at the evidence before a duty counts as done; empty for nobody."""
    _change(connection, obligation_id, reviewer_email=reviewer)
    audit.record(connection, now, who, "obligation.reviewer", obligation_id, reviewer=reviewer)


def waiting_for_events(connection: Connection) -> Sequence[RowMapping]:
    """List the duties that begin with an event, with their contract."""
    query = (
        select(obligations, contracts.c.customer)
        .join(contracts, contracts.c.id == obligations.c.contract_id)
        .where(obligations.c.status == CONFIRMED, obligations.c.trigger_kind == Trigger.EVENT)
        .order_by(contracts.c.customer, obligations.c.created_at)
    )
    return connection.execute(query).mappings().all()


def waive(connection: Connection, obligation_id: str, *, who: str, because: str, now: datetime) -> None:
    """Give a duty up with a named person's reason."""
    _change(connection, obligation_id, status=WAIVED, status_reason=f"{who}: {because}")
    open_ones = (
        dues.c.obligation_id == obligation_id,
        dues.c.state.in_((DueState.SCHEDULED, DueState.OPEN, DueState.MISSED)),
    )
    connection.execute(update(dues).where(*open_ones).values(state=DueState.WAIVED, reason=because))
    audit.record(connection, now, who, "obligation.waived", obligation_id, because=because)


def plan(database: Database, connection: Connection, obligation_id: str, days: Iterable[date]) -> int:
    """Write down the days on which a duty falls due, each once; return how many are new."""
    rows = [
        {"id": str(uuid.uuid4()), "obligation_id": obligation_id, "due_on": day, "state": DueState.SCHEDULED}
        for day in days
    ]
    if not rows:
        return 0
    before = connection.scalar(select(func.count()).where(dues.c.obligation_id == obligation_id)) or 0
    connection.execute(database.insert(dues).on_conflict_do_nothing(), rows)
    after = connection.scalar(select(func.count()).where(dues.c.obligation_id == obligation_id)) or 0
    return after - before


def move(connection: Connection, due_id: str, state: DueState, now: datetime, **values: object) -> None:
    """Record how one time of a duty stands now."""
    opened = {"opened_at": now} if state is DueState.OPEN else {}
    connection.execute(update(dues).where(dues.c.id == due_id).values(state=state, told_at=None, **opened, **values))
    audit.record(connection, now, str(values.get("done_by", "aftersign")), f"due.{state}", due_id)


def told(connection: Connection, due_id: str, now: datetime) -> None:
    """Note that somebody was told how one time of a duty stands."""
    connection.execute(update(dues).where(dues.c.id == due_id).values(told_at=now))


def of_contract(connection: Connection, contract_id: str) -> Sequence[RowMapping]:
    """List a contract's register."""
    query = select(obligations).where(obligations.c.contract_id == contract_id).order_by(obligations.c.created_at)
    return connection.execute(query).mappings().all()


def confirmed(connection: Connection) -> Sequence[RowMapping]:
    """List every duty that is watched."""
    query = select(obligations).where(obligations.c.status == CONFIRMED).order_by(obligations.c.id)
    return connection.execute(query).mappings().all()


def proposed(connection: Connection) -> Sequence[RowMapping]:
    """List the duties that wait for a person to say when, with their contract."""
    query = (
        select(obligations, contracts.c.customer)
        .join(contracts, contracts.c.id == obligations.c.contract_id)
        .where(obligations.c.status == PROPOSED)
        .order_by(contracts.c.customer, obligations.c.created_at)
    )
    return connection.execute(query).mappings().all()


def unsettled(connection: Connection, states: Sequence[DueState], until: date | None = None) -> Sequence[RowMapping]:
    """List the times of duties in some states with their duty and contract, the first due first."""
    query = (
        select(
            dues, obligations.c.text, obligations.c.direction, obligations.c.owner_email, obligations.c.backup_email,
            obligations.c.lead_days, obligations.c.grace_days, obligations.c.consequence, obligations.c.contract_id,
            obligations.c.citation, obligations.c.evidence_required, contracts.c.customer,
        )
        .join(obligations, obligations.c.id == dues.c.obligation_id)
        .join(contracts, contracts.c.id == obligations.c.contract_id)
        .where(dues.c.state.in_(states), obligations.c.status == CONFIRMED)
        .order_by(dues.c.due_on, dues.c.id)
    )  # fmt: skip
    if until is not None:
        query = query.where(dues.c.due_on <= until)
    return connection.execute(query).mappings().all()


def due(connection: Connection, due_id: str) -> RowMapping | None:
    """Return one time of a duty with the duty, or `None`."""
    query = (
        select(
            dues,
            obligations.c.text,
            obligations.c.grace_days,
            obligations.c.lead_days,
            obligations.c.evidence_required,
            obligations.c.reviewer_email,
        )
        .join(obligations, obligations.c.id == dues.c.obligation_id)
        .where(dues.c.id == due_id)
    )
    return connection.execute(query).mappings().first()


def get(connection: Connection, obligation_id: str) -> RowMapping | None:
    """Return one duty, or `None`."""
    return connection.execute(select(obligations).where(obligations.c.id == obligation_id)).mappings().first()


def open_count(connection: Connection, contract_id: str) -> int:
    """Count a contract's duties that are open or missed."""
    query = (
        select(func.count())
        .select_from(dues.join(obligations, obligations.c.id == dues.c.obligation_id))
        .where(obligations.c.contract_id == contract_id, dues.c.state.in_((DueState.OPEN, DueState.MISSED)))
    )
    return connection.scalar(query) or 0


def as_obligation(row: RowMapping) -> Obligation:
    """Return the duty that a row holds."""
    return Obligation(
        key=row["key"],
        source=Source(row["source"]),
        direction=row["direction"],
        text=row["text"],
        citation=Citation(**row["citation"]) if row["citation"] else None,
        trigger_kind=Trigger(row["trigger_kind"]),
        trigger=row["trigger"],
        rrule=row["rrule"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        not_before=row["not_before"],
        lead_days=row["lead_days"],
        grace_days=row["grace_days"],
        evidence_required=row["evidence_required"],
        consequence=row["consequence"],
        after=row["after"],
    )


def _change(connection: Connection, obligation_id: str, **values: object) -> None:
    grown = {**values, "version": obligations.c.version + 1}
    connection.execute(update(obligations).where(obligations.c.id == obligation_id).values(**grown))
