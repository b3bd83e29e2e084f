"""Watch service levels: what was promised, what was measured, what is due for it."""

from __future__ import annotations

from typing import Annotated

from prefect import flow
from pydantic import Field

from tasks.slas import watch

Limit = Annotated[int, Field(ge=1, le=100_000, description="Refuse to raise more misses than this at once")]
DryRun = Annotated[bool, Field(description="Only measure and list, store and tell nothing")]
Believe = Annotated[bool, Field(description="Store a night on which a source says that everything was down")]


@flow(name="watch-slas", flow_run_name="watch service levels")
async def watch_slas(dry_run: DryRun = False, limit: Limit = 100, believe: Believe = False) -> list[str]:  # noqa: FBT002 - the Run form shows it
    """Measure the windows that have closed, claim what is due for a miss, and lapse what nobody claimed in time."""
    return await watch(dry_run=dry_run, limit=limit, believe=believe)
