"""The steps of a reconciliation run: contracts, invoices, findings, and word to those whom it concerns."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from prefect import task
from prefect.artifacts import acreate_table_artifact

from config.settings import settings
from connectors.files.contracts import ContractFiles, read_contracts
from store import findings, invoices
from tasks import context
from tasks.context import Context
from tasks.money_news import tell
from tasks.money_terms import Books, books
from tasks.reconciling import Outcome, Scope, reconcile_now
from tasks.step import waiting_may_help

_LATE = timedelta(hours=36)


@task(name="reconcile invoices", task_run_name="reconcile invoices")
async def reconcile(
    *, since: date | None, until: date | None, contract: str, party: str, full: bool, dry_run: bool, limit_percent: int
) -> list[str]:
    """Check invoices against contracts; return the fingerprints of what is new, changed or settled."""
    scope = Scope(since, until, contract, party, full, dry_run, limit_percent)
    ctx = context.current()
    outcome, known = await asyncio.to_thread(reconcile_all, ctx, scope)
    await acreate_table_artifact(_sources(ctx), key="invoice-sources", description="When each source was last read")
    await acreate_table_artifact(_totals(ctx), key="findings", description="Open findings by code and currency")
    if unchecked := _unchecked(known, outcome):
        await acreate_table_artifact(unchecked, key="unchecked", description="What could not be checked, and why")
    return [one.fingerprint for one in outcome.changes]


@task(
    name="tell of findings",
    task_run_name="tell of findings",
    retries=len(settings().retries.delays),
    retry_delay_seconds=list(settings().retries.delays),
    retry_condition_fn=waiting_may_help,
)
async def tell_of_findings() -> list[str]:
    """Send each owner what is new about their contracts' invoices; nothing where nothing is."""
    return await asyncio.to_thread(tell, context.current())


def reconcile_all(ctx: Context, scope: Scope) -> tuple[Outcome, tuple[Books, ContractFiles]]:
    """Reconcile with the contracts of the ledger and of the folder. Raises `Permanent` for an implausible result."""
    files = contract_files(ctx)
    known = books(ctx, files.contracts)
    return reconcile_now(ctx, known, ctx.business.reconciliation, scope), (known, files)


def contract_files(ctx: Context) -> ContractFiles:
    """Return the contracts of the folder, none where there is no such folder."""
    folder = ctx.settings.files.contracts
    return read_contracts(folder) if folder.exists() else ContractFiles(())


def _sources(ctx: Context) -> list[dict[str, str | int]]:
    """Say how old what we know is; a source that stands still is late before any run fails."""
    now = ctx.clock()
    with ctx.database.read() as connection:
        at, unread = invoices.read_at(connection), Counter(row["source"] for row in invoices.problems(connection))
    return [
        {
            "source": name, "read at": str(at.get(name, "never")), "unread": unread[name],
            "late": "yes" if name not in at or now - at[name] > _LATE else "",
        }
        for name in sorted(ctx.registry.billings)
    ]  # fmt: skip


def _totals(ctx: Context) -> list[dict[str, str | int]]:
    with ctx.database.read() as connection:
        rows = findings.listed(connection)
    count: Counter[tuple[str, str]] = Counter()
    stake: Counter[tuple[str, str]] = Counter()
    for row in rows:
        key = (row["code"], row["currency"])
        count[key] += 1
        stake[key] += Decimal(row["at_stake"] or 0)  # type: ignore[assignment]
    return [
        {"code": code, "currency": currency, "open": count[code, currency], "at stake": str(stake[code, currency])}
        for code, currency in sorted(count)
    ]


def _unchecked(known: tuple[Books, ContractFiles], outcome: Outcome) -> list[dict[str, str]]:
    held, files = known
    rows = [
        {"what": f"contract {one.number or key}", "why": "; ".join(one.why), "fix": "complete it with a contract file"}
        for key, one in held.unchecked.items()
    ]
    return rows + [{"what": one.where, "why": one.what, "fix": one.fix} for one in (*files.problems, *outcome.problems)]
