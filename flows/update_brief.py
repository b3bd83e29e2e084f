"""Bring what people see of a handoff up to date when somebody answered or acted."""

from __future__ import annotations

from prefect import flow

from tasks.update import pass_on_answers, refresh_first_touch, reissue_brief


@flow(name="update-brief", flow_run_name="update brief {handoff_id}")
async def update_brief(handoff_id: str) -> int:
    """Issue the next version of a brief with what changed marked, update the posted task, pass answers on.

    Args:
        handoff_id: the handoff's id as the handoffs page shows it

    """
    version = await reissue_brief(handoff_id)
    await refresh_first_touch(handoff_id)
    await pass_on_answers(handoff_id)
    return version
