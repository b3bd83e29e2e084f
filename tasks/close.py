"""Close a handoff run: its state, its proof, and one error that names everything missing."""

from __future__ import annotations

import asyncio
from typing import Any

from prefect import task
from prefect.artifacts import acreate_link_artifact, acreate_markdown_artifact, acreate_table_artifact

from domain.errors import Permanent
from domain.handoff import ACTIONS, PREPARATION, StepState
from store import briefs, handoffs, inbox
from tasks import context
from tasks.context import Context


@task(name="record the proof", task_run_name="proof · {handoff_id}", retries=2, retry_delay_seconds=2)
async def record_proof(handoff_id: str) -> int:
    """Show the brief and the state of every step on the run page; return how many are missing."""
    ctx = context.current()
    table, markdown, missing = await asyncio.to_thread(_close, ctx, handoff_id)
    key = handoff_id.lower()
    await acreate_table_artifact(table=table, key=f"proof-{key}", description=f"Handoff proof: {handoff_id}")
    if markdown:
        await acreate_markdown_artifact(markdown=markdown, key=f"brief-{key}", description="Context brief")
    url = f"{ctx.settings.public_url}/handoffs/{handoff_id}"
    await acreate_link_artifact(link=url, link_text="Open the handoff in Aftersign", key=f"handoff-{key}")
    return missing


def _close(ctx: Context, handoff_id: str) -> tuple[list[dict[str, Any]], str, int]:
    with ctx.database.write() as connection:
        missing = handoffs.close(connection, handoff_id, ctx.clock())
        row = handoffs.get(connection, handoff_id)
        if row["inbox_id"]:
            inbox.settle(connection, row["inbox_id"], state="done", now=ctx.clock(), handoff=handoff_id)
        steps = handoffs.step_rows(connection, handoff_id)
        brief = briefs.latest(connection, handoff_id)
    table = [
        {
            "step": str(step),
            "state": steps[step]["state"],
            "reference": steps[step]["reference"],
            "detail": steps[step]["detail"] or (steps[step]["error"] or {}).get("what", ""),
            "finished": steps[step]["finished_at"].isoformat() if steps[step]["finished_at"] else "",
        }
        for step in (*PREPARATION, *ACTIONS)
    ]
    return table, brief["markdown"] if brief else "", len(missing)


def explain_missing(ctx: Context, handoff_id: str) -> str:
    """Say in one text what is missing, why, and how to fix it; empty when nothing is."""
    with ctx.database.read() as connection:
        steps = handoffs.step_rows(connection, handoff_id)
    lines = []
    for step in (*PREPARATION, *ACTIONS):
        row = steps[step]
        if row["state"] in {StepState.DONE, StepState.SKIPPED}:
            continue
        error = row["error"] or {}
        who = "needs a person" if row["state"] == StepState.DEAD else "is tried again by itself"
        text = f"{step} {who}: {error.get('what') or 'it did not run'}"
        text += f" Why: {error['why']}." if error.get("why") else ""
        text += f" Fix: {error['fix']}." if error.get("fix") else ""
        lines.append(text)
    return " | ".join(lines)


def missing_error(ctx: Context, handoff_id: str) -> Permanent:
    """Return the error a run ends with when steps are missing."""
    return Permanent(
        f"Handoff {handoff_id} is not complete",
        why=explain_missing(ctx, handoff_id),
        fix="fix what is named, then press Retry: only the missing steps run again",
    )
