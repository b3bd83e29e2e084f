"""What the sweep does every five minutes: start, find, resume, remind, bury."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from prefect import task
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.deployments import arun_deployment

from domain.calendars import zone
from domain.errors import AftersignError, Permanent
from domain.playbook import escalation_level
from domain.ports import Button, ChatMessage
from domain.tokens import Purpose
from store import briefs, checkpoints, cursors, first_touches, handoffs, inbox
from store.links import link
from tasks import context
from tasks.context import Context
from tasks.effect import Effector
from tasks.tell import plain, reach

PATIENCE = timedelta(seconds=30)
OVERLAP = timedelta(hours=1)
FIRST_LOOK = timedelta(days=2)
SIGNED = "contract-signed/aftersign"
HAND_OFF = "hand-off/aftersign"
UPDATE_BRIEF = "update-brief/aftersign"


@task(name="sign the audit trail", task_run_name="sign the audit trail")
async def sign_audit_trail() -> int:
    """Write a signed checkpoint of the audit chain where one is due; return its number, or 0."""
    return await asyncio.to_thread(checkpoint, context.current())


def checkpoint(ctx: Context) -> int:
    """Write a checkpoint outside the database when ten minutes or a thousand entries have passed."""
    keeper = checkpoints.keeper(ctx.settings.home, ctx.settings.audit.checkpoints)
    with ctx.database.read() as connection:
        return keeper.write(connection, ctx.clock()).number if keeper.due(connection, ctx.clock()) else 0


@task(name="start what nobody started", task_run_name="start waiting entries")
async def start_waiting() -> int:
    """Start inbox entries that no dispatcher started."""
    ctx = context.current()
    started = 0
    rows = await asyncio.to_thread(_to_start, ctx)
    waiting = await _still_waiting([row["run_id"] for row in rows if row["run_id"] and row["state"] == "started"])
    for row in rows:
        if row["run_id"] in waiting:
            continue
        run = await arun_deployment(
            SIGNED,
            parameters={"event_id": row["id"]},
            idempotency_key=f"{row['id']}:{row['attempt']}",
            timeout=0,
            as_subflow=False,
        )
        await asyncio.to_thread(_started, ctx, row["id"], str(run.id))
        started += 1
    return started


@task(name="ask providers for unheard completions", task_run_name="look for unheard completions · {source}")
async def find_unheard(source: str) -> int:
    """Enter documents the provider completed and no webhook announced."""
    return await asyncio.to_thread(look_for_unheard, context.current(), source)


def look_for_unheard(ctx: Context, source: str) -> int:
    """Ask one provider for completions since the last look, with an overlap, and enter new ones.

    Raises `Transient` when the provider does not answer; the cursor then stays where it was.
    """
    name, now = f"esign:{source}", ctx.clock()
    with ctx.database.read() as connection:
        since = cursors.get(connection, name)
    begin = (since - OVERLAP) if since else now - FIRST_LOOK
    documents = list(ctx.registry.esign(source).completed_since(begin))
    with ctx.database.read() as connection:
        known = inbox.known_documents(connection, source, documents)
    found = [d for d in documents if d not in known and inbox.add_found(ctx.database, source, d, now)]
    with ctx.database.write() as connection:
        cursors.put(ctx.database, connection, name, now)
    return len(found)


@task(name="resume handoffs", task_run_name="resume handoffs")
async def resume_handoffs() -> int:
    """Resume handoffs whose run died and retry those where waiting may have helped."""
    ctx = context.current()
    rows = await asyncio.to_thread(_to_resume, ctx)
    for row in rows:
        key = handoffs.resume_key(row, ctx.clock())
        await arun_deployment(
            HAND_OFF, parameters={"handoff_id": row["id"]}, idempotency_key=key, timeout=0, as_subflow=False
        )
    return len(rows)


@task(name="issue waiting briefs", task_run_name="issue waiting briefs")
async def issue_waiting_briefs() -> int:
    """Start brief updates for answers that came while the scheduler was away."""
    ctx = context.current()
    rows = await asyncio.to_thread(_unread_answers, ctx)
    for handoff_id, stamp in rows:
        await arun_deployment(
            UPDATE_BRIEF,
            parameters={"handoff_id": handoff_id},
            idempotency_key=f"{handoff_id}:answers-at:{stamp}",
            timeout=0,
            as_subflow=False,
        )
    return len(rows)


@task(name="bury dead letters", task_run_name="bury dead letters")
async def bury_dead_letters() -> int:
    """Turn what used up its attempts into dead letters that a person sees."""
    return await asyncio.to_thread(_bury, context.current())


@task(name="tell RevOps about dead letters", task_run_name="tell about dead letters")
async def tell_dead_letters() -> int:
    """Tell RevOps once about everything that needs a person."""
    return await asyncio.to_thread(tell_all_dead, context.current())


def tell_all_dead(ctx: Context) -> int:
    """Send one message for each dead letter, with what happened, why, and how to fix it."""
    with ctx.database.read() as connection:
        steps, entries = handoffs.dead_steps(connection), inbox.dead(connection)
    for row in steps:
        error = row["error"] or {}
        _tell_dead(
            ctx,
            row["handoff_id"],
            f"dead:{row['step']}:{row['attempts']}",
            f"{row['customer'] or row['handoff_id']}: {row['step']} needs a person",
            tuple(f"{part}: {error[part]}" for part in ("what", "why", "fix") if error.get(part)),
        )
    for row in entries:
        what = f"A signature from {row['source']} led to no handoff (document {row['document']})"
        _tell_dead(ctx, f"inbox-{row['id']}", f"dead:{row['attempt']}", what, (row["reason"],))
    return len(steps) + len(entries)


def _tell_dead(ctx: Context, subject: str, key: str, what: str, sections: tuple[str, ...]) -> None:
    page = f"/handoffs/{subject}" if not subject.startswith("inbox-") else "/dead-letters"
    url = ctx.settings.public_url + page
    message = ChatMessage(
        to=ctx.business.playbook.revops,
        title=what[:150],
        text=what,
        sections=tuple(plain(section) for section in sections),
        buttons=(Button("open", "Open", url=url, primary=True),),
    )
    reach(Effector(ctx, subject), message, url, key)


@task(name="raise untouched customers", task_run_name="raise untouched customers")
async def raise_untouched() -> int:
    """Remind the CSM, then the manager, then RevOps of a first touch that nears its deadline."""
    return await asyncio.to_thread(escalate_all, context.current())


@dataclass(frozen=True, slots=True)
class Escalation:
    """Hold one reminder that is due."""

    handoff_id: str
    level: int
    to: str
    customer: str
    due: datetime


def escalate_all(ctx: Context) -> int:
    """Send every reminder that is due and not sent; one failure never hides the others."""
    with ctx.database.read() as connection:
        rows = first_touches.untouched(connection, ctx.clock())
    raised, problems = 0, []
    for row in rows:
        reminder = _escalation(ctx, row)
        if reminder is None:
            continue
        try:
            _remind(ctx, reminder)
            raised += 1
        except AftersignError as error:
            problems.append(f"{row['handoff_id']}: {error}")
    if problems:
        raise Permanent(
            f"{len(problems)} reminders were not sent",
            why="; ".join(problems[:5]),
            fix="see the runbook, row 'reminder'",
        )
    return raised


def _escalation(ctx: Context, row: Any) -> Escalation | None:
    steps = ctx.business.playbook.first_touch.escalate_at
    level = escalation_level(
        created=row["created_at"].timestamp(), due=row["due_at"].timestamp(), now=ctx.clock().timestamp(), steps=steps
    )
    if level <= row["escalation"]:
        return None
    csm = ctx.business.people.get(row["csm_email"])
    manager = csm.manager if csm else ""
    to = {1: row["csm_email"], 2: manager}.get(level) or ctx.business.playbook.revops
    return Escalation(row["handoff_id"], level, to, row["customer"], row["due_at"])


def _remind(ctx: Context, reminder: Escalation) -> None:
    person = ctx.business.people.get(reminder.to)
    local = reminder.due.astimezone(zone(person.timezone if person else "UTC"))
    url = link(ctx.settings, Purpose.FIRST_TOUCH, reminder.handoff_id)
    message = ChatMessage(
        to=reminder.to,
        title=f"No first contact yet: {reminder.customer}"[:150],
        text=f"Nobody has contacted {reminder.customer} yet; it is due {local:%A %d %B, %H:%M}",
        buttons=(Button("open", "Open the task", url=url, primary=True),),
    )
    reach(Effector(ctx, reminder.handoff_id), message, url, "escalation", f"level-{reminder.level}")
    with ctx.database.write() as connection:
        first_touches.escalated(connection, reminder.handoff_id, reminder.level, ctx.clock())


def _to_start(ctx: Context) -> Sequence[Any]:
    with ctx.database.read() as connection:
        return inbox.to_start(connection, ctx.clock(), patience=PATIENCE)


def _started(ctx: Context, inbox_id: str, run_id: str) -> None:
    with ctx.database.write() as connection:
        inbox.started(connection, inbox_id, run_id, ctx.clock())


def _to_resume(ctx: Context) -> list[Any]:
    with ctx.database.read() as connection:
        now = ctx.clock()
        return [*handoffs.orphaned(connection, now), *handoffs.to_resume(connection, now)]


def _unread_answers(ctx: Context) -> list[tuple[str, str]]:
    with ctx.database.read() as connection:
        return briefs.unread_answers(connection)


def _bury(ctx: Context) -> int:
    with ctx.database.write() as connection:
        now = ctx.clock()
        return len(inbox.bury(connection, now, patience=PATIENCE)) + len(handoffs.give_up(connection, now))


async def _still_waiting(run_ids: Sequence[str]) -> set[str]:
    """Return which of these runs wait for a worker, asking once for up to 200 of them."""
    found: set[str] = set()
    async with get_client() as client:
        for start in range(0, len(run_ids), 200):
            wanted = FlowRunFilterId(any_=[uuid.UUID(run_id) for run_id in run_ids[start : start + 200]])
            scheduled = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED]))
            rows = await client.read_flow_runs(flow_run_filter=FlowRunFilter(id=wanted, state=scheduled), limit=200)
            found |= {str(row.id) for row in rows}
    return found
