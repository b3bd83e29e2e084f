"""Handoffs, their steps and the lease that lets one executor at a time work on one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, Update, and_, func, insert, or_, select, update

from domain.errors import AftersignError, LeaseHeld, Permanent
from domain.handoff import FINISHED, EffectState, Step, StepState
from domain.ports import Reference
from store import audit
from store.database import Database
from store.effects import executor_alive
from store.tables import effects, first_touches, handoffs, inbox, steps

LEASE = timedelta(seconds=90)
HEARTBEAT = timedelta(seconds=20)
MAX_RUNS = 8
FIRST_PAUSE = timedelta(minutes=5)


def open_handoff(database: Database, connection: Connection, values: Mapping[str, object], now: datetime) -> bool:
    """Create the handoff with all its steps pending; `False` when it already exists."""
    statement = database.insert(handoffs).values(state="running", accepted_at=now, **values)
    if not connection.execute(statement.on_conflict_do_nothing()).rowcount:
        return False
    rows = [{"handoff_id": values["id"], "step": step, "state": StepState.PENDING} for step in Step]
    connection.execute(insert(steps), rows)
    audit.record(connection, now, "aftersign", "handoff.opened", str(values["id"]), document=values["document"])
    return True


def get(connection: Connection, handoff_id: str) -> RowMapping:
    """Return one handoff. Raises `Permanent` when there is none of that id."""
    row = connection.execute(select(handoffs).where(handoffs.c.id == handoff_id)).mappings().first()
    if row is None:
        raise Permanent(
            f"There is no handoff {handoff_id!r}", fix="see `aftersign handoff list` for the ids that exist"
        )
    return row


def of_document(connection: Connection, source: str, document: str) -> str:
    """Return the id of the handoff that a provider's document already has."""
    query = select(handoffs.c.id).where(handoffs.c.source == source, handoffs.c.document == document)
    return str(connection.execute(query).scalar_one())


def by_inbox(connection: Connection, inbox_id: str) -> RowMapping | None:
    """Return the handoff that an inbox entry led to."""
    return connection.execute(select(handoffs).where(handoffs.c.inbox_id == inbox_id)).mappings().first()


def by_contract(connection: Connection, contract_id: str) -> RowMapping | None:
    """Return the handoff of a contract."""
    return connection.execute(select(handoffs).where(handoffs.c.contract_id == contract_id)).mappings().first()


def of_deal(connection: Connection, deal_id: str) -> Sequence[str]:
    """Return the ids of the handoffs that belong to a deal."""
    return list(connection.scalars(select(handoffs.c.id).where(handoffs.c.deal_id == deal_id)))


def change(connection: Connection, handoff_id: str, **values: object) -> None:
    """Set columns of a handoff."""
    connection.execute(update(handoffs).where(handoffs.c.id == handoff_id).values(**values))


def step_rows(connection: Connection, handoff_id: str) -> dict[Step, RowMapping]:
    """Return every step of a handoff by name."""
    rows = connection.execute(select(steps).where(steps.c.handoff_id == handoff_id)).mappings()
    return {Step(row["step"]): row for row in rows}


def step_row(connection: Connection, handoff_id: str, step: Step) -> RowMapping | None:
    """Return one step."""
    query = select(steps).where(steps.c.handoff_id == handoff_id, steps.c.step == step)
    return connection.execute(query).mappings().first()


def begin_step(connection: Connection, handoff_id: str, step: Step, now: datetime, run_id: str) -> None:
    """Note that somebody starts on a step."""
    connection.execute(
        _step(handoff_id, step).values(
            state=StepState.RUNNING,
            attempts=steps.c.attempts + 1,
            started_at=now,
            run_id=run_id,
        )
    )


def finish_step(
    connection: Connection,
    handoff_id: str,
    step: Step,
    now: datetime,
    *,
    state: StepState,
    reference: str = "",
    url: str = "",
    detail: str = "",
) -> None:
    """Note that a step is done or, with its reason in `detail`, skipped."""
    connection.execute(
        _step(handoff_id, step).values(
            state=state, reference=reference, url=url, detail=detail, error=None, finished_at=now
        )
    )
    audit.record(
        connection, now, "aftersign", f"step.{state}", handoff_id, step=step, reference=reference, detail=detail
    )


