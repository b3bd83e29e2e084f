"""Carry out what people asked for on pages: decisions, reviews, evidence, claims."""

from __future__ import annotations

from prefect import flow

from tasks.carrying_out import carry_out_requests


@flow(name="carry-out", flow_run_name="carry out requests")
async def carry_out(request_id: str = "") -> list[str]:
    """Do everything that people asked for and nobody did yet; the ledger of requests decides what that is.

    Args:
        request_id: what made somebody start this run; all that is open is carried out

    """
    del request_id
    return await carry_out_requests()
