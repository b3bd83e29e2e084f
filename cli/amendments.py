"""Amendments that wait for a person: what they change, what moves with them, and a person's word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from cli import output
from cli.review import opened
from domain.errors import Permanent
from store import ledger
from tasks import amending, context, repapering


def list_amendments(*, as_json: bool) -> int:
    """Print the amendments that wait for approval."""
    with opened() as ctx, ctx.database.read() as connection:
        rows = ledger.listed(connection)
    if as_json:
        output.data(rows)
    else:
        output.table("Amendments", ["id", "customer", "paper", "target", "valid_from", "proposed_at"], rows)
        output.hint("look at one: aftersign amendments show ID")
    return 0


def show(amendment_id: str, *, as_json: bool) -> int:
    """Print what an amendment moves, and the hash to approve it by."""
    with opened() as ctx, ctx.database.read() as connection:
        row = ledger.amendment(connection, amendment_id)
        if row is None:
            raise Permanent(f"There is no amendment {amendment_id!r}", fix="see `aftersign amendments list`")
        found, moved = ledger.proposed(connection, amendment_id), ledger.impact_of(row)
    if as_json:
        output.data(
            {**row, "terms": [asdict(one) for one in found.terms], "lines": [asdict(one) for one in found.lines]}
        )
        return 0
    output.table(
        f"{row['state']}, holds from {row['valid_from']}",
        ["what", "before", "after"],
        [{"what": one.what, "before": one.before, "after": one.after} for one in moved.moved],
    )
    for line in moved.unread:
        output.say(f"read it yourself: {line}")
    if row["state"] == "proposed":
        output.hint(f"approve it: aftersign amendments approve {amendment_id} --shown {row['shown_hash']} --who YOU")
    return 0


def approve(amendment_id: str, shown: str, who: str, because: str) -> int:
    """Apply an amendment as it was shown."""
    return _done(lambda ctx: amending.approve(ctx, amendment_id, shown, who=who, because=because))


def reject(amendment_id: str, who: str, because: str) -> int:
    """Leave the terms as they are."""
    return _done(lambda ctx: amending.reject(ctx, amendment_id, who=who, because=because))


def withdraw(amendment_id: str, who: str, because: str) -> int:
    """Take an amendment back."""
    return _done(lambda ctx: amending.withdraw(ctx, amendment_id, who=who, because=because))


def _done(decide: Callable[[context.Context], str]) -> int:
    with opened() as ctx:
        output.say(f"✓ {decide(ctx)}")
    return 0


def repaper(paper: str, targets: list[str], who: str, because: str, shown: str, *, force: bool, as_json: bool) -> int:
    """Show what one paper would do to many contracts, or apply exactly that."""
    with opened() as ctx:
        plan = repapering.plan_repapering(ctx, paper, targets, force=force)
        if shown:
            for line in repapering.apply_repapering(ctx, plan, shown, who=who, because=because):
                output.say(f"✓ {line}")
            return 0
    rows = [
        {"contract": step.target, "customer": step.customer, "what": one.what, "before": one.before, "after": one.after}
        for step in plan.steps
        for one in step.impact.moved
    ]
    if as_json:
        output.data({"shown": plan.fingerprint, "moves": rows, "untouched": plan.untouched})
        return 0
    output.table("Plan", ["contract", "customer", "what", "before", "after"], rows)
    output.hint(f"{len(plan.untouched)} contracts stay as they are; apply the plan with --shown {plan.fingerprint}")
    return 0
