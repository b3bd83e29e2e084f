"""Write the brief anew when the rep or the customer answered."""

from __future__ import annotations

from prefect import flow

from tasks.update import reissue_brief


@flow(name="update-brief", flow_run_name="update brief {handoff_id}")
async def update_brief(handoff_id: str) -> int:
    """Issue the next version of a brief, with what changed marked.

    Args:
        handoff_id: the handoff's id as the handoffs page shows it

    """
    return await reissue_brief(handoff_id)
