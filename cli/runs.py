"""Start, replay and retry runs through the Prefect server."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from pydantic import SecretStr

from cli import output
from cli.environment import prefect_auth
from config.settings import Settings, settings
from domain.errors import Permanent
from store import doubts, handoffs, inbox
from store.database import Database
from web.dispatch import HAND_OFF, SIGNED, PrefectStarter

T = TypeVar("T")
_LOOK = 0.3  # seconds


def _with_prefect(work: Callable[[PrefectStarter], Awaitable[T]]) -> T:
    async def run() -> T:
        starter = PrefectStarter(_authorised(settings()))
        try:
            return await work(starter)
        finally:
            await starter.close()

    return asyncio.run(run())


def run_to_end(deployment: str, parameters: dict[str, object], seconds: float = 120) -> str:
    """Start a deployment, wait until its run has ended, and return the name of its state. Raises `Permanent`."""

    async def ended(starter: PrefectStarter) -> str:
        run = await starter.start(deployment, parameters, uuid.uuid4().hex)
        for _ in range(int(seconds / _LOOK)):
            if state := await starter.ended(run):
                return state
            await asyncio.sleep(_LOOK)
        raise Permanent(f"The run of {deployment} did not end within {seconds:.0f} s", fix="read worker.log")

    return _with_prefect(ended)


def _authorised(chosen: Settings) -> Settings:
    prefect = chosen.prefect.model_copy(update={"auth": SecretStr(prefect_auth(chosen))})
    return chosen.model_copy(update={"prefect": prefect})


def run_handoff(handoff_id: str, *, as_json: bool) -> int:
    """Ask for a run of one handoff."""
    database = Database(settings().database)
    with database.read() as connection:
        row = handoffs.get(connection, handoff_id)
    key = f"{handoff_id}:by-hand:{row['runs']}:{uuid.uuid4().hex[:8]}"
    run_id = _with_prefect(lambda starter: starter.start(HAND_OFF, {"handoff_id": handoff_id}, key))
    _started(run_id, as_json=as_json)
    return 0


def replay(inbox_id: str, *, as_json: bool) -> int:
    """Put an inbox entry back and start it."""
    chosen = settings()
    database = Database(chosen.database)
    with database.write() as connection:
        if not inbox.reopen(connection, inbox_id, chosen.now(), "cli"):
            raise Permanent(f"There is no event {inbox_id!r} to replay", fix="see `aftersign webhook list`")
        row = inbox.get(connection, inbox_id)
    attempt = row["attempt"] if row else 0
    run_id = _with_prefect(lambda starter: starter.start(SIGNED, {"event_id": inbox_id}, f"{inbox_id}:{attempt}"))
    with database.write() as connection:
        inbox.started(connection, inbox_id, run_id, chosen.now())
    _started(run_id, as_json=as_json)
    return 0


def failed(*, as_json: bool) -> int:
    """List failed and crashed runs."""
    rows = _with_prefect(lambda starter: starter.failed())
    if as_json:
        output.data(rows)
        return 0
    output.table("Failed runs", ["id", "name", "state", "ended", "message"], rows)
    if rows:
        output.hint("Next: fix what the message names, then `aftersign runs retry ID` (or --all).")
    return 0


def retry(run_ids: list[str], *, every: bool, as_json: bool) -> int:
    """Retry runs; without ids and without --all nothing happens."""
    if every:
        run_ids = [row["id"] for row in _with_prefect(lambda starter: starter.failed())]
    elif not run_ids:
        raise Permanent("No run was named", fix="name run ids, or use --all for every failed run")
    for run_id in run_ids:
        _with_prefect(partial(_retry_one, run_id))
    if as_json:
        output.data({"retried": run_ids})
    else:
        output.say(f"✓ {len(run_ids)} runs will run again; only their missing steps are repeated")
    return 0


async def _retry_one(run_id: str, starter: PrefectStarter) -> None:
    await starter.retry(run_id)


def resolve(key: str, *, happened: bool, who: str) -> int:
    """Settle an unknown effect."""
    chosen = settings()
    database = Database(chosen.database)
    if not doubts.settle(database, key, happened=happened, who=who, now=chosen.now()):
        raise Permanent(f"No effect {key!r} has an unknown outcome", fix="see the handoff's page for its effects")
    output.say("✓ settled; press Retry on the handoff's run to go on")
    return 0


def _started(run_id: str, *, as_json: bool) -> None:
    if as_json:
        output.data({"run_id": run_id})
        return
    output.say(f"✓ started run {run_id}")
    output.hint(f"Watch it: {settings().prefect_api.removesuffix('/api')}/runs/flow-run/{run_id}")
