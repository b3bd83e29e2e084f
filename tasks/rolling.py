"""Go on to the next term where nobody stopped the last one, and say what that commits us to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date

from prefect import task
from prefect.artifacts import acreate_table_artifact
from sqlalchemy import RowMapping

from domain.lateness import committed
from domain.ports import ChatMessage
from domain.renewal import RENEWS
from domain.terms import ContractTerms, TermField
from store import alerts, clock, contracts, decisions
from tasks import context
from tasks.context import Context
from tasks.deciding import SERVED
from tasks.effect import Effector
from tasks.file import open_contract
from tasks.planning import plan
from tasks.tell import plain, reach

_US = "aftersign"
_ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Rolled:
    """Hold a term whose window closed without a decision that was carried out."""

    contract_id: str
    customer: str
    term_end: date
    verdict: str
    cost: str


@task(name="go on to the next terms", task_run_name="go on to the next terms")
async def roll_closed_terms(*, dry_run: bool) -> list[str]:
    """Record the terms that nobody stopped; return their contracts' ids."""
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
    """Record every term that nobody stopped, with what it commits us to, and go on to the next one."""
    today, found = ctx.clock().date(), []
    with ctx.database.read() as connection:
        closed = [row for row in clock.every(connection) if _closes(row) < today]
        settled = decisions.taken(connection)
    for row in closed:
        done = settled.get((row["contract_id"], row["term_end"])) == decisions.EXECUTED
        rolled = _rolled(ctx, row, done=done)
        if rolled is None:
            continue
        found.append(rolled)
        if not dry_run:
            _roll(ctx, row, rolled, done=done)
    return found


def _rolled(ctx: Context, row: RowMapping, *, done: bool) -> Rolled | None:
    file = open_contract(ctx, row["contract_id"])
    terms = ContractTerms.of(file.reading.terms)
    renews = (terms.text(TermField.RENEWAL_TYPE) or "") in RENEWS
    with ctx.database.read() as connection:
        decision = decisions.current(connection, row["contract_id"], row["term_end"])
    stopped = done and decision is not None and decision["verdict"] in SERVED
    if not renews or stopped:
        if row["term_end"] >= ctx.clock().date():
            return None  # the window has closed; the term itself still runs
        return Rolled(row["contract_id"], file.customer, row["term_end"], _ENDED, "")
    cost = committed(terms, terms.period(TermField.RENEWAL_TERM))
    amount = str(cost.amount) if cost.amount else ""
    return Rolled(row["contract_id"], file.customer, row["term_end"], decisions.LOCKED_IN, amount)


def _roll(ctx: Context, row: RowMapping, rolled: Rolled, *, done: bool) -> None:
    contract, why = rolled.contract_id, f"the window of the term to {rolled.term_end} has closed"
    if not done:
        with ctx.database.write() as connection:
            decisions.add(
                connection, contract, rolled.term_end, rolled.verdict, who=_US, because=why, now=ctx.clock(),
                state=decisions.EXECUTED, cost=rolled.cost,
            )  # fmt: skip
    if rolled.verdict == _ENDED:
        with ctx.database.write() as connection:
            clock.stop(connection, contract, "the term has ended", ctx.clock())
            alerts.supersede(connection, contract, "the term has ended")
        return
    plan(ctx, open_contract(ctx, contract), because=why)
    if not done:
        _tell_locked_in(ctx, row, rolled)


def _closes(row: RowMapping) -> date:
    closes: date = row["notice_deadline"] or row["term_end"]
    return closes


def _tell_locked_in(ctx: Context, row: RowMapping, rolled: Rolled) -> None:
    with ctx.database.read() as connection:
        about = contracts.get(connection, rolled.contract_id)
    cost = f" and commits {rolled.cost}" if rolled.cost else ""
    text = f"{rolled.customer}: the renewal after {rolled.term_end} is locked in{cost}; no notice was proved"
    for email in filter(None, (about["owner_email"], about["backup_email"])):
        message = ChatMessage(to=email, title=text[:150], text=text, sections=tuple(map(plain, row["explanation"])))
        reach(
            Effector(ctx, f"locked-in-{rolled.contract_id}-{rolled.term_end}"), message, ctx.settings.public_url, email
        )
