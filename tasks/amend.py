"""Show amendments to the people responsible, and apply what a named person decided."""

from __future__ import annotations

import asyncio

from prefect import task
from prefect.artifacts import acreate_table_artifact

from domain.amendment import AmendmentState, Impact
from domain.errors import Permanent
from domain.ports import Button, ChatMessage
from store import contracts, handoffs, ledger
from tasks import amending, context
from tasks.context import Context
from tasks.effect import Effector
from tasks.tell import plain, reach


@task(name="show amendments to the owners", task_run_name="show amendments to the owners")
async def announce_amendments(amendment_ids: list[str]) -> str:
    """Tell the owner of each contract what an amendment would move, once for each state of it."""
    ctx = context.current()
    for identity in amendment_ids:
        impact = await asyncio.to_thread(announce, ctx, identity)
        rows = [{"what": one.what, "before": one.before or "–", "after": one.after or "–"} for one in impact.moved]
        await acreate_table_artifact(rows, key=f"amendment-{identity}", description="What the amendment would move")
    return ", ".join(amendment_ids)


@task(name="show new amendments", task_run_name="amendments of {handoff_id}")
async def announce_of_handoff(handoff_id: str) -> str:
    """Tell the owners of what a signed paper changes; nothing where it changes nothing."""
    return await announce_amendments.fn(await asyncio.to_thread(_of_handoff, context.current(), handoff_id))


@task(name="settle an amendment", task_run_name="{verdict} {amendment_id}")
async def settle_amendment(amendment_id: str, verdict: str, shown: str, who: str, because: str) -> str:
    """Apply a person's decision about an amendment."""
    return await asyncio.to_thread(_settle, context.current(), amendment_id, verdict, shown, who, because)


def _settle(ctx: Context, amendment_id: str, verdict: str, shown: str, who: str, because: str) -> str:
    if verdict == "approve":
        return amending.approve(ctx, amendment_id, shown, who=who, because=because)
    decide = amending.reject if verdict == "reject" else amending.withdraw
    return decide(ctx, amendment_id, who=who, because=because)


def announce(ctx: Context, amendment_id: str) -> Impact:
    """Tell the contract's owner what an amendment would move. Raises `Permanent` for an unknown one."""
    with ctx.database.read() as connection:
        row = ledger.amendment(connection, amendment_id)
        if row is None:
            raise Permanent(f"There is no amendment {amendment_id!r}", fix="see `aftersign amendments list`")
        target, paper = contracts.get(connection, row["target_id"]), contracts.get(connection, row["paper_id"])
    impact = ledger.impact_of(row)
    if row["state"] == AmendmentState.PROPOSED:
        head = f"{paper['title']} would change {target['title']} of {target['customer']} from {row['valid_from']}"
        message = ChatMessage(
            to=target["owner_email"] or ctx.business.playbook.revops,
            title=head[:150],
            text=head,
            sections=tuple(_lines(impact)),
            buttons=(Button("approve", "Approve", value=f"{amendment_id}:{row['shown_hash']}", primary=True),),
        )
        key = f"amendment-{amendment_id}-{row['shown_hash'][:16]}"
        reach(Effector(ctx, key), message, ctx.settings.public_url, "shown")
    return impact


def _lines(impact: Impact) -> list[str]:
    moved = [plain(f"{one.what}: {one.before or '–'} → {one.after or '–'}") for one in impact.moved]
    return [
        *(moved or ["It changes no term that was recognised."]),
        *(plain(f"Read it yourself: {one}") for one in impact.unread),
    ]


def _of_handoff(ctx: Context, handoff_id: str) -> list[str]:
    with ctx.database.read() as connection:
        paper = handoffs.get(connection, handoff_id)["contract_id"]
        return [str(row["id"]) for row in ledger.listed(connection) if row["paper_id"] == paper]
