"""What leaves the house as a list: what the console keeps for a preview, and what the ledger knows of vendors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, case, exists, func, literal, or_, select
from sqlalchemy import union_all as union

from domain.handoff import EffectState
from store.tables import effects, handoffs, outbox
from store.views import months
from store.views.bound import Head, Reach, of_deal, of_key
from store.views.months import Month

KEPT, CONSOLE, FORMER = "kept", "console", "former vendor"
DEAD = "dead"  # as an address may call what is in doubt
FACETS = ("role", "kind", "state", "connector", "month")
FILTERS = (*FACETS, "about", "q")
SORTS = ("at", "role", "kind", "state", "connector")
# What each role keeps here under the key of its effect.
_KINDS = {"chat": ("message", "file"), "mail": ("mail",), "crm": ("task", "file"), "work": ("project", "item", "link")}
_MONTHS, _LETTERS = 12, len("2026-11")  # offered
_SOME = 500  # values that one statement may carry

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
    page = select(things).where(*_conditions(things, wanted)).order_by(*_order(things, wanted))
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
    kept = _kept().subquery("kept")
    query = select(kept.c.at).where(*_conditions(kept, wanted)).order_by(kept.c.at.desc())
    return connection.scalar(query.limit(1).offset(count - 1))


def _order(things: Subquery, wanted: Wanted) -> tuple[ColumnElement[Any], ...]:
    name, down = wanted.sort.removeprefix("-") or "at", wanted.sort.startswith("-") or not wanted.sort
    column = things.c[name]
    return column.desc() if down else column, things.c.id.desc(), things.c.key


def counts(connection: Connection, wanted: Wanted) -> tuple[int, Mapping[str, list[tuple[str, int]]]]:
    """Count what fits, and the values of each facet under all the other filters, in one pass."""
    free = replace(wanted, filters={name: value for name, value in wanted.filters.items() if name not in FACETS})
    things = _things(free)
    columns = [Month(things.c.at).label(name) if name == "month" else things.c[name] for name in FACETS]
    query = select(*columns, func.count().label("n")).where(*_conditions(things, free)).group_by(*columns)
    cube = [dict(row) for row in connection.execute(query).mappings()]
    said = {name: _state(value) for name, value in wanted.filters.items() if name in FACETS and value}
    said["month"] = said.get("month", "")[:_LETTERS]
    if months.within(things.c.at, said["month"]) is None:
        del said["month"]  # what is no month filters nothing
    found = {name: _facet(cube, said, name) for name in FACETS}
    return sum(row["n"] for row in cube if _fits(row, said)), found


def _facet(cube: Sequence[Mapping[str, Any]], said: Mapping[str, str], name: str) -> list[tuple[str, int]]:
    others = {key: value for key, value in said.items() if key != name}
    found: Counter[str] = Counter()
    for row in cube:
        if _fits(row, others):
            found[str(row[name])] += row["n"]
    if name == "month":
        return sorted(found.items(), reverse=True)[:_MONTHS]
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))


def _fits(row: Mapping[str, Any], said: Mapping[str, str]) -> bool:
    return all(row[name] == value for name, value in said.items())


def _state(value: str) -> str:
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
    kept = _kept()
    things = (and_(outbox.c.role == role, outbox.c.kind.in_(kinds)) for role, kinds in _KINDS.items())
    own = (outbox.c.key == effects.c.key, outbox.c.role == effects.c.role, or_(*things))
    here = exists(select(1).where(*own).correlate(effects))
    at = func.coalesce(effects.c.applied_at, effects.c.intended_at, type_=effects.c.intended_at.type)
    gone = select(
        literal(None, outbox.c.id.type), effects.c.key, effects.c.role, literal("effect"), effects.c.state,
        _connector(wanted), at, effects.c.url,
    ).where(~here)  # fmt: skip
    if edge is not None:
        kept, gone = kept.where(outbox.c.updated_at >= edge), gone.where(at >= edge)
    return union(kept, gone).subquery("things")


def _kept() -> Select[Any]:
    return select(
        outbox.c.id.label("id"), outbox.c.key.label("key"), outbox.c.role.label("role"), outbox.c.kind.label("kind"),
        func.coalesce(effects.c.state, KEPT).label("state"), literal(CONSOLE).label("connector"),
        outbox.c.updated_at.label("at"), literal("").label("url"),
    ).outerjoin_from(outbox, effects, effects.c.key == outbox.c.key)  # fmt: skip


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


def _conditions(things: Subquery, wanted: Wanted, *, but: str = "") -> list[Condition]:
    said = {name: value for name, value in wanted.filters.items() if name != but and value}
    found = [wanted.reach.within(_contract(things))]
    found += [things.c[name] == said[name] for name in ("role", "kind", "connector") if name in said]
    if "state" in said:
        found.append(things.c.state == _state(said["state"]))
    month = months.within(things.c.at, said.get("month", "")[:_LETTERS])
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
