"""Let one signed paper change many contracts: plan, refuse what is implausible, apply exactly the plan."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from domain.amendment import Impact
from domain.errors import Permanent
from domain.kinship import Link
from domain.papers import LinkKind, Proposal
from domain.people import colleague
from store import contracts, families, ledger
from tasks.amending import approve, look, propose_changes
from tasks.context import Context

_MOST = 0.5  # of all contracts; more is a mistake in the list until somebody says otherwise


@dataclass(frozen=True, slots=True)
class Step:
    """Hold what the paper would do to one contract."""

    target: str
    customer: str
    impact: Impact
    shown: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Hold the whole plan; `fingerprint` is what an approval is bound to."""

    paper: str
    steps: tuple[Step, ...]
    untouched: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """Return the hash of all that was shown."""
        return hashlib.sha256("".join([self.paper, *(step.shown for step in self.steps)]).encode()).hexdigest()


def plan_repapering(ctx: Context, paper_id: str, targets: Sequence[str], *, force: bool = False) -> Plan:
    """Say what a paper would change in each of many contracts; nothing is stored.

    Raises `Permanent` for contracts that do not exist, for circles, and where implausibly many of
    all contracts would change.
    """
    wanted = list(dict.fromkeys(targets))
    with ctx.database.read() as connection:
        every, kin = {one.contract_id for one in contracts.owned(connection)}, ledger.kin(connection)
        names = {one: _customer(contracts.find(connection, one), one) for one in [paper_id, *wanted]}
    for one in wanted:
        kin.refuse_circle(Link(paper_id, one, LinkKind.AMENDS))
    if not force and len(wanted) > max(10, len(every) * _MOST):
        raise Permanent(
            f"{len(wanted)} of {len(every)} contracts would change at once",
            why="that is more than half of all; a list is easily too long",
            fix="look at the plan with --dry-run, then run again with --force",
        )
    steps = [Step(one, names[one], *look(ctx, paper_id, one)[1:]) for one in wanted]
    moving = tuple(step for step in steps if step.impact.moved)
    return Plan(paper_id, moving, tuple(step.target for step in steps if not step.impact.moved))


def apply_repapering(ctx: Context, plan: Plan, shown: str, *, who: str, because: str) -> list[str]:
    """Link, approve and carry through what the plan says; what is done stays done when it is run again.

    Raises `Permanent` when the plan is not the one that was shown.
    """
    colleague(ctx.business.people, who)
    if shown != plan.fingerprint:
        raise Permanent(
            "What would be applied is not what was shown",
            why="a contract or the list has changed since",
            fix="look at the plan again with --dry-run",
        )
    with ctx.database.write() as connection:
        found = [
            Proposal(plan.paper, step.target, LinkKind.AMENDS, 1.0, because or "re-papering", None)
            for step in plan.steps
        ]
        families.save(ctx.database, connection, found, ctx.clock())
        for step in plan.steps:
            row = families.between(connection, plan.paper, step.target, LinkKind.AMENDS)
            if row is not None and row["state"] in families.OPEN:
                families.decide(connection, row, accept=True, who=who, because=because, now=ctx.clock())
    propose_changes(ctx, plan.paper)
    with ctx.database.read() as connection:
        open_ones = [row for row in ledger.listed(connection) if row["paper_id"] == plan.paper]
    wanted = {step.target: step.shown for step in plan.steps}
    return [
        f"{row['customer']}: {approve(ctx, row['id'], wanted[row['target_id']], who=who, because=because)}"
        for row in open_ones
        if row["target_id"] in wanted
    ]


def _customer(row: object, identity: str) -> str:
    if row is None:
        raise Permanent(f"There is no contract {identity!r}", fix="see `aftersign renewals list` for the ids")
    return str(row["customer"])  # type: ignore[index]
