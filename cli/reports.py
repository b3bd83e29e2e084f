"""Reports read from the store: handoffs, proof, webhooks, audit."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cli import output
from config.settings import settings
from domain.errors import Permanent
from domain.handoff import ACTIONS
from store import read_models
from store.database import Database


def list_handoffs(state: str, *, as_json: bool) -> int:
    """Print handoffs."""
    with Database(settings().database).read() as connection:
        rows = read_models.handoff_list(connection, state=state)
    if as_json:
        output.data(rows)
        return 0
    output.table("Handoffs", ["id", "customer", "state", *ACTIONS], [_row(row) for row in rows])
    return 0


def show_handoff(handoff_id: str, *, as_json: bool) -> int:
    """Print one handoff."""
    with Database(settings().database).read() as connection:
        found = read_models.handoff_detail(connection, handoff_id)
    if as_json:
        output.data(found)
        return 0
    output.say(f"{found['id']}: {found['state']}")
    steps = {**found["preparation"], **found["actions"]}
    rows = [{"step": name, **step, "problem": (step.get("error") or {}).get("what")} for name, step in steps.items()]
    output.table("Steps", ["step", "state", "detail", "problem"], rows)
    output.table(
        "Terms", ["field", "value", "page"], [{**term, "page": term["citation"]["page"]} for term in found["terms"]]
    )
    return 0


def prove(since: str, xlsx: Path | None, *, as_json: bool) -> int:
    """Print the proof and exit 3 when a signature lacks an action."""
    moment = _moment(since)
    with Database(settings().database).read() as connection:
        rows = read_models.proof_rows(connection, moment)
    if xlsx:
        from cli.proof import write_proof

        write_proof(xlsx, rows, moment)
        output.hint(f"✓ wrote {xlsx}")
    lacking = [row for row in rows if row["state"] != "complete"]
    if as_json:
        output.data({"since": since or None, "signatures": len(rows), "lacking": len(lacking), "rows": rows})
    else:
        output.table("Proof", ["handoff_id", "customer", "signed_at", "state", *ACTIONS], rows)
        output.say(
            f"{len(rows)} signatures, {len(rows) - len(lacking)} with a complete handoff, {len(lacking)} without"
        )
    return 3 if lacking else 0


def list_webhooks(*, as_json: bool) -> int:
    """Print deliveries and counters."""
    with Database(settings().database).read() as connection:
        found = read_models.webhook_log(connection)
    if as_json:
        output.data(found)
        return 0
    rows = found["entries"]
    output.table("Deliveries", ["id", "source", "kind", "state", "document", "deliveries", "received_at"], rows)
    output.table("Counters", ["source", "kind", "verdict", "count", "last_at"], found["counters"])
    return 0


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, **{name: step["state"] for name, step in row.get("actions", {}).items()}}


def _moment(since: str) -> datetime | None:
    if not since:
        return None
    try:
        return datetime.fromisoformat(since).replace(tzinfo=UTC)
    except ValueError as error:
        raise Permanent(f"{since!r} is not a day", fix="write it as 2026-08-01") from error
