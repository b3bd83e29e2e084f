"""Hold what was billed against what was agreed: every night what is new, every week everything."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from prefect import flow
from pydantic import Field

from tasks.pulling import pull, source_names
from tasks.reconcile import reconcile, tell_of_findings

Since = Annotated[date | None, Field(description="Only papers issued on or after this day")]
Until = Annotated[date | None, Field(description="Only papers issued on or before this day")]
Contract = Annotated[str, Field(description="Only this contract, by its number or id")]
Party = Annotated[str, Field(description="Only vendors or customers whose name has these words")]
Full = Annotated[bool, Field(description="Every contract, not only those with news")]
DryRun = Annotated[bool, Field(description="Check and record nothing")]
Limit = Annotated[int, Field(ge=1, le=100, description="Refuse when more percent of the lines are suddenly wrong")]


@flow(name="reconcile-invoices", flow_run_name="reconcile invoices")
async def reconcile_invoices(
    since: Since = None,
    until: Until = None,
    contract: Contract = "",
    party: Party = "",
    full: Full = False,  # noqa: FBT002 - the Run form shows it
    dry_run: DryRun = False,  # noqa: FBT002 - the Run form shows it
    limit_percent: Limit = 20,
) -> list[str]:
    """Pull invoices, check them, tell the owners; a source that fails hides no other, and fails the run at its end."""
    pulled = [await pull(source, return_state=True) for source in await source_names()]  # type: ignore[misc]
    changed = await reconcile(
        since=since, until=until, contract=contract, party=party, full=full, dry_run=dry_run, limit_percent=limit_percent
    )  # fmt: skip
    if not dry_run:
        await tell_of_findings()
    for state in pulled:
        await state.aresult()
    return changed
