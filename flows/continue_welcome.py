"""Send the welcome mails of day 3 and day 7 when their day has come."""

from __future__ import annotations

from prefect import flow

from tasks.update import continue_sequences


@flow(name="continue-welcome", flow_run_name="continue welcome sequences")
async def continue_welcome() -> int:
    """Continue every customer's welcome sequence that has a mail due."""
    return await continue_sequences()
