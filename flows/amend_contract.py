"""Decide about an amendment, and carry it through to deadlines and alerts."""

from __future__ import annotations

from typing import Annotated, Literal

from prefect import flow
from pydantic import Field

from tasks.amend import announce_amendments, settle_amendment

Verdict = Annotated[
    Literal["announce", "approve", "reject", "withdraw"],
    Field(description="announce shows it to the contract's owner again; the others decide"),
]
Shown = Annotated[str, Field(description="The hash of what you were shown: `aftersign amendments show`")]
Who = Annotated[str, Field(description="Your address in config/ownership.yaml")]


@flow(name="amend-contract", flow_run_name="{verdict} amendment {amendment_id}")
async def amend_contract(
    amendment_id: str, verdict: Verdict = "announce", shown: Shown = "", who: Who = "", because: str = ""
) -> str:
    """Show an amendment's impact to the people responsible, or apply a named person's decision.

    Args:
        amendment_id: as `aftersign amendments list` shows it
        verdict: what to do
        shown: binds an approval to what was shown
        who: who decides
        because: why; a rejection and a withdrawal need a reason

    """
    if verdict == "announce":
        return await announce_amendments([amendment_id])
    return await settle_amendment(amendment_id, verdict, shown, who, because)
