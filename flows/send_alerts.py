"""Send the renewal alerts that are due."""

from __future__ import annotations

from typing import Annotated

from prefect import flow
from pydantic import Field

from tasks.alerting import send_due_alerts
from tasks.day_digest import send_day_digests
from tasks.digest import send_digests
from tasks.rolling import roll_closed_terms

Limit = Annotated[int, Field(ge=1, le=100_000, description="Send a digest instead of more alerts than this at once")]
DryRun = Annotated[bool, Field(description="Only list what would be sent")]


@flow(name="send-alerts", flow_run_name="send alerts")
async def send_alerts(dry_run: DryRun = False, limit: Limit = 200) -> list[str]:  # noqa: FBT002 - the Run form shows it
    """Go on where a window closed; send what is due to owner and backup, what silence takes up, and digests."""
    await roll_closed_terms(dry_run=dry_run)
    sent = await send_due_alerts(dry_run=dry_run, limit=limit, return_state=True)  # type: ignore[misc]
    digests = await send_digests(dry_run=dry_run)
    await send_day_digests(dry_run=dry_run)
    return [*await sent.aresult(), *digests]
