"""Who looks after which contract, what is wrong with it, and handing it over."""

from __future__ import annotations

from dataclasses import asdict

from cli import output
from cli.review import opened
from tasks.ownership import findings, hand_over


def audit(*, as_json: bool) -> int:
    """Print every contract without an owner or a backup who can be reached; exit 1 where there is one."""
    with opened() as ctx:
        rows = [
            {"contract": one.owned.contract_id, "customer": one.owned.customer, "flaw": one.flaw, "person": one.person}
            for one in findings(ctx)
        ]
    if as_json:
        output.data(rows)
    else:
        output.table("Ownership", ["contract", "customer", "flaw", "person"], rows)
    return 1 if rows else 0


def reassign(leaver: str, to: str, who: str, *, dry_run: bool, force: bool, as_json: bool) -> int:
    """Move what one person owns or backs up, and print the list of what moved."""
    with opened() as ctx:
        moved = hand_over(ctx, leaver, to=to, who=who, dry_run=dry_run, force=force)
    rows = [asdict(one) for one in moved]
    if as_json:
        output.data(rows)
    else:
        output.table("Would move" if dry_run else "Moved", ["customer", "role", "before", "after", "contract_id"], rows)
    return 0
