"""Bring in a whole folder: plan, refuse, apply, and propose which papers belong together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from prefect import task

from config.settings import settings
from domain.documents import FileKind
from domain.errors import Permanent
from domain.families import propose
from domain.papers import Families
from domain.portfolio import Entry, FileState, Look, batch_id, in_shard, refuse_implausible
from store import families, portfolio
from tasks import context
from tasks.context import Context
from tasks.folder import Walked, walk
from tasks.importing import import_entry, look_stored, record_failure
from tasks.looking import look_at_file
from tasks.step import waiting_may_help

_SAMPLE = 40


def open_batch(ctx: Context, walked: Walked) -> str:
    """Write down what is to be imported and return the batch's id; opening it again goes on with it."""
    batch = batch_id(str(walked.folder))
    portfolio.register(ctx.database, batch, str(walked.folder), walked.entries, ctx.clock())
    return batch


def open_entries(ctx: Context, walked: Walked) -> list[Entry]:
    """Return the files that no earlier run has finished."""
    with ctx.database.read() as connection:
        known = portfolio.states(connection, batch_id(str(walked.folder)))
    return [one for one in walked.entries if one.sha256 not in known or known[one.sha256]["state"] != FileState.DONE]


def sample(entries: Sequence[Entry]) -> list[Entry]:
    """Choose the files to look at before anything is imported; their digests make the choice a random one."""
    return sorted(entries, key=lambda entry: entry.sha256)[:_SAMPLE]


def settle(ctx: Context, batch: str, looks: Sequence[Look]) -> Families:
    """Propose families for what was imported, and close the batch once every file was tried."""
    papers = [look.paper for look in looks if not look.failed]
    seen = {paper.id for paper in papers}
    with ctx.database.read() as connection:
        others = [paper for paper in families.papers(connection) if paper.id not in seen]
    found = propose(papers, others)
    with ctx.database.write() as connection:
        families.save(ctx.database, connection, found.proposals, ctx.clock())
        if not portfolio.unfinished(connection, batch):
            portfolio.finish(connection, batch, ctx.clock())
    return found


@task(name="plan the import", task_run_name="plan the import of {folder}")
async def plan_import(folder: str, shard: int, of: int, *, force: bool) -> tuple[str, list[str]]:
    """Walk the folder and return the batch and this shard's files; refuse what is no folder of contracts."""
    return await asyncio.to_thread(_plan, context.current(), Path(folder), shard, of, force=force)


def _plan(ctx: Context, folder: Path, shard: int, of: int, *, force: bool) -> tuple[str, list[str]]:
    if shard >= of:
        raise Permanent(f"There is no shard {shard} of {of}", fix=f"number the shards from 0 to {of - 1}")
    walked = walk(folder)
    waiting = open_entries(ctx, walked)
    if not force:
        today, chosen = ctx.clock().date(), sample(waiting)
        refuse_implausible([look_at_file(ctx.business, one, today=today) for one in chosen], sample=True)
    return open_batch(ctx, walked), [one.sha256 for one in waiting if in_shard(one.sha256, shard, of)]


@task(
    name="import a contract",
    task_run_name="import {sha256}",
    retries=len(settings().retries.delays),
    retry_delay_seconds=settings().retries.delays,
    retry_jitter_factor=0.3,
    retry_condition_fn=waiting_may_help,
)
async def import_paper(batch: str, sha256: str) -> str:
    """Import one file of a batch and return its contract's id."""
    return await asyncio.to_thread(_import, context.current(), batch, sha256)


def _import(ctx: Context, batch: str, sha256: str) -> str:
    entry = _entry(ctx, batch, sha256)
    try:
        return import_entry(ctx, batch, entry).paper.id
    except Exception as error:
        record_failure(ctx, batch, entry, f"{error}")
        raise


@task(name="propose families", task_run_name="propose families")
async def settle_batch(batch: str) -> int:
    """Propose families for all of a batch that is imported; return how many links were proposed."""
    return await asyncio.to_thread(_settle_stored, context.current(), batch)


def _settle_stored(ctx: Context, batch: str) -> int:
    with ctx.database.read() as connection:
        rows = portfolio.states(connection, batch)
    done = [row for row in rows.values() if row["state"] == FileState.DONE and row["contract_id"]]
    looks = [look_stored(ctx, row["contract_id"], _as_entry(row, ""), on_file=True) for row in done]
    return len(settle(ctx, batch, looks).proposals)


def _entry(ctx: Context, batch: str, sha256: str) -> Entry:
    with ctx.database.read() as connection:
        folder, row = portfolio.folder_of(connection, batch), portfolio.file_row(connection, batch, sha256)
    if folder is None or row is None:
        raise Permanent(f"No import knows the file {sha256[:12]}…", fix="start the import of its folder again")
    return _as_entry(row, folder)


def _as_entry(row: Any, folder: str) -> Entry:
    path = str(Path(folder) / row["name"])
    return Entry(row["sha256"], path, row["name"], FileKind(row["kind"]), row["size"])
