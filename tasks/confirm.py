"""Confirm a completion with its provider and open the handoff it leads to."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import datetime
from typing import Any

from prefect import task

from config.settings import settings
from domain.deals import Contact
from domain.errors import Permanent
from domain.handoff import handoff_id
from domain.money import Money
from domain.ports import DealQuery
from domain.signatures import SignedDocument
from store import handoffs, inbox
from tasks import context
from tasks.context import Context
from tasks.step import waiting_may_help


@task(
    name="confirm with the provider",
    task_run_name="confirm · {event_id}",
    retries=len(settings().retries.delays),
    retry_delay_seconds=settings().retries.delays,
    retry_jitter_factor=0.3,
    retry_condition_fn=waiting_may_help,
    tags=["step:confirm"],
)
async def confirm(event_id: str) -> str:
    """Ask the provider whether the document is completed; return the handoff id, or nothing.

    An empty answer means that the provider denies the completion: it is recorded, and nothing
    else happens.
    """
    return await asyncio.to_thread(open_from, context.current(), event_id)


def open_from(ctx: Context, event_id: str) -> str:
    """Open the handoff of an inbox entry once and return its id."""
    entry = _entry(ctx, event_id)
    if entry["handoff_id"]:
        return str(entry["handoff_id"])
    try:
        signed = ctx.registry.esign(entry["source"]).confirm(entry["document"])
    except Permanent as error:
        _settle(ctx, event_id, "dead", str(error))
        raise
    if not signed.completed:
        _settle(ctx, event_id, "rejected", f"{entry['source']} says that the document is {signed.status!r}")
        return ""
    return _open(ctx, entry, signed)


def _entry(ctx: Context, event_id: str) -> Any:
    with ctx.database.read() as connection:
        entry = inbox.get(connection, event_id)
    if entry is None:
        raise Permanent(
            f"There is no inbox entry {event_id!r}", fix="see `aftersign webhook list` for the ids that exist"
        )
    return entry


def _open(ctx: Context, entry: Any, signed: SignedDocument) -> str:
    identity = handoff_id(entry["source"], entry["document"], signed.name)
    values = {
        "id": identity,
        "inbox_id": entry["id"],
        "source": entry["source"],
        "document": entry["document"],
        "signed": to_json(signed),
        "signed_at": signed.completed_at or entry["received_at"],
    }
    with ctx.database.write() as connection:
        if not handoffs.open_handoff(ctx.database, connection, values, ctx.clock()):
            identity = handoffs.of_document(connection, entry["source"], entry["document"])
        inbox.settle(connection, entry["id"], state="started", now=ctx.clock(), handoff=identity)
    return identity


def _settle(ctx: Context, event_id: str, state: str, reason: str) -> None:
    with ctx.database.write() as connection:
        inbox.settle(connection, event_id, state=state, now=ctx.clock(), reason=reason[:1000])


def to_json(signed: SignedDocument) -> dict[str, Any]:
    """Return the provider's answer as JSON for the handoff row."""
    body = asdict(signed)
    body["completed_at"] = signed.completed_at.isoformat() if signed.completed_at else None
    body["total"] = str(signed.total) if signed.total else None
    body["references"] = dict(signed.references)
    body["fields"] = dict(signed.fields)
    return body


def from_json(body: dict[str, Any]) -> SignedDocument:
    """Return the provider's answer as stored with the handoff."""
    moment = body.get("completed_at")
    return SignedDocument(
        **{
            **body,
            "completed_at": datetime.fromisoformat(moment) if moment else None,
            "total": Money.parse(body["total"]) if body.get("total") else None,
            "signers": tuple(Contact(**{**c, "roles": tuple(c["roles"])}) for c in body["signers"]),
        }
    )


def deal_query(signed: SignedDocument, customer: str) -> DealQuery:
    """Return every clue about the deal behind a signed document."""
    return DealQuery(deal_id=signed.references.get("deal_id", ""), document=signed.id, customer=customer)
