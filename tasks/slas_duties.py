"""The last day to claim a service credit, as a duty in the register like any other."""

from __future__ import annotations

import hashlib
from datetime import date

from sqlalchemy import RowMapping

from domain.obligations import UNSETTLED, Direction, DueState, Obligation, Source, Trigger, state_of
from domain.terms import TermField
from store import duties as register
from tasks.context import Context
from tasks.duties import planned
from tasks.slas_promised import Watched

# Planning takes back duties of the paper that it does not read there any more; a claim is none of them.
_SOURCE = Source.SERVICE_LEVEL


def register_claim(ctx: Context, one: Watched, row: RowMapping) -> None:
    """Put the last day to claim among the duties, where it is seen, opened in time and named when missed.

    A claim without a last day has none.
    """
    if row["claim_by"] is None:
        return
    key = duty_key(row)
    citation = one.promise.citations.get(TermField.CLAIM_PERIOD) or one.promise.citations.get(TermField.UPTIME)
    duty = Obligation(
        key, _SOURCE, Direction.THEIRS, f"Service credit for {row['service']}, {row['window_first']} to {row['window_last']}: claim it",
        citation, Trigger.DATE, starts_on=row["claim_by"], ends_on=row["claim_by"],
        consequence=f"the credit of {row['amount'] or 'unknown amount'} lapses",
    )  # fmt: skip
    people = (row["owner_email"] or "", row["backup_email"] or "")
    with ctx.database.write() as connection:
        register.register(
            connection, row["contract_id"], [duty], calendar=one.calendar, people=people, sources=(), now=ctx.clock()
        )
        [made] = [found for found in register.of_contract(connection, row["contract_id"]) if found["key"] == key]
        if made["status"] != register.CONFIRMED:
            register.set_day(connection, made["id"], row["claim_by"], "", who="aftersign", now=ctx.clock())
            made = register.get(connection, made["id"]) or made
    planned(ctx, made, ctx.clock().date())
    _reopen(ctx, made["id"])


def _reopen(ctx: Context, obligation_id: str) -> None:
    """Let a last day count again that a measurement took away and another brought back."""
    with ctx.database.write() as connection:
        for due in register.unsettled(connection, (DueState.SUPERSEDED,)):
            if due["obligation_id"] == obligation_id:
                register.move(connection, due["id"], DueState.SCHEDULED, ctx.clock(), reason="")


def duty_key(row: RowMapping) -> str:
    """Return the key under which the last day of a claim stands in the register."""
    named = f"service credit:{row['contract_id']}:{row['service']}:{row['window_first']}:{row['metric']}"
    return hashlib.sha256(named.encode()).hexdigest()[:32]


def close_duty(ctx: Context, row: RowMapping, who: str, on: date) -> None:
    """Close the duty with the day on which the claim was sent."""
    key = duty_key(row)
    with ctx.database.write() as connection:
        ids = {one["id"] for one in register.of_contract(connection, row["contract_id"]) if one["key"] == key}
        for due in register.unsettled(connection, tuple(UNSETTLED)):
            if due["obligation_id"] in ids:
                state = state_of(due["due_on"], due["grace_days"], evidence_on=on, lead_days=0, today=on)
                done = {
                    "evidence_note": f"claim {row['id']}",
                    "evidence_on": on,
                    "done_by": who,
                    "done_at": ctx.clock(),
                }
                register.move(connection, due["id"], state, ctx.clock(), **done)


def give_up(ctx: Context, row: RowMapping, why: str) -> None:
    """Take the duty out of the register, with the reason."""
    with ctx.database.write() as connection:
        for one in register.of_contract(connection, row["contract_id"]):
            if one["key"] == duty_key(row) and one["status"] == register.CONFIRMED:
                register.supersede(connection, one["id"], why, ctx.clock())
