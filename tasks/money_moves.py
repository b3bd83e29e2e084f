"""What people say about findings and invoices: what becomes of them, and whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import RowMapping

from domain.errors import Permanent
from domain.findings.contract import BilledContract
from domain.findings.dispute import Draft, draft
from domain.findings.matching import memory_key, plain
from domain.findings.status import Move, Status, check_move
from domain.invoices import Direction
from domain.people import colleague
from store import findings, invoices
from tasks.context import Context
from tasks.money_terms import Books
from tasks.worklist import read_worklist


def found(ctx: Context, prefix: str) -> RowMapping:
    """Return the finding whose fingerprint begins so. Raises `Permanent`."""
    with ctx.database.read() as connection:
        row = findings.find(connection, prefix)
    if row is None:
        raise Permanent(f"No single finding begins with {prefix!r}", fix="see `aftersign findings list`")
    return row


def move(ctx: Context, prefix: str, step: Move) -> Status:
    """Move one finding. Raises `Permanent` for strangers and for what is no step."""
    _known(ctx, step)
    fingerprint = found(ctx, prefix)["fingerprint"]
    with ctx.database.write() as connection:
        findings.move(connection, fingerprint, step, ctx.clock())
    return step.to


def apply_worklist(ctx: Context, file: Path, who: str) -> list[tuple[str, Status]]:
    """Take over the statuses of an edited work list, all of them or none. Raises `Permanent` naming each row."""
    edited = [one for one in read_worklist(file) if one.status is not one.was]
    rows = [(one, found(ctx, one.fingerprint)) for one in edited]
    moves = [(row, one, Move(one.status, who, one.note)) for one, row in rows if row["status"] != one.status]
    problems = [problem for row, one, step in moves if (problem := _problem(row, one.row, step))]
    if problems:
        raise Permanent(
            "The work list was not taken over", why="; ".join(problems), fix="correct these rows and apply it again"
        )
    for _, _, step in moves[:1]:
        _known(ctx, step)
    with ctx.database.write() as connection:
        for row, _, step in moves:
            findings.move(connection, row["fingerprint"], step, ctx.clock())
    return [(row["fingerprint"], step.to) for row, _, step in moves]


def match(ctx: Context, books: Books, number: str, contract: str, who: str) -> str:
    """Remember whose an invoice is and return the key; the next run takes it over. Raises `Permanent`."""
    colleague(ctx.business.people, who)
    its = next((one for one in books.contracts if contract in {one.id, one.number}), None)
    if its is None:
        raise Permanent(
            f"No contract {contract!r} can be checked",
            fix="give its number or its id; see the unchecked ones in the last run",
        )
    with ctx.database.write() as connection:
        papers = [one for one in invoices.load(connection) if plain(one.number) == plain(number)]
        if not papers:
            raise Permanent(f"There is no invoice {number!r}", fix="give its number as the paper has it")
        keys = {memory_key(one) for one in papers}
        for key in keys:
            invoices.remember(ctx.database, connection, key, its.id, who, ctx.clock())
        invoices.release(connection, [(one.source, one.id) for one in papers], ctx.clock())
    return ", ".join(sorted(keys))


def dispute(ctx: Context, books: Books, number: str) -> Draft:
    """Return the letter about what is wrong with one invoice. Raises `Permanent` where nothing is."""
    with ctx.database.read() as connection:
        rows = [findings.finding_of(row) for row in findings.listed(connection)]
    own = [one for one in rows if one.place is not None and plain(one.place.number) == plain(number)]
    contract = _contract(books, [one.contract for one in own])
    if not own or contract is None:
        raise Permanent(f"Nothing is open about invoice {number!r}", fix="see `aftersign findings list`")
    return draft(own, contract, today=ctx.clock().date())


def _contract(books: Books, ids: Sequence[str]) -> BilledContract | None:
    return next((one for one in books.contracts if one.id in ids), None)


def _problem(row: RowMapping, number: int, step: Move) -> str:
    try:
        check_move(Status(row["status"]), step, Direction(row["direction"]))
    except Permanent as error:
        return f"row {number}: {error.what}, {error.why}"
    return ""


def _known(ctx: Context, step: Move) -> None:
    colleague(ctx.business.people, step.who)
    if step.approver:
        colleague(ctx.business.people, step.approver)
