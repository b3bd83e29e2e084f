"""The list of contracts: filtered, counted by facet, sorted and paged in SQL, under the rules of access."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, and_, case, cast, extract, func, not_, select

from domain.money import Money
from store import facts as fact
from store.tables import contracts
from store.tables_desk import contract_facts as facts
from store.tables_ledger import deadlines
from store.tables_search import search_hits
from store.views.counting import Counted, counted, shown

Condition = ColumnElement[bool]
UNOWNED = "nobody"
DOUBTFUL = "yes"
OWN, AMENDS = "own", "amends"
FACETS = ("state", "type", "region", "owner", "renewal", "currency", "year", "doubts")
FILTERS = (*FACETS, "customer", "backup", "number", "papers", "ends_from", "ends_to", "act_before",
           "value_from", "value_to")  # fmt: skip
SORTS = ("customer", "value", "starts", "ends", "act_by", "signed")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold what a list asks for: the rows one may see, those whose prices one may see, filters and order.

    `searched` restricts it to what a search just put into `search_hits`, best first.
    """

    visible: Condition
    priced: Condition
    filters: Mapping[str, str]
    today: date
    sort: str = ""
    searched: bool = False


def rows(connection: Connection, wanted: Wanted, limit: int, offset: int = 0) -> list[dict[str, Any]]:
    """List contracts with their effective terms; what one may not see of them is `None`."""
    act_by = _act_by()
    query = _from(
        wanted,
        select(
            contracts.c.id, contracts.c.customer, contracts.c.title, contracts.c.owner_email, contracts.c.backup_email,
            contracts.c.signed_at, facts.c.type, facts.c.region, facts.c.renewal_type, facts.c.starts, facts.c.ends,
            facts.c.doubts, facts.c.standing, facts.c.parent_id, facts.c.contract_number,
            case((wanted.priced, facts.c.value), else_="").label("value"),
            fact.state(wanted.today).label("state"), act_by.label("act_by"),
        )
    )  # fmt: skip
    order = _order(wanted, act_by)
    ids = _from(wanted, select(contracts.c.id)).where(*conditions(wanted)).order_by(*order)
    # What is shown is looked up for the rows of the page alone.
    page = contracts.c.id.in_(select(ids.limit(limit).offset(offset).subquery("page").c.id))
    query = query.where(page).order_by(*order)
    return [_shown(dict(row), wanted.today) for row in connection.execute(query).mappings()]


def counts(connection: Connection, wanted: Wanted) -> Counted:
    """Count the contracts that fit, and by facet; `papers` counts what only changes other papers as `amends`."""
    columns = {**_facets(wanted), "papers": case((_amends(), AMENDS), else_=OWN)}
    query = _from(wanted, select(*(column.label(name) for name, column in columns.items())))
    every = shown(query.where(wanted.visible, *_others(wanted.filters, wanted)))
    chosen = {name: value for name, value in wanted.filters.items() if name in FACETS and value}
    chosen |= {"papers": OWN} if _hides_amendments(wanted) else {}
    fits = {name: every.c[name] == value for name, value in chosen.items()}
    return counted(connection, every, {name: every.c[name] for name in columns}, fits)


def conditions(wanted: Wanted) -> list[Condition]:
    """Return what a row must fulfil."""
    facets = _facets(wanted)
    found = [
        wanted.visible,
        *(facets[name] == value for name, value in wanted.filters.items() if name in facets and value),
    ]
    return [*found, *([not_(_amends())] if _hides_amendments(wanted) else []), *_others(wanted.filters, wanted)]


def _hides_amendments(wanted: Wanted) -> bool:
    return wanted.filters.get("papers") != "all" and not wanted.searched


def _amends() -> Condition:
    return func.coalesce(facts.c.standing, OWN) == AMENDS


def _others(said: Mapping[str, str], wanted: Wanted) -> list[Condition]:
    days = {"ends_from": facts.c.ends.__ge__, "ends_to": facts.c.ends.__le__, "act_before": _act_by().__le__}
    found = [compare(day) for name, compare in days.items() if (day := _day(said.get(name, "")))]
    if said.get("customer"):
        found.append(facts.c.counterparty_key.contains(said["customer"].casefold(), autoescape=True))
    if said.get("number"):
        found.append(facts.c.contract_number == said["number"])
    if said.get("backup"):
        found.append(contracts.c.backup_email == said["backup"])
    return [*found, *_value(said, wanted)]


def _value(said: Mapping[str, str], wanted: Wanted) -> list[Condition]:
    """Return the limits of value, written `50000 EUR`; only prices one may see are compared."""
    found: list[Condition] = []
    for name, above in (("value_from", True), ("value_to", False)):
        money = _money(said.get(name, ""))
        if money is not None:
            minor = int(money.amount.scaleb(money.minor_digits))
            limit = facts.c.value_minor >= minor if above else facts.c.value_minor <= minor
            found.append(and_(wanted.priced, facts.c.value_currency == money.currency, limit))
    return found


def _facets(wanted: Wanted) -> Mapping[str, ColumnElement[Any]]:
    return {
        "state": fact.state(wanted.today),
        "type": facts.c.type,
        "region": facts.c.region,
        "owner": func.coalesce(func.nullif(contracts.c.owner_email, ""), UNOWNED),
        "renewal": facts.c.renewal_type,
        "currency": case((wanted.priced, facts.c.value_currency), else_=""),
        "doubts": case((facts.c.doubts > 0, DOUBTFUL), else_=""),
        "year": func.cast(cast(extract("year", facts.c.ends), Integer), contracts.c.id.type),
    }


def _from(wanted: Wanted, query: Select[Any]) -> Select[Any]:
    current = and_(deadlines.c.contract_id == contracts.c.id, deadlines.c.superseded_at.is_(None))
    tables = contracts.outerjoin(facts, facts.c.contract_id == contracts.c.id).outerjoin(deadlines, current)
    return query.select_from(
        tables.join(search_hits, search_hits.c.contract_id == contracts.c.id) if wanted.searched else tables
    )


def _act_by() -> ColumnElement[date]:
    return func.coalesce(deadlines.c.send_by, deadlines.c.term_end)


def _order(wanted: Wanted, act_by: ColumnElement[date]) -> list[ColumnElement[Any]]:
    name, down = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
    known: Mapping[str, ColumnElement[Any]] = {
        "customer": func.lower(contracts.c.customer),
        "value": case((wanted.priced, facts.c.value_minor), else_=None),
        "starts": facts.c.starts,
        "ends": facts.c.ends,
        "act_by": act_by,
        "signed": contracts.c.signed_at,
    }
    if not name and wanted.searched:
        return [search_hits.c.tier, search_hits.c.pages.desc(), func.lower(contracts.c.customer), contracts.c.id]
    column = known.get(name, func.lower(contracts.c.customer))
    return [column.is_(None), column.desc() if down else column, contracts.c.id]


def _shown(row: dict[str, Any], today: date) -> dict[str, Any]:
    row["value"] = Money.parse(row["value"]) if row["value"] else None
    row["days_left"] = (row["act_by"] - today).days if row["act_by"] else None
    return row


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _money(text: str) -> Money | None:
    try:
        return Money.parse(text.replace(",", "").upper()).rounded()
    except (ValueError, TypeError):
        return None
