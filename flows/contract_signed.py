"""A contract was signed: everything after it happens by itself, once."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.hand_off import carry_out
from tasks.confirm import confirm


@flow(name="contract-signed", flow_run_name="signed {event_id}")
async def contract_signed(event_id: str) -> State[None]:
    """Confirm the signature with its provider and hand the customer over.

    Args:
        event_id: the id of the inbox entry, as the webhooks page shows it

    """
    handoff_id = await confirm(event_id)
    if not handoff_id:
        return Completed(
            name="NotSigned", message="The provider says that the document is not completed; nothing was done"
        )
    return await carry_out(handoff_id)
