"""Import a folder of signed contracts, or one shard of it, so that several workers share the folder."""

from __future__ import annotations

from typing import Annotated

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import Field

from tasks.portfolio import import_paper, plan_import, settle_batch

Folder = Annotated[str, Field(min_length=1, description="Absolute path of the folder, as the worker sees it")]
Shard = Annotated[int, Field(ge=0, description="Which shard, counted from 0")]
Shards = Annotated[int, Field(ge=1, le=1000, description="How many shards share the folder")]
Force = Annotated[bool, Field(description="Import what can be read though most files cannot")]


@flow(name="import-portfolio", flow_run_name="import shard {shard} of {of}")
async def import_portfolio(folder: Folder, shard: Shard = 0, of: Shards = 1, force: Force = False) -> State[None]:  # noqa: FBT002 - the Run form shows it
    """Import what no earlier run has finished, then propose families; one bad file never stops the rest."""
    batch, wanted = await plan_import(folder, shard, of, force=force)
    states: list[State[str]] = []
    for sha256 in wanted:
        states.append(await import_paper(batch, sha256, return_state=True))  # type: ignore[misc]
    links = await settle_batch(batch)
    failed = [state for state in states if not state.is_completed()]
    if failed:
        why = "; ".join(str(state.message) for state in failed[:5])
        return Failed(message=f"{len(failed)} of {len(wanted)} files were not imported: {why}")
    return Completed(message=f"{len(wanted)} files imported, {links} links proposed")
