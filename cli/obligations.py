"""The register of duties: list, close with evidence, date, waive."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cli import output
from cli.review import opened
from domain.errors import Permanent
from domain.obligations import DueState
from store import duties as register
from tasks import duties

_STATES = (DueState.OPEN, DueState.MISSED, DueState.SCHEDULED, DueState.IN_REVIEW)


def list_obligations(*, as_json: bool) -> int:
    """Print what is due, the first first, then the duties that wait for a day."""
    with opened() as ctx, ctx.database.read() as connection:
        due = [dict(row) for row in register.unsettled(connection, _STATES)]
        undated = [dict(row) for row in register.proposed(connection)]
        waiting = [dict(row) for row in register.waiting_for_events(connection)]
    if as_json:
        output.data({"due": due, "undated": undated, "waiting": waiting})
        return 0
    output.table("Due", ["id", "due_on", "state", "direction", "customer", "text", "owner_email"], due)
    if undated:
        output.table("Nobody knows when", ["id", "direction", "source", "customer", "text", "status_reason"], undated)
        output.hint("say when: aftersign obligations date ID 2026-10-01 --who YOU")
    if waiting:
        output.table("Begins with an event", ["id", "trigger", "after", "direction", "customer", "text"], waiting)
        output.hint("say that it happened: aftersign obligations happened ID 2026-10-01 --who YOU")
    return 0


def fulfil(due_id: str, who: str, on: str, evidence: Path | None, note: str) -> int:
    """Close one time of a duty."""
    if evidence is not None and not evidence.is_file():
        raise Permanent(f"{evidence} is no file", fix="name the report, the confirmation or the receipt")
    with opened() as ctx:
        day = _day(on) if on else ctx.clock().date()
        state = duties.fulfil(ctx, due_id, who=who, on=day, evidence=evidence, note=note)
    output.say(f"✓ {state.replace('_', ' ')}")
    return 0


def review(due_id: str, who: str, because: str, *, accepted: bool) -> int:
    """Accept or refuse the evidence of a duty."""
    with opened() as ctx:
        state = duties.review(ctx, due_id, who=who, accepted=accepted, because=because)
    output.say(f"✓ {state.replace('_', ' ')}")
    return 0


def set_reviewer(obligation_id: str, reviewer: str, who: str) -> int:
    """Name who reviews the evidence of a duty."""
    with opened() as ctx:
        duties.set_reviewer(ctx, obligation_id, reviewer, who=who)
    output.say(f"✓ {reviewer} reviews its evidence" if reviewer else "✓ nobody reviews its evidence")
    return 0


def happened(obligation_id: str, on: str, who: str) -> int:
    """Start a duty whose event took place."""
    with opened() as ctx:
        day = duties.happened(ctx, obligation_id, _day(on), who=who)
    output.say(f"✓ due on {day}")
    return 0


def set_day(obligation_id: str, starts_on: str, rrule: str, who: str) -> int:
    """Say when a duty falls due."""
    with opened() as ctx:
        count = duties.set_day(ctx, obligation_id, _day(starts_on), rrule=rrule, who=who)
    output.say(f"✓ due {count} time{'' if count == 1 else 's'} in the coming year")
    return 0


def waive(obligation_id: str, who: str, because: str) -> int:
    """Give a duty up."""
    with opened() as ctx:
        duties.waive(ctx, obligation_id, who=who, because=because)
    output.say("✓ waived")
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Permanent(f"{text!r} is no day", fix="write for example 2026-10-05") from error
