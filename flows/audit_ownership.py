"""See to it every night that each contract has an owner and a backup who can be reached."""

from __future__ import annotations

from typing import Annotated

from prefect import flow
from pydantic import Field

from tasks.facts import refresh_lists
from tasks.ownership import audit_owners

DryRun = Annotated[bool, Field(description="Only list what is wrong")]
Force = Annotated[bool, Field(description="Move even implausibly many contracts at once")]


@flow(name="audit-ownership", flow_run_name="audit ownership")
async def audit_ownership(dry_run: DryRun = False, force: Force = False) -> list[str]:  # noqa: FBT002 - the Run form shows it
    """Give what somebody left behind to others by the rules, and name what nobody takes."""
    await refresh_lists()
    return await audit_owners(dry_run=dry_run, force=force)
