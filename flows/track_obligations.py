"""Watch the duties of every contract: ours become tasks, theirs become checks."""

from __future__ import annotations

from typing import Annotated

from prefect import flow
from pydantic import Field

from tasks.tracking import track

Limit = Annotated[int, Field(ge=1, le=100_000, description="Refuse to move more duties than this at once")]
DryRun = Annotated[bool, Field(description="Only list what would move")]


@flow(name="track-obligations", flow_run_name="track obligations")
async def track_obligations(dry_run: DryRun = False, limit: Limit = 500) -> list[str]:  # noqa: FBT002 - the Run form shows it
    """Open what comes near, name what was missed, and tell its people."""
    return await track(dry_run=dry_run, limit=limit)
