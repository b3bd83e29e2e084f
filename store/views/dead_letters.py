"""Everything that needs a person: events, steps and effects, each with its reason and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, case, exists, func, literal, or_, select, true
from sqlalchemy import union_all as union

from domain.access import Act, Viewer
from domain.handoff import EffectState, StepState
from domain.people import Person
from store import access
from store.tables import contracts, effects, handoffs, inbox, steps
from store.views import months
from store.views.bound import Reach, of_event, of_key
from store.views.counting import Counted, counted, shown
from store.views.months import Month

EVENT, STEP, EFFECT = "event", "step", "effect"
# What can be done: start it again, say what happened, settle another effect first, or look at it.
REDRIVE, SETTLE, AFTER, LOOK = "redrive", "settle", "after", "look"
FACETS = ("letter", "can", "place", "month")
FILTERS = (*FACETS, "item", "handoff", "q")
_MOST = 10_000  # values of a facet: all of them
SORTS = ("since", "tries", "place", "letter")

Condition = ColumnElement[bool]
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold how far the right to audit goes, with which contracts somebody may act, filters and order.

    `acts` is a condition on `contracts`, or true where that person may act on everything.
    """

    reach: Reach
    acts: Condition | None
    filters: Mapping[str, str]
    sort: str = ""


def allowed(viewer: Viewer, people: Mapping[str, Person]) -> Condition | None:
    """Return on which contracts somebody may start things again; `None` means on everything."""
    free = viewer.everywhere(Act.HAND_OVER) and not any(rule.ban for rule in viewer.rules)
    return None if free else access.allowed(viewer, people, Act.HAND_OVER)


def rows(connection: Connection, wanted: Wanted, limit: int, offset: int = 0) -> Rows:
    """List dead letters, the longest waiting on top unless asked otherwise."""
    letters = _letters(wanted)
    name, down = wanted.sort.removeprefix("-") or "since", wanted.sort.startswith("-")
    column = letters.c[name]
    order = (column.desc() if down else column, letters.c.letter, letters.c.id, letters.c.place)
    query = select(letters).where(*_conditions(letters, wanted.filters)).order_by(*order)
    return [dict(row) for row in connection.execute(query.limit(limit).offset(offset)).mappings()]


def total(connection: Connection, wanted: Wanted) -> int:
    """Count the dead letters that fit."""
    letters = _letters(wanted)
    query = select(func.count()).select_from(letters).where(*_conditions(letters, wanted.filters))
    return connection.scalar(query) or 0


def counts(connection: Connection, wanted: Wanted) -> Counted:
    """Count the dead letters that fit, and by facet under all the other filters."""
    letters = _letters(wanted)
    columns = {name: Month(letters.c.since) if name == "month" else letters.c[name] for name in FACETS}
    query = select(*(column.label(name) for name, column in columns.items()), letters.c.since)
    every = shown(query.where(*_conditions(letters, wanted.filters, but=FACETS)))
    chosen = {name: value for name, value in wanted.filters.items() if name in FACETS and value}
    month = months.within(every.c.since, chosen.pop("month", ""))
    fits = {name: every.c[name] == value for name, value in chosen.items()}
    fits |= {} if month is None else {"month": month}
    found = counted(connection, every, {name: every.c[name] for name in FACETS}, fits, most=_MOST)
    return Counted(found.total, {**found.facets, "month": months.recent(found.facets["month"])})


def _conditions(letters: Subquery, filters: Mapping[str, str], *, but: Sequence[str] = ()) -> list[Condition]:
    said = {name: value for name, value in filters.items() if name not in but and value}
    found = [letters.c[name] == said[name] for name in ("letter", "can", "place", "item") if name in said]
    if "handoff" in said:
        found.append(letters.c.handoff_id == said["handoff"])
    month = months.within(letters.c.since, said.get("month", ""))
    if month is not None:
        found.append(month)
    if "q" in said:
        places = (letters.c.id, letters.c.what, letters.c.why, letters.c.about)
        found.append(or_(*(func.lower(one).contains(said["q"].casefold(), autoescape=True) for one in places)))
    return found


def _letters(wanted: Wanted) -> Subquery:
    return union(_events(wanted), _steps(wanted), _effects(wanted)).subquery("letters")


def _events(wanted: Wanted) -> Select[Any]:
    contract = of_event()
    can = case((inbox.c.state == "dead", REDRIVE), else_=LOOK)
    query = select(
        literal(EVENT).label("letter"), inbox.c.id.label("id"), inbox.c.source.label("place"),
        inbox.c.kind.label("about"), inbox.c.state.label("state"), literal("").label("what"),
        inbox.c.reason.label("why"), literal("").label("fix"), inbox.c.attempt.label("tries"),
        func.coalesce(inbox.c.dispatched_at, inbox.c.received_at).label("since"),
        func.coalesce(inbox.c.handoff_id, "").label("handoff_id"), inbox.c.run_id.label("run_id"),
        (literal("event:") + inbox.c.id).label("item"), contract.label("contract_id"), _can(wanted, contract, can),
    )  # fmt: skip
    return query.where(inbox.c.state.in_(("dead", "unknown")), wanted.reach.within(contract))


def _steps(wanted: Wanted) -> Select[Any]:
    doubt = exists(select(1).where(effects.c.handoff_id == steps.c.handoff_id, effects.c.state == EffectState.UNKNOWN))
    query = select(
        literal(STEP), steps.c.handoff_id, steps.c.step, handoffs.c.customer, steps.c.state,
        func.coalesce(steps.c.error["what"].as_string(), ""), func.coalesce(steps.c.error["why"].as_string(), ""),
        func.coalesce(steps.c.error["fix"].as_string(), ""), steps.c.attempts,
        func.coalesce(steps.c.started_at, handoffs.c.accepted_at), steps.c.handoff_id, steps.c.run_id,
        literal("step:") + steps.c.handoff_id + "/" + steps.c.step, handoffs.c.contract_id,
        _can(wanted, handoffs.c.contract_id, case((doubt, AFTER), else_=REDRIVE)),
    ).join(handoffs, handoffs.c.id == steps.c.handoff_id)  # fmt: skip
    return query.where(steps.c.state == StepState.DEAD, wanted.reach.within(handoffs.c.contract_id))


def _effects(wanted: Wanted) -> Select[Any]:
    contract = of_key(effects.c.key)
    own = select(handoffs.c.id).where(handoffs.c.id == effects.c.handoff_id).scalar_subquery()
    query = select(
        literal(EFFECT), effects.c.key, effects.c.role, effects.c.handoff_id, effects.c.state, literal(""),
        effects.c.detail, literal(""), effects.c.attempts, effects.c.intended_at, func.coalesce(own, ""),
        literal(None, inbox.c.run_id.type), literal("effect:") + effects.c.key, contract,
        _can(wanted, contract, literal(SETTLE)),
    )  # fmt: skip
    return query.where(effects.c.state == EffectState.UNKNOWN, wanted.reach.within(contract))


def _can(wanted: Wanted, contract: ColumnElement[str], what: ColumnElement[str]) -> ColumnElement[str]:
    """Return what the person who looks may do; where they may not act there is only to look."""
    if wanted.acts is None:
        return what.label("can")
    theirs = exists(select(1).select_from(contracts).where(contracts.c.id == contract, and_(true(), wanted.acts)))
    return case((theirs, what), else_=LOOK).label("can")
