"""What leaves the house as a list: what the console keeps for a preview, and what the ledger knows of vendors."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, case, exists, func, literal, or_, select
from sqlalchemy import union_all as union

from domain.handoff import EffectState
from store.tables import effects, handoffs, outbox
from store.views import months
from store.views.bound import Head, Reach, of_deal, of_key

KEPT, CONSOLE, FORMER = "kept", "console", "former vendor"
DEAD = "dead"  # as an address may call what is in doubt
FACETS = ("role", "kind", "state", "connector", "month")
FILTERS = (*FACETS, "about", "q")
SORTS = ("at", "role", "kind", "state", "connector")
# What each role keeps here under the key of its effect.
_KINDS = {"chat": ("message", "file"), "mail": ("mail",), "crm": ("task", "file"), "work": ("project", "item", "link")}
LETTERS = len("2026-11")
_SOME = 500  # values that one statement may carry

_AT = func.coalesce(effects.c.applied_at, effects.c.intended_at, type_=effects.c.intended_at.type)

Rows = list[dict[str, Any]]
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold how far somebody's right goes, the filters, the order, and which connector plays each role now."""

    reach: Reach
    filters: Mapping[str, str]
    sort: str = ""
    connectors: Mapping[str, str] = field(default_factory=dict)


def rows(connection: Connection, wanted: Wanted, limit: int, offset: int = 0) -> Rows:
    """List what was written or is about to be, the latest first; `body` is `None` where it is hidden or not kept."""
    things = _things(wanted, _edge(connection, wanted, limit + offset))
    page = select(things).where(*conditions(things, wanted)).order_by(*_order(things, wanted))
    # Whose each is, is looked up for the rows of the page alone.
    shown = page.limit(limit).offset(offset).subquery("shown")
    contract = _contract(shown)
    own = select(handoffs.c.id).where(handoffs.c.id == Head(shown.c.key)).scalar_subquery()
    opened_ = case((wanted.reach.opened(contract), 1), else_=0)
    query = select(shown, contract.label("contract_id"), own.label("handoff_id"), opened_.label("opened"))
    found = [dict(row) for row in connection.execute(query.order_by(*_order(shown, wanted))).mappings()]
    bodies = _bodies(connection, [row["id"] for row in found if row["id"] and row["opened"]])
    return [{**row, "body": bodies.get(row["id"])} for row in found]


def _edge(connection: Connection, wanted: Wanted, count: int) -> datetime | None:
    """Return when the last of so many kept objects was written: where the latest stand first, nothing older is listed."""
    if wanted.sort not in ("", "-at"):
        return None
    things = kept().subquery("kept")
    query = select(things.c.at).where(*conditions(things, wanted)).order_by(things.c.at.desc())
    return connection.scalar(query.limit(1).offset(count - 1))


def _order(things: Subquery, wanted: Wanted) -> tuple[ColumnElement[Any], ...]:
    name, down = wanted.sort.removeprefix("-") or "at", wanted.sort.startswith("-") or not wanted.sort
    column = things.c[name]
    return column.desc() if down else column, things.c.id.desc(), things.c.key


def state_of(value: str) -> str:
    """Return the state that an address asks for."""
    return str(EffectState.UNKNOWN) if value == DEAD else value


def opened(connection: Connection, reach: Reach, identity: int) -> tuple[str | None, bool] | None:
    """Return the contract of a kept object and whether its contents are open; `None` if it is not theirs."""
    contract = of_outbox()
    query = select(contract.label("contract"), case((reach.opened(contract), 1), else_=0).label("opened"))
    row = connection.execute(query.where(outbox.c.id == identity, reach.within(contract))).first()
    return None if row is None else (row.contract, bool(row.opened))


def of_outbox() -> ColumnElement[str]:
    """Return the contract that a kept object belongs to."""
    return func.coalesce(of_deal(), of_key(outbox.c.key))


def _things(wanted: Wanted, edge: datetime | None = None) -> Subquery:
    """Return every kept object, and every effect that left nothing here to look at; none from before `edge`."""
    here, elsewhere = kept(), gone(wanted)
    if edge is not None:
        here, elsewhere = here.where(outbox.c.updated_at >= edge), elsewhere.where(edge <= _AT)
    return union(here, elsewhere).subquery("things")


