"""Watch the register: open what comes near, name what was missed, tell its people."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from prefect import task
from prefect.artifacts import acreate_table_artifact
from sqlalchemy import RowMapping

from domain.errors import AftersignError, Permanent
from domain.obligations import Direction, DueState, state_of
from domain.ports import ChatMessage, Project, Reference, WorkItem
from store import duties as register
from tasks import context
from tasks.context import Context
from tasks.duties import planned
from tasks.effect import Effector
from tasks.escalating import staff_of
from tasks.tell import plain, reach


@dataclass(frozen=True, slots=True)
class Moved:
    """Hold one time of a duty whose state changed today."""

    due_id: str
    customer: str
    direction: str
    text: str
    due_on: date
    state: DueState


@task(name="track obligations", task_run_name="track obligations")
async def track(*, dry_run: bool, limit: int) -> list[str]:
    """Open what comes near and name what was missed; return the ids of what moved."""
    moved = await asyncio.to_thread(track_now, context.current(), dry_run=dry_run, limit=limit)
    rows = [
        {"customer": one.customer, "whose": one.direction, "due": str(one.due_on), "state": one.state, "what": one.text}
        for one in moved
    ]
    if rows:
        await acreate_table_artifact(rows, key="obligations", description="Duties that came near or were missed")
    return [one.due_id for one in moved]


def track_now(ctx: Context, *, dry_run: bool = False, limit: int = 500) -> list[Moved]:
    """Plan the coming year's days, open what is near, mark what was missed, and tell its people.

    Raises `Permanent` before anything moves when more than `limit` would at once, and naming those
    who could not be told.
    """
    today = ctx.clock().date()
    if not dry_run:
        _plan_days(ctx, today)
    with ctx.database.read() as connection:
        rows = register.unsettled(connection, (DueState.SCHEDULED, DueState.OPEN))
        waiting = register.unsettled(connection, (DueState.OPEN, DueState.MISSED))
    moved = [(row, state) for row in rows if (state := _state(row, today)) != row["state"]]
    if len(moved) > limit:
        raise Permanent(
            f"{len(moved)} obligations would move at once",
            why="that looks like an import, not a normal day",
            fix="look at them with dry_run, then run again with a higher limit",
        )
    if not dry_run:
        with ctx.database.write() as connection:
            for row, state in moved:
                register.move(connection, row["id"], state, ctx.clock())
        _tell(
            ctx,
            [*((row, state) for row, state in moved), *((row, row["state"]) for row in waiting if not row["told_at"])],
        )
    return [
        Moved(row["id"], row["customer"], row["direction"], row["text"], row["due_on"], state) for row, state in moved
    ]


def _plan_days(ctx: Context, today: date) -> None:
    with ctx.database.read() as connection:
        rows = register.confirmed(connection)
    for row in rows:
        planned(ctx, row, today)


def _state(row: RowMapping, today: date) -> DueState:
    return state_of(row["due_on"], row["grace_days"], evidence_on=None, lead_days=row["lead_days"], today=today)


def _tell(ctx: Context, moved: Sequence[tuple[RowMapping, DueState]]) -> None:
    """Make ours tasks and theirs checks; one person's trouble never holds up another."""
    problems = []
    for row, state in moved:
        if state not in {DueState.OPEN, DueState.MISSED}:
            continue
        try:
            _one(ctx, row, state)
        except AftersignError as error:
            problems.append(f"{row['customer']}: {error}")
    if problems:
        raise Permanent(
            f"{len(problems)} obligations were not told",
            why="; ".join(problems[:5]),
            fix="see the runbook, row 'obligation'",
        )


def _one(ctx: Context, row: RowMapping, state: DueState) -> None:
    staff, ours = staff_of(ctx), row["direction"] == Direction.OURS
    to = next((one for one in (row["owner_email"], row["backup_email"]) if staff.reachable(one)), staff.somebody())
    message = ChatMessage(
        to=to, title=_head(row, state)[:150], text=_head(row, state), sections=tuple(_lines(row, state))
    )
    reach(Effector(ctx, f"due-{row['id']}"), message, ctx.settings.public_url, state)
    if ours and state is DueState.OPEN:
        _task(ctx, row, to)
    with ctx.database.write() as connection:
        register.told(connection, row["id"], ctx.clock())


def _head(row: RowMapping, state: DueState) -> str:
    who = "We owe" if row["direction"] == Direction.OURS else "They owe"
    what = f"due on {row['due_on']}" if state is DueState.OPEN else f"missed since {row['due_on']}"
    return f"{row['customer']}: {who} this, {what}"


def _lines(row: RowMapping, state: DueState) -> list[str]:
    page = f" (page {row['citation']['page']})" if row["citation"] else " (promised by sales)"
    lines = [plain(row["text"]) + page]
    if row["consequence"]:
        lines.append(f"What follows if it is missed: {plain(row['consequence'])}")
    if row["direction"] == Direction.THEIRS:
        lines.append(
            "Check it; where it was not done, claim it." if state is DueState.OPEN else "Claim it, or waive it."
        )
    return lines


def _task(ctx: Context, row: RowMapping, to: str) -> None:
    """Put our duty into the work tool, where there is one."""
    board = ctx.registry.work
    if board is None:
        return
    effects = Effector(ctx, "obligations")
    frame = Project("Contract obligations", "obligations", ctx.business.playbook.revops, ctx.clock().date(), ())
    project: Reference = effects.once(
        "project", role="work", find=board.find_project, make=lambda key: board.create_project(frame, key=key),
        request=frame.name, settle=board.settle_seconds,
    )  # fmt: skip
    item = WorkItem(
        f"due-{row['id']}", f"{row['customer']}: {row['text'][:90]}", row["due_on"], "owner", to, row["text"]
    )
    effects.once(
        item.key, role="work", find=lambda key: board.find_item(project, key),
        make=lambda key: board.create_item(project, item, key=key), request=item.name, settle=board.settle_seconds,
    )  # fmt: skip
