"""Decide about a term's end, and carry the decision out; only that ends the reminders."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, RowMapping

from domain.errors import Permanent
from domain.people import colleague
from store import alerts, clock, contracts, decisions, ledger
from tasks import serving
from tasks.closing import SERVED
from tasks.context import Context
from tasks.keeping import keep


class Verdict(StrEnum):
    """Name what may be decided about a term's end."""

    RENEW = "renew"
    RENEGOTIATE = "renegotiate"
    TERMINATE = "terminate"
    LAPSE = "lapse"


def decide(ctx: Context, contract_id: str, verdict: Verdict, *, who: str, because: str = "") -> str:
    """Record a decision about the term in force; where notice is needed, write the letter and ask for its sending.

    The reminders go on until the decision is carried out. Raises `Permanent` for a stranger, and
    where no deadline is known.
    """
    person = colleague(ctx.business.people, who)
    with ctx.database.read() as connection:
        about, row = contracts.get(connection, contract_id), _clock(connection, contract_id)
        reading = ledger.standing(connection, contract_id, ctx.clock().date())
    needs_letter = verdict in SERVED and row["notice_deadline"] is not None
    letter = serving.letter(ctx, about, row, reading, verdict, person) if needs_letter else None
    with ctx.database.write() as connection:
        identity = decisions.add(
            connection, contract_id, row["term_end"], verdict, who=who, because=because, now=ctx.clock(), letter=letter
        )
    if needs_letter:
        serving.ask(ctx, identity, about, row, reading, verdict)
        return (
            f"{verdict}: the notice is written ({letter}); send it by {row['send_by']} and store the proof of service"
        )
    return f"{verdict}: recorded; carry it out by {row['send_by'] or row['term_end']}"


def carry_out(
    ctx: Context, contract_id: str, *, who: str, served_on: date | None = None, proof: Path | None = None
) -> str:
    """Record that the open decision was carried out; only this ends the reminders.

    A notice needs the day of service and its proof, and must have been served in time. Raises
    `Permanent`.
    """
    colleague(ctx.business.people, who)
    with ctx.database.read() as connection:
        row = _clock(connection, contract_id)
        decision = decisions.current(connection, contract_id, row["term_end"])
    if decision is None or decision["state"] != decisions.OPEN:
        raise Permanent("There is no open decision", fix="decide first: aftersign renewals decide")
    kept = _kept(ctx, row, decision, served_on, proof)
    why = f"{decision['verdict']} was carried out by {who}"
    with ctx.database.write() as connection:
        decisions.execute(connection, decision, who=who, now=ctx.clock(), served_on=served_on, proof=kept)
        alerts.supersede(connection, contract_id, why)
    return why


def acknowledge(ctx: Context, contract_id: str, *, who: str) -> str:
    """Note that somebody takes care of a deadline; the ladder goes on, silence no longer goes up."""
    colleague(ctx.business.people, who)
    with ctx.database.write() as connection:
        count = alerts.acknowledge(connection, contract_id, who, ctx.clock())
    return f"{count} alerts are acknowledged"


def _kept(
    ctx: Context, row: RowMapping, decision: RowMapping, served_on: date | None, proof: Path | None
) -> str | None:
    """Store the proof of service; a term that has come to end without notice since the letter needs none."""
    if decision["letter_sha256"] and row["notice_deadline"] is not None:
        return serving.proof_of(ctx, row, served_on, proof)
    return keep(ctx, proof.name, proof.read_bytes()) if decision["letter_sha256"] and proof else None


def _clock(connection: Connection, contract_id: str) -> RowMapping:
    row = clock.current(connection, contract_id)
    if row is None:
        raise Permanent(
            f"No deadline is known for {contract_id!r}",
            why="its paper anchors no term, or it has ended",
            fix="look at `aftersign review list`",
        )
    return row