def fail_step(connection: Connection, handoff_id: str, step: Step, now: datetime, error: AftersignError) -> None:
    """Note what kept a step from finishing and whether waiting can help."""
    state = StepState.DEAD if isinstance(error, Permanent) else StepState.WAITING
    body = {"what": error.what, "why": error.why, "fix": error.fix}
    connection.execute(_step(handoff_id, step).values(state=state, error=body))
    audit.record(connection, now, "aftersign", f"step.{state}", handoff_id, step=step, **body)


def close(connection: Connection, handoff_id: str, now: datetime) -> dict[Step, RowMapping]:
    """Set the handoff's own state from its steps and return those that are not finished."""
    missing = {s: row for s, row in step_rows(connection, handoff_id).items() if row["state"] not in FINISHED}
    state = "incomplete" if missing else "complete"
    before = get(connection, handoff_id)
    done_at = before["completed_at"] or (None if missing else now)
    change(connection, handoff_id, state=state, completed_at=done_at)
    if before["state"] != state:
        audit.record(connection, now, "aftersign", f"handoff.{state}", handoff_id, missing=sorted(missing))
    return missing


def take_lease(database: Database, handoff_id: str, owner: str, now: datetime, run_id: str) -> None:
    """Become the one executor of a handoff. Raises `LeaseHeld` while another one lives."""
    with database.write() as connection:
        row = get(connection, handoff_id)
        until = row["lease_until"]
        held = until is not None and until > now and row["lease_owner"] != owner
        if held and executor_alive(row["lease_owner"]):
            raise LeaseHeld(
                f"Another run is working on {handoff_id}", retry_after=min((until - now).total_seconds(), 60)
            )
        changed = connection.execute(
            update(handoffs)
            .where(handoffs.c.id == handoff_id, handoffs.c.lease_owner == row["lease_owner"])
            .values(
                lease_owner=owner,
                lease_until=now + LEASE,
                state="running",
                run_id=run_id,
                runs=handoffs.c.runs + 1,
            )
        ).rowcount
        if not changed:
            raise LeaseHeld(f"Another run has just started on {handoff_id}", retry_after=2)


def renew_lease(database: Database, handoff_id: str, owner: str, now: datetime) -> bool:
    """Keep the lease for another while; `False` when it is no longer ours."""
    with database.write() as connection:
        mine = and_(handoffs.c.id == handoff_id, handoffs.c.lease_owner == owner)
        return bool(connection.execute(update(handoffs).where(mine).values(lease_until=now + LEASE)).rowcount)


def drop_lease(database: Database, handoff_id: str, owner: str) -> None:
    """Give the lease back."""
    with database.write() as connection:
        mine = and_(handoffs.c.id == handoff_id, handoffs.c.lease_owner == owner)
        connection.execute(update(handoffs).where(mine).values(lease_owner="", lease_until=None))


def holds_lease(connection: Connection, handoff_id: str, owner: str) -> bool:
    """Tell whether the lease is still ours."""
    return connection.scalar(select(handoffs.c.lease_owner).where(handoffs.c.id == handoff_id)) == owner


def orphaned(connection: Connection, now: datetime) -> Sequence[RowMapping]:
    """List running handoffs whose executor is gone: its lease ran out, or its process is dead.

    One that was opened and never leased counts too, once its run had time to take the lease.
    """
    query = select(handoffs).where(handoffs.c.state == "running")
    return [row for row in connection.execute(query).mappings() if _abandoned(row, now)]


def _abandoned(row: RowMapping, now: datetime) -> bool:
    if row["lease_until"] is None:
        return bool(row["accepted_at"] + HEARTBEAT < now)
    return bool(row["lease_until"] <= now) or not executor_alive(row["lease_owner"])


def resume_key(row: RowMapping, now: datetime) -> str:
    """Return the idempotency key of a resuming run.

    It changes with every run and every five minutes, so that a resuming run that died itself
    before it took the lease does not stand in the way of the next one.
    """
    return f"{row['id']}:after-run-{row['runs']}:{int(now.timestamp()) // 300}"


def to_resume(connection: Connection, now: datetime) -> Sequence[RowMapping]:
    """List incomplete handoffs with a step that is worth another try by now.

    Pauses double from five minutes; after `MAX_RUNS` runs a person must press Retry.
    """
    waiting = select(steps.c.handoff_id).where(steps.c.state == StepState.WAITING)
    query = select(handoffs).where(
        handoffs.c.state == "incomplete", handoffs.c.id.in_(waiting), handoffs.c.runs < MAX_RUNS
    )
    rows = connection.execute(query).mappings().all()
    return [row for row in rows if now >= _last_try(connection, row) + FIRST_PAUSE * 2 ** max(row["runs"] - 1, 0)]


