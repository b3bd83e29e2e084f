"""Carry an amendment from its signature into the terms: propose, show what moves, approve, follow through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, RowMapping

from domain.amendment import AmendmentState, Impact, changes_of, impact, shown_hash
from domain.deadlines import Deadlines
from domain.errors import Permanent
from domain.ledger import Patches, effective
from domain.people import colleague
from domain.terms import ContractTerms, Reading
from store import contracts, ledger, readings
from tasks.context import Context
from tasks.file import HandoffFile, open_contract, place_of
from tasks.looking import deadlines_under
from tasks.planning import deadlines_of, plan


def propose_changes(ctx: Context, paper_id: str) -> list[str]:
    """Propose what an amendment changes in every contract it is linked to; return the amendments' ids."""
    with ctx.database.read() as connection:
        targets = ledger.kin(connection).amended_by(paper_id)
    return [_propose(ctx, paper_id, target) for target in targets]


def approve(ctx: Context, amendment_id: str, shown: str, *, who: str, because: str = "") -> str:
    """Apply an amendment that a named person was shown, and bring everything that hangs on it in line.

    The approval is bound to what was shown: where terms or deadlines have moved since, it is
    refused and the new state must be looked at. Raises `Permanent`.
    """
    row = _open(ctx, amendment_id)
    colleague(ctx.business.people, who)
    current = look(ctx, row["paper_id"], row["target_id"])
    if shown != row["shown_hash"] or shown != current[2]:
        _propose(ctx, row["paper_id"], row["target_id"])
        raise Permanent(
            "What would be approved is not what was shown",
            why="the contract or the amendment has changed since",
            fix=f"look again: `aftersign amendments show {amendment_id}`",
        )
    with ctx.database.write() as connection:
        ledger.decide(connection, row, AmendmentState.APPROVED, who=who, because=because, now=ctx.clock())
    return "; ".join(_cascade(ctx, row["target_id"], f"amendment {row['paper_id']} was approved by {who}"))


def reject(ctx: Context, amendment_id: str, *, who: str, because: str) -> str:
    """Say that a proposed change does not hold; the terms stay as they are."""
    return _close(ctx, amendment_id, AmendmentState.REJECTED, who, because)


def withdraw(ctx: Context, amendment_id: str, *, who: str, because: str) -> str:
    """Take an amendment back; where it was approved already, the terms before it hold again."""
    with ctx.database.read() as connection:
        row = ledger.amendment(connection, amendment_id)
    if row is not None and row["state"] == AmendmentState.APPROVED:
        colleague(ctx.business.people, who)
        with ctx.database.write() as connection:
            ledger.decide(connection, row, AmendmentState.WITHDRAWN, who=who, because=because, now=ctx.clock())
        return "; ".join(_cascade(ctx, row["target_id"], f"amendment {row['paper_id']} was withdrawn by {who}"))
    return _close(ctx, amendment_id, AmendmentState.WITHDRAWN, who, because)


def _close(ctx: Context, amendment_id: str, state: AmendmentState, who: str, because: str) -> str:
    if not because.strip():
        raise Permanent(f"An amendment is not {state} without a reason", fix="say why with --because")
    row = _open(ctx, amendment_id)
    with ctx.database.write() as connection:
        ledger.decide(connection, row, state, who=who, because=because, now=ctx.clock())
    return f"{state}; the terms stay as they are"


def _propose(ctx: Context, paper_id: str, target_id: str) -> str:
    found, moved, shown = look(ctx, paper_id, target_id)
    with ctx.database.write() as connection:
        valid_from = _valid_from(ctx, connection, paper_id)
        return ledger.propose(
            ctx.database,
            connection,
            paper_id,
            target_id,
            found,
            moved,
            valid_from=valid_from,
            shown=shown,
            now=ctx.clock(),
        )


def look(ctx: Context, paper_id: str, target_id: str) -> tuple[Patches, Impact, str]:
    """Return what an amendment changes, what moves with it, and the fingerprint of both."""
    with ctx.database.read() as connection:
        valid_from = _valid_from(ctx, connection, paper_id)
        paper = readings.load(connection, paper_id)
        before = ledger.standing(connection, target_id, valid_from)
    found = changes_of(paper, before, paper_id, valid_from)
    file = open_contract(ctx, target_id)
    moved = impact(
        found,
        deadlines_of(ctx, file),
        _after(ctx, file, before, found, valid_from),
        before.lines,
        list(_unread(paper, found)),
    )
    return found, moved, shown_hash(paper_id, target_id, found, moved)


def _after(ctx: Context, file: HandoffFile, before: Reading, found: Patches, valid_from: date) -> Deadlines | None:
    """Compute the deadlines as they would be; those of a window that closes before keep its terms."""
    today = ctx.clock().date()
    now = deadlines_of(ctx, file)
    if now is not None and now.closes < valid_from:
        return now
    reading = effective(before, found, valid_from)
    since = valid_from if valid_from > today else None
    traits = replace(file, reading=reading).traits
    return deadlines_under(ctx.business, reading, place_of(file), today=today, traits=traits, since=since)


def _unread(paper: Reading, found: Patches) -> Iterator[str]:
    """Yield the changes of clauses in which no term was recognised: a person must read those."""
    citations = [*(one.citation for one in found.terms), *(one.line.citation for one in found.lines)]
    quoted = [(one.page, one.start) for one in citations]
    for change in paper.changes:
        inside = any(
            page == change.citation.page and change.citation.start <= start < change.citation.end
            for page, start in quoted
        )
        if not inside:
            yield f"{change.clause or 'a clause'} (page {change.citation.page}): {change.old or '–'} → {change.new or 'deleted'}"


def _valid_from(ctx: Context, connection: Connection, paper_id: str) -> date:
    """Return the day from which an amendment holds: as it says, else its date, else its signature."""
    start = ContractTerms.of(readings.load(connection, paper_id).terms).start
    signed = contracts.get(connection, paper_id)["signed_at"]
    return start or (signed.date() if signed else ctx.clock().date())


def _cascade(ctx: Context, target_id: str, because: str) -> Iterator[str]:
    """Plan anew what follows from changed terms: the contract's own days and those it governs."""
    with ctx.database.read() as connection:
        touched = [target_id, *ledger.kin(connection).governed(target_id)]
    for one in touched:
        yield plan(ctx, open_contract(ctx, one), because=because).detail


def _open(ctx: Context, amendment_id: str) -> RowMapping:
    with ctx.database.read() as connection:
        row = ledger.amendment(connection, amendment_id)
    if row is None or row["state"] != AmendmentState.PROPOSED:
        raise Permanent(
            f"There is no open amendment {amendment_id!r}",
            why=f"it was {row['state']} by {row['decided_by']}" if row else "",
            fix="see `aftersign amendments list`",
        )
    return row
