"""Hand a signed customer over to customer success."""

from __future__ import annotations

import asyncio

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from domain.errors import LeaseHeld
from tasks import context
from tasks.amend import announce_of_handoff
from tasks.brief import issue_brief_task
from tasks.close import missing_error, record_proof
from tasks.crm import close_deal_task
from tasks.first_touch import first_touch_task
from tasks.lease import lease
from tasks.prepare import assign_task, extract_task, schedule_task, store_task
from tasks.project import start_project_task
from tasks.welcome import start_welcome_task

ACTIONS = (close_deal_task, issue_brief_task, first_touch_task, start_project_task, start_welcome_task)


@flow(name="hand-off", flow_run_name="hand off {handoff_id}")
async def hand_off(handoff_id: str) -> State[None]:
    """Run what is missing of one handoff; what is done stays done.

    Args:
        handoff_id: the handoff's id as the handoffs page shows it, such as harbourline-order-form-3f9c21a07b

    """
    return await carry_out(handoff_id)


async def carry_out(handoff_id: str) -> State[None]:
    """Prepare the handoff, run its five actions side by side, and prove it."""
    try:
        async with lease(handoff_id) as owner:
            await prepare(handoff_id, owner)
            await asyncio.gather(*(action(handoff_id, owner, return_state=True) for action in ACTIONS))
            missing = await record_proof(handoff_id)
    except LeaseHeld as held:
        return Completed(name="AlreadyRunning", message=str(held))
    if missing:
        raise missing_error(context.current(), handoff_id)
    return Completed(message=f"Handoff {handoff_id} is complete")


async def prepare(handoff_id: str, owner: str) -> None:
    """Store, read, assign and schedule; only a missing document stops what follows."""
    stored = await store_task(handoff_id, owner, return_state=True)
    if not stored.is_completed():
        return
    for step in (extract_task, assign_task, schedule_task):
        await step(handoff_id, owner, return_state=True)
    await announce_of_handoff(handoff_id, return_state=True)  # type: ignore[misc]
