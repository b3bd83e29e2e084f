"""Read invoices where they are: new and changed ones since the last time, originals into the vault."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from prefect import task

from config.settings import settings
from domain.errors import Permanent
from domain.invoices import InvoicePage
from domain.ports import Billing
from store import invoices
from tasks import context
from tasks.context import Context
from tasks.step import waiting_may_help


@dataclass(frozen=True, slots=True)
class Pulled:
    """Hold what a source gave: invoices that are new or changed, and places that could not be read."""

    source: str
    changed: int
    problems: int


def sources(ctx: Context) -> list[str]:
    """Name the places that invoices are read from."""
    return sorted(ctx.registry.billings)


@task(name="list the sources of invoices", task_run_name="list the sources of invoices")
async def source_names() -> list[str]:
    """Name the places that invoices are read from."""
    return sources(context.current())


@task(
    name="pull invoices",
    task_run_name="pull invoices from {source}",
    retries=len(settings().retries.delays),
    retry_delay_seconds=list(settings().retries.delays),
    retry_condition_fn=waiting_may_help,
)
async def pull(source: str) -> int:
    """Store what a source has since the last time; return how many invoices are new or changed."""
    return (await asyncio.to_thread(pull_now, context.current(), source)).changed


def pull_now(ctx: Context, source: str) -> Pulled:
    """Read one source to its end, page by page; each page is stored with its cursor or not at all.

    Raises `Permanent` for no such source and what the connector raises.
    """
    billing = ctx.registry.billings.get(source)
    if billing is None:
        raise Permanent(
            f"No invoices are read from {source!r}", fix=f"configured are: {', '.join(sources(ctx)) or 'none'}"
        )
    return _pulled(ctx, source, billing)


def _pulled(ctx: Context, source: str, billing: Billing) -> Pulled:
    began, changed, problems = ctx.clock(), 0, 0
    with ctx.database.read() as connection:
        cursor = invoices.cursor(connection, source)
    for page in billing.invoices_since(cursor):
        changed += _kept(ctx, source, page)
        problems += len(page.problems)
    with ctx.database.write() as connection:
        invoices.seen(connection, source, ctx.clock())
        if not cursor:
            invoices.settle_problems(connection, source, began)
    return Pulled(source, changed, problems)


def _kept(ctx: Context, source: str, page: InvoicePage) -> int:
    # The vault first: an invoice whose original is not safe was not read.
    originals = {ctx.vault.put(content) for content in page.originals}
    now = ctx.clock()
    with ctx.database.write() as connection:
        changed = 0
        for invoice in page.invoices:
            original = invoice.sha256 if invoice.sha256 in originals else ""
            changed += invoices.keep(ctx.database, connection, [invoice], original, now)
        invoices.note_problems(ctx.database, connection, source, page.problems, now)
        invoices.remove(connection, source, list(page.removed), now)
        invoices.put_cursor(ctx.database, connection, source, page.cursor, now)
    return changed
