"""The control tower: one row a signature with its five actions, and how far each of them has got."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    extract,
    func,
    literal,
    select,
)  # fmt: skip

from domain.handoff import StepState
from store.read_models import NEEDS_PERSON, STATES
from store.tables import answers, briefs, contracts, effects, first_touches, handoffs, inbox, sequences, steps
from store.tables_desk import contract_facts as facts
from store.views.counting import Counted, counted, shown

DIMENSIONS = ("csm", "region", "month", "type", "team")  # what narrows the figures as well
FACETS = ("state", "stuck", "csm", "region", "month", "type")
FILTERS = (*FACETS, "team", "contact", "brief", "intake", "rep", "by")
SORTS = ("signed", "customer", "contacted", "csm")
CONTACT = ("made", "in_time", "late", "waiting", "overdue")
NOBODY, UNKNOWN = "nobody", "unknown"
STOPPED = (StepState.DEAD, StepState.WAITING)
_MONTHS = 12

Rows = list[dict[str, Any]]
Condition = ColumnElement[bool]

issued = briefs.alias("issued")  # the first version of a brief


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


def rows(connection: Connection, wanted: Wanted, limit: int, offset: int = 0) -> Rows:
    """List the signatures that fit, the newest first, each with its steps by name."""
    query = select(*_columns()).select_from(joined()).where(*conditions(wanted))
    name, down = wanted.sort.removeprefix("-") or "signed", wanted.sort.startswith("-") or not wanted.sort
    known = {
        "signed": signed(), "customer": func.lower(handoffs.c.customer),
        "contacted": first_touches.c.contacted_at, "csm": handoffs.c.csm_email,
    }  # fmt: skip
    order = known[name].desc() if down else known[name].asc()
    query = query.order_by(known[name].is_(None), order, handoffs.c.id).limit(limit).offset(offset)
    found = [dict(row) for row in connection.execute(query).mappings()]
    done = _steps(connection, [row["id"] for row in found])
    return [{**row, "steps": done.get(row["id"], {})} for row in found]


def counts(connection: Connection, wanted: Wanted) -> Counted:
    """Count the signatures that fit, and by facet; where they stop, and who needs a person, by what steps say."""
    plain = ("state", "csm", "region", "month", "type")
    columns = {"state": handoffs.c.state, **{name: dimension(wanted, name) for name in plain[1:]}}
    other = tuple(name for name in FILTERS if name not in plain)
    named: list[ColumnElement[Any]] = [cast(column, String).label(name) for name, column in columns.items()]
    query = select(*named, _dead().label("person"))
    every = shown(query.select_from(joined()).where(*conditions(wanted, only=other)))
    fits = {name: _chosen(every, name, str(value)) for name, value in _said(wanted).items() if name in plain}
    found = counted(connection, every, {name: every.c[name] for name in plain}, fits, most=_MONTHS + 3)
    months = tuple(sorted(found.facets["month"], reverse=True))
    state = (*found.facets["state"], *_persons(connection, wanted))
    return Counted(
        found.total,
        {**found.facets, "state": state, "month": months, "stuck": tuple(stuck(connection, wanted, but="stuck"))},
    )


def _persons(connection: Connection, wanted: Wanted) -> list[tuple[str, int]]:
    query = select(func.count()).select_from(joined()).where(*conditions(wanted, but="state"), _dead())
    count = connection.scalar(query) or 0
    return [(NEEDS_PERSON, count)] if count else []


def _said(wanted: Wanted) -> dict[str, str | int]:
    return {name: _value(name, value) for name, value in wanted.filters.items() if value}


def _chosen(every: CTE, name: str, value: str) -> Condition:
    if name == "state" and value == NEEDS_PERSON:
        return every.c.person
    return every.c[name] == value


def stuck(connection: Connection, wanted: Wanted, *, but: str = "") -> list[tuple[str, int]]:
    """Count at which step handoffs stop: it waits for a retry or needs a person."""
    fits = select(1).select_from(joined()).where(handoffs.c.id == steps.c.handoff_id, *conditions(wanted, but=but))
    query = select(steps.c.step, func.count().label("n")).where(
        steps.c.state.in_(STOPPED), exists(fits.correlate(steps))
    )
    found = connection.execute(query.group_by(steps.c.step))
    return sorted(((str(row.step), row.n) for row in found), key=lambda one: (-one[1], one[0]))


def conditions(wanted: Wanted, *, but: str = "", only: Sequence[str] = FILTERS) -> list[Condition]:
    """Return what a row must fulfil; `only` names the filters that count."""
    said = {name: value for name, value in wanted.filters.items() if name != but and name in only and value}
    found = [wanted.seen]
    found += [dimension(wanted, name) == _value(name, said[name]) for name in DIMENSIONS if name in said]
    found += [condition for name, value in said.items() if (condition := _special(wanted, name, value)) is not None]
    if wanted.since:
        since = select(inbox.c.id).where(inbox.c.received_at >= wanted.since)
        found.append(handoffs.c.inbox_id.in_(since))
    return found


def dimension(wanted: Wanted, name: str) -> ColumnElement[Any]:
    """Return the column by which signatures are grouped; months count as 202611."""
    if name == "month":
        return cast(extract("year", signed()) * 100 + extract("month", signed()), Integer)
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


def joined() -> FromClause:
    """Return handoffs beside all that is known of them once."""
    first = and_(issued.c.handoff_id == handoffs.c.id, issued.c.version == 1)
    return (
        handoffs.outerjoin(contracts, contracts.c.id == handoffs.c.contract_id)
        .outerjoin(facts, facts.c.contract_id == handoffs.c.contract_id)
        .outerjoin(first_touches, first_touches.c.handoff_id == handoffs.c.id)
        .outerjoin(issued, first)
        .outerjoin(sequences, sequences.c.handoff_id == handoffs.c.id)
    )


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


def _columns() -> list[ColumnElement[Any]]:
    own = [
        handoffs.c[name]
        for name in (
            "id", "customer", "state", "deal_type", "deal_id", "csm_email", "signed_at", "accepted_at", "completed_at",
            "run_id", "runs", "contract_id", "source", "document",
        )
    ]  # fmt: skip
    touch = first_touches.c
    return [
        *own, contracts.c.owner_email, facts.c.region, touch.due_at, touch.contacted_at, touch.contacted_by,
        touch.state.label("touch_state"), issued.c.created_at.label("issued_at"),
        issued.c.completeness.label("first_completeness"), completeness().label("completeness"),
        sequences.c.state.label("welcome_state"), sequences.c.intake_done_at,
    ]  # fmt: skip


def _special(wanted: Wanted, name: str, value: str) -> Condition | None:
    """Return what a filter that is no column asks for; words that nobody knows find nothing."""
    known: Mapping[str, Mapping[str, Condition]] = {
        "state": {one: _dead() if one == NEEDS_PERSON else handoffs.c.state == one for one in STATES},
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


def _dead() -> Condition:
    return handoffs.c.id.in_(select(steps.c.handoff_id).where(steps.c.state == StepState.DEAD))


def _stops(which: Condition) -> Condition:
    return handoffs.c.id.in_(select(steps.c.handoff_id).where(which, steps.c.state.in_(STOPPED)))


def _exists(*own: Condition) -> Condition:
    return exists(select(1).where(*own).correlate(handoffs))


def _value(name: str, value: str) -> str | int:
    """Return a filter's value as its column holds it; a month that is none fits nothing."""
    if name != "month":
        return value
    digits = value.replace("-", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) == 6 else 0


def _steps(connection: Connection, ids: Sequence[str]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return steps by handoff and name, in groups: databases limit how many values a statement may carry."""
    grouped: dict[str, dict[str, dict[str, Any]]] = {}
    names = ("handoff_id", "step", "state", "url", "attempts", "finished_at", "run_id")
    for start in range(0, len(ids), 1000):
        query: Select[Any] = select(*(steps.c[name] for name in names))
        for row in connection.execute(query.where(steps.c.handoff_id.in_(ids[start : start + 1000]))).mappings():
            grouped.setdefault(row["handoff_id"], {})[row["step"]] = dict(row)
    return grouped