def give_up(connection: Connection, now: datetime) -> list[str]:
    """Turn waiting steps of handoffs that used up their runs into dead letters."""
    spent = select(handoffs.c.id).where(handoffs.c.state == "incomplete", handoffs.c.runs >= MAX_RUNS)
    rows = connection.execute(
        select(steps.c.handoff_id, steps.c.step).where(
            steps.c.state == StepState.WAITING, steps.c.handoff_id.in_(spent)
        )
    ).all()
    for handoff_id, step in rows:
        connection.execute(_step(handoff_id, Step(step)).values(state=StepState.DEAD))
        audit.record(connection, now, "aftersign", "step.dead", handoff_id, step=step, why=f"{MAX_RUNS} runs failed")
    return sorted({handoff_id for handoff_id, _ in rows})


def rows(
    connection: Connection, *, state: str = "", since: datetime | None = None, limit: int = 200, offset: int = 0
) -> Sequence[RowMapping]:
    """List handoffs, newest first."""
    query = select(handoffs).order_by(handoffs.c.accepted_at.desc(), handoffs.c.id).limit(limit).offset(offset)
    if state:
        query = query.where(handoffs.c.state == state)
    if since:
        query = query.where(handoffs.c.accepted_at >= since)
    return connection.execute(query).mappings().all()


def all_steps(connection: Connection, ids: Sequence[str]) -> dict[str, dict[str, RowMapping]]:
    """Return the steps of many handoffs in one query."""
    grouped: dict[str, dict[str, RowMapping]] = {}
    for row in connection.execute(select(steps).where(steps.c.handoff_id.in_(ids))).mappings():
        grouped.setdefault(row["handoff_id"], {})[row["step"]] = row
    return grouped


def effect_rows(connection: Connection, handoff_id: str) -> Sequence[RowMapping]:
    """List the effects of one handoff."""
    query = select(effects).where(effects.c.handoff_id == handoff_id).order_by(effects.c.intended_at)
    return connection.execute(query).mappings().all()


def applied_effect(connection: Connection, key: str) -> Reference | None:
    """Return what an applied effect led to."""
    query = select(effects.c.reference, effects.c.url).where(
        effects.c.key == key, effects.c.state == EffectState.APPLIED
    )
    row = connection.execute(query).first()
    return Reference(row.reference, row.url) if row else None


def csm_load(connection: Connection) -> dict[str, int]:
    """Count each customer success manager's open handoffs: not complete, or not yet contacted."""
    touch = first_touches.c.state
    query = (
        select(handoffs.c.csm_email, func.count())
        .outerjoin(first_touches, first_touches.c.handoff_id == handoffs.c.id)
        .where(handoffs.c.csm_email != "", or_(handoffs.c.state != "complete", touch.is_(None), touch == "open"))
        .group_by(handoffs.c.csm_email)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def dead_steps(connection: Connection) -> Sequence[RowMapping]:
    """List the steps that need a person, with their customer."""
    query = select(steps, handoffs.c.customer).join(handoffs, handoffs.c.id == steps.c.handoff_id)
    return connection.execute(query.where(steps.c.state == StepState.DEAD)).mappings().all()


def without_handoff(connection: Connection) -> Sequence[RowMapping]:
    """List completions in the inbox that have not led to a handoff."""
    query = select(inbox.c.id, inbox.c.source, inbox.c.document, inbox.c.state, inbox.c.reason, inbox.c.received_at)
    query = query.where(inbox.c.handoff_id.is_(None), inbox.c.state.in_(("received", "started", "dead")))
    return connection.execute(query).mappings().all()


def _step(handoff_id: str, step: Step) -> Update:
    return update(steps).where(steps.c.handoff_id == handoff_id, steps.c.step == step)


def _last_try(connection: Connection, row: RowMapping) -> datetime:
    latest: datetime | None = connection.scalar(
        select(func.max(steps.c.started_at)).where(steps.c.handoff_id == row["id"])
    )
    accepted: datetime = row["accepted_at"]
    return latest or accepted
