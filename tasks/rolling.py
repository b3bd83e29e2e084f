"""Go on to the next term where a window has closed."""

from __future__ import annotations

import asyncio
from datetime import date

from prefect import task
from prefect.artifacts import acreate_table_artifact
from sqlalchemy import Connection, RowMapping

from domain.errors import AftersignError, Permanent
from store import clock, decisions
from tasks import context
from tasks.closing import Rolled, closed, what_became, what_follows
from tasks.context import Context
from tasks.file import open_contract
from tasks.planning import plan


@task(name="go on to the next terms", task_run_name="go on to the next terms")
async def roll_closed_terms(*, dry_run: bool) -> list[str]:
    """Record the terms whose window has closed; return their contracts' ids."""
    ctx = context.current()
    found = await asyncio.to_thread(roll_terms, ctx, dry_run=dry_run)
    if found:
        rows = [
            {"customer": one.customer, "term to": str(one.term_end), "what": one.verdict, "commits": one.cost or "–"}
            for one in found
        ]
        await acreate_table_artifact(rows, key="closed-windows", description="Terms whose window has closed")
    return [one.contract_id for one in found]


def roll_terms(ctx: Context, *, dry_run: bool = False) -> list[Rolled]:
    """Record every term whose window has closed, and go on to the next one.

    One contract's trouble never holds up another. Raises `Permanent` naming those that did not go on.
    """
    today, found, problems = ctx.clock().date(), [], []
    with ctx.database.read() as connection:
        rows = [row for row in clock.every(connection) if _has_closed(connection, row, today)]
    for row in rows:
        file = open_contract(ctx, row["contract_id"])
        with ctx.database.read() as connection:
            decision = decisions.current(connection, row["contract_id"], row["term_end"])
        verdict = what_became(ctx, file, row, decision)
        if verdict:
            found.append(closed(file, row, verdict))
        try:
            if not dry_run:
                plan(ctx, file, because=f"the window of the term to {row['term_end']} has closed")
        except AftersignError as error:
            problems.append(f"{file.customer}: {error}")
    if problems:
        fix = "see the runbook, row 'alert'; the next run tries again"
        raise Permanent(f"{len(problems)} contracts did not go on", why="; ".join(problems[:5]), fix=fix)
    return found


def _has_closed(connection: Connection, row: RowMapping, today: date) -> bool:
    if (row["notice_deadline"] or row["term_end"]) >= today:
        return False
    return bool(what_follows(row, decisions.current(connection, row["contract_id"], row["term_end"]), today))
