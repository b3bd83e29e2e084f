"""Findings on the command line: what is wrong, why, and what becomes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import RowMapping

from cli import output
from cli.review import opened
from domain.errors import Permanent
from domain.findings.status import UNSETTLED, Move, Status
from store import findings
from tasks import money_moves
from tasks.context import Context
from tasks.money_terms import Books, books
from tasks.reconcile import contract_files
from tasks.worklist import Item, write_worklist

_COLUMNS = ["finding", "status", "code", "contract", "invoice", "product", "delta", "at_stake", "dispute_by"]


def list_findings(*, closed: bool, contract: str, xlsx: Path | None, as_json: bool) -> int:
    """Print findings, and write them as a work list where asked."""
    with opened() as ctx:
        with ctx.database.read() as connection:
            rows = findings.listed(connection, statuses=tuple(Status) if closed else UNSETTLED, contract=contract)
        known = _books(ctx) if xlsx else None
        if xlsx and known:
            write_worklist(xlsx, [_item(known, row) for row in rows], today=ctx.clock().date())
    shown = [_row(row) for row in rows]
    if as_json:
        output.data(shown)
    else:
        output.table("Findings", _COLUMNS, shown)
    return 0


def show(prefix: str, *, as_json: bool) -> int:
    """Print one finding with its arithmetic, its clause and its steps."""
    with opened() as ctx:
        row = money_moves.found(ctx, prefix)
        with ctx.database.read() as connection:
            steps = [dict(step) for step in findings.events(connection, row["fingerprint"])]
    finding = findings.finding_of(row)
    clauses = [f"page {one.page}: “{one.quote}”" for one in finding.clauses]
    if as_json:
        output.data({**_row(row), "explanation": finding.explanation, "clauses": clauses, "steps": steps})
        return 0
    output.table("Finding", _COLUMNS, [_row(row)])
    output.say(finding.explanation)
    for clause in clauses:
        output.say(clause)
    output.say(f"What to do: {finding.action}")
    output.table("Steps", ["at", "who", "before", "after", "why", "approver", "recovered"], steps)
    return 0


def move(prefix: str, status: str, who: str, because: str, approver: str) -> int:
    """Move a finding on."""
    with opened() as ctx:
        now = money_moves.move(ctx, prefix, Move(_status(status), who, because, approver))
    output.say(f"✓ {now}")
    return 0


def apply(file: Path, who: str) -> int:
    """Take over an edited work list."""
    with opened() as ctx:
        moved = money_moves.apply_worklist(ctx, file, who)
    output.say(f"✓ {len(moved)} findings moved")
    return 0


def match(invoice: str, contract: str, who: str) -> int:
    """Say whose an invoice is."""
    with opened() as ctx:
        money_moves.match(ctx, _books(ctx), invoice, contract, who)
    output.say("✓ remembered; the next run checks it")
    return 0


def dispute(invoice: str, save: Path | None) -> int:
    """Print the letter about one invoice, or save it."""
    with opened() as ctx:
        letter = money_moves.dispute(ctx, _books(ctx), invoice)
    text = f"To: {letter.to_party}\nSubject: {letter.subject}\n\n{letter.body}"
    if save is None:
        output.say(text)
        return 0
    save.write_text(text + "\n", encoding="utf-8")
    output.say(f"✓ {save}")
    return 0


def _books(ctx: Context) -> Books:
    return books(ctx, contract_files(ctx).contracts)


def _item(known: Books, row: RowMapping) -> Item:
    finding = findings.finding_of(row)
    its = next((one for one in known.contracts if one.id == row["contract"]), None)
    return Item(finding, its.number if its else "", its.other.name if its else "", Status(row["status"]))


def _row(row: RowMapping) -> dict[str, Any]:
    finding = findings.finding_of(row)
    return {
        "finding": row["fingerprint"][:8], "fingerprint": row["fingerprint"], "status": row["status"],
        "code": row["code"], "contract": row["contract"], "invoice": finding.place.number if finding.place else "",
        "product": finding.product, "delta": row["delta"] and f"{row['delta']} {row['currency']}",
        "at_stake": row["at_stake"] and f"{row['at_stake']} {row['currency']}", "dispute_by": row["dispute_by"],
        "recovered": row["recovered"],
    }  # fmt: skip


def _status(text: str) -> Status:
    try:
        return Status(text)
    except ValueError as error:
        raise Permanent(f"{text!r} is no status", fix=f"write one of {', '.join(Status)}") from error
