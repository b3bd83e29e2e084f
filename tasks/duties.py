"""The register of duties: what contracts and sales promise, closed with evidence, dated or waived by people."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import RowMapping

from domain.comparison import normal_name
from domain.errors import Permanent
from domain.obligations import DueState, Source, Trigger, due_after, due_days, duties, promise, state_of
from domain.people import colleague
from domain.terms import Reading
from store import duties as register
from tasks.context import Context
from tasks.file import HandoffFile, place_of
from tasks.keeping import keep

_AHEAD = timedelta(days=400)
_SELLER = "provider"


def register_duties(ctx: Context, file: HandoffFile, *, end: date | None) -> int:
    """Bring the register in line with what a contract says and what sales promised; return how many are new."""
    start = file.terms.start
    found = [*duties(file.reading, start=start, end=end, our_roles=our_roles(ctx, file.reading))]
    said = file.deal.promises if file.deal else ()
    found += [promise(one.text, owed_on=None, start=start) for one in said]
    people = (file.contract["owner_email"] or "", file.contract["backup_email"] or "")
    sources = [Source.CONTRACT, Source.AMENDMENT, *([Source.SALES] if file.deal else [])]
    with ctx.database.write() as connection:
        return register.register(
            connection,
            str(file.contract["id"]),
            found,
            calendar=ctx.business.calendar_for(place_of(file)),
            people=people,
            sources=sources,
            now=ctx.clock(),
        )


def our_roles(ctx: Context, reading: Reading) -> set[str]:
    """Return the roles and names that mean us in a paper; where our name is not found we are the seller."""
    names = {normal_name(name) for name in ctx.business.playbook.our_names}
    ours = [party for party in reading.parties if any(normal_name(party.name).startswith(name) for name in names)]
    return {word for party in ours for word in (party.role, party.name) if word} or {_SELLER}


def fulfil(ctx: Context, due_id: str, *, who: str, on: date, evidence: Path | None = None, note: str = "") -> DueState:
    """Close one time of a duty with its evidence; late is judged by the day of the evidence.

    Raises `Permanent` without evidence where it is required, for strangers, and for what is closed.
    """
    colleague(ctx.business.people, who)
    with ctx.database.read() as connection:
        row = register.due(connection, due_id)
    if row is None or row["state"] not in {DueState.SCHEDULED, DueState.OPEN, DueState.MISSED}:
        raise Permanent(f"There is no open obligation {due_id!r}", fix="see `aftersign obligations list`")
    if row["evidence_required"] and evidence is None and not note.strip():
        raise Permanent(
            "An obligation is closed only with evidence",
            why="whoever cannot show it has not done it",
            fix="attach a file with --evidence, or say with --note where it can be found",
        )
    if on > ctx.clock().date():
        raise Permanent(f"{on} has not come yet", fix="give the day on which it was done")
    state = state_of(row["due_on"], row["grace_days"], evidence_on=on, lead_days=0, today=on)
    kept = keep(ctx, evidence.name, evidence.read_bytes()) if evidence else None
    done = {"evidence_sha256": kept, "evidence_note": note, "evidence_on": on, "done_by": who, "done_at": ctx.clock()}
    if row["reviewer_email"]:
        state = DueState.IN_REVIEW
    with ctx.database.write() as connection:
        register.move(connection, due_id, state, ctx.clock(), **done)
    return state


def review(ctx: Context, due_id: str, *, who: str, accepted: bool, because: str = "") -> DueState:
    """Say whether evidence will do; refused, the duty is open again with the reason. Raises `Permanent`."""
    colleague(ctx.business.people, who)
    with ctx.database.read() as connection:
        row = register.due(connection, due_id)
    if row is None or row["state"] != DueState.IN_REVIEW:
        raise Permanent(f"No evidence of {due_id!r} waits for a review", fix="see `aftersign obligations list`")
    if who not in {row["reviewer_email"]} - {row["done_by"]}:
        reviewer = row["reviewer_email"]
        raise Permanent(
            f"{who} does not review this", why=f"its reviewer is {reviewer}", fix="ask them, or name another reviewer"
        )
    if not accepted and not because.strip():
        raise Permanent("Evidence is not refused without a reason", fix="say why with --because")
    today = ctx.clock().date()
    state = state_of(
        row["due_on"], row["grace_days"], evidence_on=row["evidence_on"] if accepted else None,
        lead_days=row["lead_days"], today=today,
    )  # fmt: skip
    with ctx.database.write() as connection:
        register.move(connection, due_id, state, ctx.clock(), reviewed_by=who, reason=because)
    return state


def set_reviewer(ctx: Context, obligation_id: str, reviewer: str, *, who: str) -> None:
    """Name who reviews the evidence of a duty. Raises `Permanent` for strangers and for no such duty."""
    colleague(ctx.business.people, who)
    if reviewer:
        colleague(ctx.business.people, reviewer)
    _known(ctx, obligation_id)
    with ctx.database.write() as connection:
        register.set_reviewer(connection, obligation_id, reviewer, who=who, now=ctx.clock())


def happened(ctx: Context, obligation_id: str, on: date, *, who: str) -> date:
    """Start a duty because its event took place, and return the day it is due; each event starts it once.

    Raises `Permanent` for strangers, for a duty that waits for no event and for an event to come.
    """
    colleague(ctx.business.people, who)
    with ctx.database.read() as connection:
        row = register.get(connection, obligation_id)
    if row is None or row["trigger_kind"] != Trigger.EVENT or row["status"] != register.CONFIRMED:
        raise Permanent(f"{obligation_id!r} waits for no event", fix="see `aftersign obligations list`")
    if on > ctx.clock().date():
        raise Permanent(f"{on} has not come yet", fix="give the day on which it happened")
    day = due_after(register.as_obligation(row), on, row["calendar"])
    with ctx.database.write() as connection:
        register.plan(ctx.database, connection, obligation_id, [day])
    return day


def waive(ctx: Context, obligation_id: str, *, who: str, because: str) -> None:
    """Give a duty up. Raises `Permanent` without a reason or for a stranger."""
    colleague(ctx.business.people, who)
    if not because.strip():
        raise Permanent("A duty is not waived without a reason", fix="say why with --because")
    _known(ctx, obligation_id)
    with ctx.database.write() as connection:
        register.waive(connection, obligation_id, who=who, because=because, now=ctx.clock())


def set_day(ctx: Context, obligation_id: str, starts_on: date, *, rrule: str = "", who: str) -> int:
    """Say when a duty falls due, once or by a rule; return how many days that gives in the coming year."""
    colleague(ctx.business.people, who)
    _known(ctx, obligation_id)
    with ctx.database.write() as connection:
        register.set_day(connection, obligation_id, starts_on, rrule, who=who, now=ctx.clock())
        row = register.get(connection, obligation_id)
    return planned(ctx, row, ctx.clock().date()) if row else 0


def _known(ctx: Context, obligation_id: str) -> None:
    with ctx.database.read() as connection:
        if register.get(connection, obligation_id) is None:
            raise Permanent(f"There is no obligation {obligation_id!r}", fix="see `aftersign obligations list`")


def planned(ctx: Context, row: RowMapping, today: date) -> int:
    """Write down the days of the coming year on which a duty falls due; return how many are new."""
    one = register.as_obligation(row)
    days = due_days(one, row["created_at"].date(), today + _AHEAD, row["calendar"])
    with ctx.database.write() as connection:
        return register.plan(ctx.database, connection, row["id"], days)