def gone(wanted: Wanted) -> Select[Any]:
    """Return every effect that left nothing here to look at."""
    things = (and_(outbox.c.role == role, outbox.c.kind.in_(kinds)) for role, kinds in _KINDS.items())
    own = (outbox.c.key == effects.c.key, outbox.c.role == effects.c.role, or_(*things))
    here = exists(select(1).where(*own).correlate(effects))
    return select(
        literal(None, outbox.c.id.type).label("id"), effects.c.key, effects.c.role, literal("effect").label("kind"),
        effects.c.state, _connector(wanted).label("connector"), _AT.label("at"), effects.c.url,
    ).where(~here)  # fmt: skip


def kept() -> Select[Any]:
    """Return every kept object with the state of its effect."""
    state = func.coalesce(effects.c.state, KEPT).label("state")
    return _objects(state).outerjoin_from(outbox, effects, effects.c.key == outbox.c.key)


def kept_as(state: str) -> Select[Any]:
    """Return every kept object as if its effect were in this state, without a look at effects."""
    return _objects(literal(state).label("state"))


def kept_in(states: Collection[str]) -> Select[Any]:
    """Return the kept objects whose effect is in one of these states."""
    own = and_(effects.c.key == outbox.c.key, effects.c.state.in_(states))
    return _objects(effects.c.state).join_from(outbox, effects, own)


def kept_alone() -> Select[Any]:
    """Return the kept objects that have no effect."""
    own = exists(select(1).where(effects.c.key == outbox.c.key).correlate(outbox))
    return _objects(literal(KEPT).label("state")).where(~own)


def _objects(state: ColumnElement[str]) -> Select[Any]:
    return select(
        outbox.c.id.label("id"), outbox.c.key.label("key"), outbox.c.role.label("role"), outbox.c.kind.label("kind"),
        state, literal(CONSOLE).label("connector"), outbox.c.updated_at.label("at"), literal("").label("url"),
    )  # fmt: skip


def _connector(wanted: Wanted) -> ColumnElement[str]:
    """Tell who plays an effect's role: who does it now, unless the effect's own address says otherwise."""
    own = effects.c.url.contains("/outbox")
    foreign = and_(effects.c.url != "", or_(*(effects.c.role == role for role in _played_here(wanted))))
    current = case(wanted.connectors, value=effects.c.role, else_=FORMER) if wanted.connectors else literal(FORMER)
    return case((own, CONSOLE), (foreign, FORMER), else_=current)


def _played_here(wanted: Wanted) -> Sequence[str]:
    return [role for role, name in wanted.connectors.items() if name == CONSOLE] or [""]


def _contract(things: Subquery) -> ColumnElement[str]:
    # Looked up where somebody asks: reading every object for its deal costs more than all the rest.
    deal = select(of_deal()).where(outbox.c.id == things.c.id).correlate(things).scalar_subquery()
    return func.coalesce(case((things.c.kind == "deal", deal), else_=None), of_key(things.c.key))


def conditions(things: Subquery, wanted: Wanted) -> list[Condition]:
    """Return what a thing must fulfil."""
    said = {name: value for name, value in wanted.filters.items() if value}
    found = [wanted.reach.within(_contract(things))]
    found += [things.c[name] == said[name] for name in ("role", "kind", "connector") if name in said]
    if "state" in said:
        found.append(things.c.state == state_of(said["state"]))
    month = months.within(things.c.at, said.get("month", "")[:LETTERS])
    if month is not None:
        found.append(month)
    if "about" in said:
        found.append(or_(Head(things.c.key) == said["about"], _contract(things) == said["about"]))
    if "q" in said:
        found.append(func.lower(things.c.key).contains(said["q"].casefold(), autoescape=True))
    return found


def _bodies(connection: Connection, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(ids), _SOME):
        query = select(outbox.c.id, outbox.c.body).where(outbox.c.id.in_(ids[start : start + _SOME]))
        found |= {row.id: row.body for row in connection.execute(query)}
    return found
