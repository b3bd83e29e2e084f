"""Renewals: what is due when, and a person's answer, decision and proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from sqlalchemy import RowMapping

from cli import output
from cli.review import opened
from domain.errors import Permanent
from store import clock, decisions
from tasks import context
from tasks.deciding import Verdict, acknowledge, carry_out, decide
from tasks.file import open_contract


def list_renewals(*, as_json: bool) -> int:
    """Print every contract with a deadline, the one to act on first."""
    with opened() as ctx:
        with ctx.database.read() as connection:
            rows, taken = clock.every(connection), decisions.taken(connection)
        found = [_row(ctx, row, decided=decisions.is_taken(taken, row["contract_id"], row["term_end"])) for row in rows]
    found.sort(key=lambda row: (str(row["act_by"]), str(row["contract"])))
    if as_json:
        output.data(found)
    else:
        columns = ["act_by", "days_left", "customer", "contract", "decide_by", "term_end", "owner", "decided"]
        output.table("Renewals", columns, found)
    return 0


def _row(ctx: context.Context, row: RowMapping, *, decided: bool) -> dict[str, object]:
    file = open_contract(ctx, row["contract_id"])
    act_by: date = row["send_by"] or row["term_end"]
    return {
        "contract": row["contract_id"],
        "customer": file.customer,
        "act_by": act_by,
        "days_left": (act_by - ctx.clock().date()).days,
        "decide_by": row["decide_by"],
        "term_end": row["term_end"],
        "provisional": row["provisional"],
        "owner": file.contract["owner_email"],
        "backup": file.contract["backup_email"],
        "decided": decided,
        "explanation": row["explanation"],
        "inputs": row["inputs"],
        "calendar": f"{row['calendar']}, {row['calendar_version']}",
    }


def answer(contract_id: str, who: str) -> int:
    """Take care of a deadline."""
    return _done(lambda ctx: acknowledge(ctx, contract_id, who=who))


def settle(contract_id: str, verdict: str, who: str, because: str) -> int:
    """Record a decision."""
    if verdict not in set(Verdict):
        raise Permanent(f"{verdict!r} is no decision", fix=f"write one of: {', '.join(Verdict)}")
    return _done(lambda ctx: decide(ctx, contract_id, Verdict(verdict), who=who, because=because))


def execute(contract_id: str, who: str, served_on: str, proof: Path | None) -> int:
    """Record that the decision was carried out."""
    try:
        day = date.fromisoformat(served_on) if served_on else None
    except ValueError as error:
        raise Permanent(f"{served_on!r} is no day", fix="write for example 2026-10-05") from error
    if proof is not None and not proof.is_file():
        raise Permanent(f"{proof} is no file", fix="name the receipt, the confirmation or the returned letter")
    return _done(lambda ctx: carry_out(ctx, contract_id, who=who, served_on=day, proof=proof))


def _done(act: Callable[[context.Context], str]) -> int:
    with opened() as ctx:
        output.say(f"✓ {act(ctx)}")
    return 0
