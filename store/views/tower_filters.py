"""Which handoffs the control tower is asked for, in the words of its address, and the columns they are grouped by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, cast, exists, func, literal, select

from domain.handoff import StepState
from store.read_models import NEEDS_PERSON, STATES
from store.tables import answers, briefs, effects, first_touches, handoffs, inbox, sequences, steps
from store.tables_desk import contract_facts as facts
from store.views.months import Month
from store.views.tower_tables import issued

DIMENSIONS = ("csm", "region", "month", "type", "team")  # what narrows the figures as well
FACETS = ("state", "stuck", "csm", "region", "month", "type")
FILTERS = (*FACETS, "team", "contact", "brief", "intake", "rep", "by")
CONTACT = ("made", "in_time", "late", "waiting", "overdue")
NOBODY, UNKNOWN = "nobody", "unknown"
STOPPED = (StepState.DEAD, StepState.WAITING)

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold which handoffs are asked for: those that may be seen, filters, now, who is in which team.

    `since` compares when the signature was received.
    """

    seen: Condition
    now: datetime
    filters: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    since: datetime | None = None


def conditions(wanted: Wanted, *, but: str = "", only: Sequence[str] = FILTERS) -> list[Condition]:
    """Return what a row must fulfil; `only` names the filters that count."""
    said = {name: value for name, value in wanted.filters.items() if name != but and name in only and value}
    found = [wanted.seen]
    found += [dimension(wanted, name) == as_held(name, said[name]) for name in DIMENSIONS if name in said]
    found += [condition for name, value in said.items() if (condition := _special(wanted, name, value)) is not None]
    if wanted.since:
        since = select(inbox.c.id).where(inbox.c.received_at >= wanted.since)
        found.append(handoffs.c.inbox_id.in_(since))
    return found


def dimension(wanted: Wanted, name: str) -> ColumnElement[Any]:
    """Return the column by which signatures are grouped; months count as 202611."""
    if name == "month":
        return cast(func.replace(Month(signed()), "-", ""), Integer)
    if name == "team":
        return case(dict(wanted.teams), value=handoffs.c.csm_email, else_=NOBODY) if wanted.teams else literal(NOBODY)
    columns: Mapping[str, tuple[ColumnElement[Any], str]] = {
        "csm": (handoffs.c.csm_email, NOBODY),
        "region": (facts.c.region, UNKNOWN),
        "type": (handoffs.c.deal_type, UNKNOWN),
    }
    column, otherwise = columns[name]
    return func.coalesce(func.nullif(column, ""), otherwise)


def contact(name: str, now: datetime) -> Condition:
    """Return whether the first contact was made, in time or late, or still waits, or is overdue.

    Only what a colleague recorded counts; that the task exists is no contact.
    """
    touch = first_touches.c
    known: Mapping[str, Condition] = {
        "made": touch.contacted_at.is_not(None),
        "in_time": touch.contacted_at <= touch.due_at,
        "late": touch.contacted_at > touch.due_at,
        "waiting": touch.state == "open",
        "overdue": and_(touch.state == "open", touch.due_at < now),
    }
    return known[name]


def completeness() -> ColumnElement[Any]:
    """Return how complete the newest brief is, 0 to 1."""
    every = briefs.alias("every_brief")
    own = select(every.c.completeness).where(every.c.handoff_id == handoffs.c.id)
    return own.order_by(every.c.version.desc()).limit(1).correlate(handoffs).scalar_subquery()


def signed() -> ColumnElement[Any]:
    """Return when a paper was signed, or where the provider did not say when we heard of it."""
    return func.coalesce(handoffs.c.signed_at, handoffs.c.accepted_at, type_=handoffs.c.accepted_at.type)


def asked_of_rep(*, answered: bool = False) -> Condition:
    """Return whether the rep was asked for what the brief lacked, or has answered."""
    if answered:
        return _exists(answers.c.handoff_id == handoffs.c.id, answers.c.source == "rep")
    return _exists(effects.c.handoff_id == handoffs.c.id, of_rep())


def of_rep() -> Condition:
    """Return whether an effect asked a rep; every new version of a brief with gaps asks once."""
    return and_(effects.c.key.like("%:chat:gaps"), effects.c.applied_at.is_not(None))


def _special(wanted: Wanted, name: str, value: str) -> Condition | None:
    """Return what a filter that is no column asks for; words that nobody knows find nothing."""
    known: Mapping[str, Mapping[str, Condition]] = {
        "state": {one: dead() if one == NEEDS_PERSON else handoffs.c.state == one for one in STATES},
        "contact": {one: contact(one, wanted.now) for one in CONTACT},
        "brief": {
            "issued": issued.c.id.is_not(None), "gaps": completeness() < 1, "whole": completeness() >= 1,
            "missing": issued.c.id.is_(None),
        },
        "intake": {
            "asked": sequences.c.handoff_id.is_not(None), "done": sequences.c.intake_done_at.is_not(None),
            "waiting": and_(sequences.c.handoff_id.is_not(None), sequences.c.intake_done_at.is_(None)),
        },
        "rep": {"asked": asked_of_rep(), "answered": asked_of_rep(answered=True)},
    }  # fmt: skip
    if name == "stuck":
        return _stops(steps.c.step == value)
    return known[name].get(value, literal(value=False)) if name in known else None


def dead() -> Condition:
    """Return whether a step of a handoff needs a person."""
    return handoffs.c.id.in_(select(steps.c.handoff_id).where(steps.c.state == StepState.DEAD))


def _stops(which: Condition) -> Condition:
    return handoffs.c.id.in_(select(steps.c.handoff_id).where(which, steps.c.state.in_(STOPPED)))


def _exists(*own: Condition) -> Condition:
    return exists(select(1).where(*own).correlate(handoffs))


def as_held(name: str, value: str) -> str | int:
    """Return a filter's value as its column holds it; a month that is none fits nothing."""
    if name != "month":
        return value
    digits = value.replace("-", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) == 6 else 0
