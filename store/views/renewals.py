"""Windows that close: who must decide what by when, month by month, and what is at stake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select

from domain.money import Money
from domain.renewal import RENEWS
from store.tables import alerts, contracts
from store.tables_desk import contract_facts as facts
from store.tables_ledger import deadlines, decisions
from store.views.counting import Counted, counted, shown

FACETS = ("due", "decision", "renewal", "owner", "region")
FILTERS = (*FACETS, "customer", "month")
SORTS = ("act_by", "term_end", "customer", "annual")
NOBODY = "nobody"
LATE, NONE = "late", "none"
_STEPS = (30, 60, 90, 180)

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold whose windows are asked for, whose prices may be shown, filters and order."""

    visible: ColumnElement[bool]
    priced: ColumnElement[bool]
    filters: Mapping[str, str]
    today: date
    sort: str = ""


def rows(connection: Connection, wanted: Wanted, limit: int, offset: int = 0) -> Rows:
    """List windows with their decision and how far their alerts have come, what must be acted upon first on top."""
    query = of_windows(
        select(
            contracts.c.id, contracts.c.customer, contracts.c.title, contracts.c.owner_email, contracts.c.backup_email,
            facts.c.renewal_type, facts.c.notice_period, facts.c.region,
            case((wanted.priced, facts.c.annual), else_="").label("annual"),
            deadlines.c.term_end, deadlines.c.notice_deadline, deadlines.c.decide_by, deadlines.c.window_opens,
            deadlines.c.provisional, deadlines.c.renewals, act_by().label("act_by"), _verdict("verdict"),
            _verdict("state").label("decision"), _told().label("told"),
        )
    )  # fmt: skip
    order = _order(wanted)
    ids = of_windows(select(deadlines.c.id)).where(*conditions(wanted)).order_by(*order)
    # What is shown is looked up for the rows of the page alone.
    page = deadlines.c.id.in_(select(ids.limit(limit).offset(offset).subquery("page").c.id))
    found = connection.execute(query.where(page).order_by(*order)).mappings()
    return [_shown(dict(row), wanted.today) for row in found]


def counts(connection: Connection, wanted: Wanted) -> Counted:
    """Count the windows that fit, and by facet; those to act upon within 60 days count those within 30 too."""
    columns = {**_columns(), "act_by": act_by()}
    query = of_windows(select(*(column.label(name) for name, column in columns.items())))
    every = shown(query.where(*conditions(wanted, but=FACETS)))
    said = {name: value for name, value in wanted.filters.items() if name in FACETS and value}
    fits = {
        name: _due(value, wanted.today, every.c.act_by) if name == "due" else every.c[name] == value
        for name, value in said.items()
    }
    first = [(_due(step, wanted.today, every.c.act_by), step) for step in (LATE, *map(str, _STEPS))]
    values = {"due": case(*first, else_=""), **{name: every.c[name] for name in _columns()}}
    found = counted(connection, every, values, fits, most=15)
    return replace(found, facets={**found.facets, "due": _cumulated(dict(found.facets["due"]))})


def _cumulated(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    found, until = [(LATE, counts.get(LATE, 0))], 0
    for step in map(str, _STEPS):
        until += counts.get(step, 0)
        found.append((step, until))
    return tuple((step, count) for step, count in found if count)


def conditions(wanted: Wanted, *, but: Sequence[str] = ()) -> list[ColumnElement[bool]]:
    """Return what a window must fulfil; `but` leaves filters out."""
    said = {name: value for name, value in wanted.filters.items() if name not in but and value}
    found = [wanted.visible, deadlines.c.superseded_at.is_(None), ~decided()]
    found += [column == said[name] for name, column in _columns().items() if name in said]
    if "due" in said:
        found.append(_due(said["due"], wanted.today, act_by()))
    if "customer" in said:
        found.append(func.lower(contracts.c.customer).contains(said["customer"].casefold(), autoescape=True))
    if month := _first_of(said.get("month", "")):
        found += [act_by() >= month, act_by() < month_after(month, 1)]
    return found


def act_by() -> ColumnElement[date]:
    """Return the last day on which something can still be done."""
    return func.coalesce(deadlines.c.send_by, deadlines.c.term_end)


def renews() -> ColumnElement[bool]:
    """Tell whether a contract goes on without anybody acting."""
    return facts.c.renewal_type.in_(sorted(RENEWS))


def _due(step: str, today: date, day: ColumnElement[date]) -> ColumnElement[bool]:
    if step == LATE:
        return day < today
    if not step.isdecimal():
        return day.is_(None)
    return and_(day >= today, day <= today + timedelta(days=min(int(step), 3650)))


def _columns() -> Mapping[str, ColumnElement[Any]]:
    return {
        "decision": func.coalesce(_verdict("verdict"), NONE),
        "renewal": facts.c.renewal_type,
        "owner": func.coalesce(func.nullif(contracts.c.owner_email, ""), NOBODY),
        "region": facts.c.region,
    }


def of_windows(query: Select[Any]) -> Select[Any]:
    """Join windows with their contracts and facts."""
    return query.select_from(
        deadlines.join(contracts, contracts.c.id == deadlines.c.contract_id).outerjoin(
            facts, facts.c.contract_id == contracts.c.id
        )
    )


def _verdict(name: str) -> Any:
    own = (decisions.c.contract_id == deadlines.c.contract_id, decisions.c.term_end == deadlines.c.term_end)
    query = select(decisions.c[name]).where(*own, decisions.c.state == "open").order_by(decisions.c.decided_at.desc())
    return query.limit(1).correlate(deadlines).scalar_subquery().label(name)


def decided() -> ColumnElement[bool]:
    """Tell whether a term's end is decided and carried out; nothing waits then."""
    own = (decisions.c.contract_id == deadlines.c.contract_id, decisions.c.term_end == deadlines.c.term_end)
    return select(decisions.c.id).where(*own, decisions.c.state == "executed").exists()


def _told() -> ColumnElement[str]:
    """Return how far the alerts of these days have come: acknowledged, sent, planned or nothing."""
    own = and_(
        alerts.c.contract_id == deadlines.c.contract_id, alerts.c.deadline_version == deadlines.c.version
    )  # fmt: skip
    states = {
        state: select(alerts.c.id).where(own, alerts.c.state == state).correlate(deadlines).exists()
        for state in ("acknowledged", "sent", "planned", "collapsed")
    }
    return case(*((found, state) for state, found in states.items()), else_="")


def _order(wanted: Wanted) -> list[ColumnElement[Any]]:
    name, down = wanted.sort.removeprefix("-") or "act_by", wanted.sort.startswith("-")
    known: Mapping[str, ColumnElement[Any]] = {
        "act_by": act_by(),
        "term_end": deadlines.c.term_end,
        "customer": func.lower(contracts.c.customer),
        "annual": case((wanted.priced, facts.c.annual_minor), else_=None),
    }
    column = known[name]
    return [column.is_(None), column.desc() if down else column, contracts.c.id]


def _shown(row: dict[str, Any], today: date) -> dict[str, Any]:
    row["annual"] = Money.parse(row["annual"]) if row["annual"] else None
    row["days_left"] = (row["act_by"] - today).days
    return row


def month_after(first: date, months: int) -> date:
    """Return the first day of the month so many months later."""
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _first_of(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01") if text else None
    except ValueError:
        return None
