"""Hold a handoff's lease for the length of a run."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from prefect.runtime import flow_run

from store import handoffs
from store.effects import this_executor
from tasks import context


@asynccontextmanager
async def lease(handoff_id: str) -> AsyncIterator[str]:
    """Become the handoff's only executor and stay it while the block runs; gives the owner name.

    Raises `LeaseHeld` while another executor lives.
    """
    ctx = context.current()
    owner = f"{this_executor()}:{uuid.uuid4().hex[:8]}"
    run_id = str(flow_run.id or "")
    await asyncio.to_thread(handoffs.take_lease, ctx.database, handoff_id, owner, ctx.clock(), run_id)
    beat = asyncio.create_task(_keep(handoff_id, owner))
    try:
        yield owner
    finally:
        beat.cancel()
        with suppress(asyncio.CancelledError):
            await beat
        await asyncio.to_thread(handoffs.drop_lease, ctx.database, handoff_id, owner)


async def _keep(handoff_id: str, owner: str) -> None:
    ctx = context.current()
    while True:
        await asyncio.sleep(handoffs.HEARTBEAT.total_seconds())
        if not await asyncio.to_thread(handoffs.renew_lease, ctx.database, handoff_id, owner, ctx.clock()):
            return  # somebody took over; every effect checks the lease and will stop
