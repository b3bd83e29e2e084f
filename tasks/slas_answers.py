"""What people say became of a claim: sent, accepted, rejected, credited."""

from __future__ import annotations

from datetime import date

from sqlalchemy import RowMapping

from domain.errors import Permanent
from domain.people import colleague
from domain.sla.claims import ClaimState, may_become
from store import slas
from tasks.context import Context
from tasks.slas_duties import close_duty


def claimed(ctx: Context, breach_id: str, *, who: str, on: date, reference: str = "") -> None:
    """Record that a credit was claimed, which closes its duty. Raises `Permanent` after its last day."""
    row = _movable(ctx, breach_id, ClaimState.SENT, who)
    if on > ctx.clock().date():
        raise Permanent(f"{on} has not come yet", fix="give the day on which the claim was sent")
    if row["claim_by"] and on > row["claim_by"]:
        raise Permanent(
            f"The last day to claim was {row['claim_by']}",
            why="the contract lets the credit lapse",
            fix="if it was sent in time, give that day with --on",
        )
    with ctx.database.write() as connection:
        slas.move(connection, row, ClaimState.SENT, who=who, now=ctx.clock(), claimed_on=on, reference=reference)
    close_duty(ctx, row, who, on)


def answered(ctx: Context, breach_id: str, state: ClaimState, *, who: str, because: str = "") -> None:
    """Record that a claim was accepted or rejected. Raises `Permanent` for a rejection without a reason."""
    row = _movable(ctx, breach_id, state, who)
    if state is ClaimState.REJECTED and not because.strip():
        raise Permanent("A claim is not rejected without a reason", fix="say with --because what the provider answered")
    with ctx.database.write() as connection:
        slas.move(connection, row, state, who=who, now=ctx.clock(), reason=because)


def credited(ctx: Context, breach_id: str, *, who: str, on: date, invoice: str) -> None:
    """Record the invoice or credit note on which a credit came. Raises `Permanent` without one."""
    row = _movable(ctx, breach_id, ClaimState.CREDITED, who)
    if not invoice.strip():
        raise Permanent("A credit is only credited where it was seen", fix="name the invoice with --invoice")
    with ctx.database.write() as connection:
        now = ctx.clock()
        slas.move(connection, row, ClaimState.CREDITED, who=who, now=now, settled_on=on, reference=invoice)
    close_duty(ctx, row, who, on)


def _movable(ctx: Context, breach_id: str, state: ClaimState, who: str) -> RowMapping:
    colleague(ctx.business.people, who)
    with ctx.database.read() as connection:
        row = slas.get(connection, breach_id)
    if row is None:
        raise Permanent(f"There is no claim {breach_id!r}", fix="see `aftersign slas list`")
    if not may_become(ClaimState(row["state"]), state):
        raise Permanent(f"A claim that is {row['state']} cannot become {state}", fix="see `aftersign slas show`")
    return row
