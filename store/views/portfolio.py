"""The portfolio in figures: each one counted under the rules of access, money by currency and never across.

What somebody may not see the price of enters no sum; how many that are is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, extract, func, select

from domain.findings.status import UNSETTLED
from domain.money import Money
from domain.renewal import RENEWS
from domain.sla.claims import CLAIMED, UNSENT, ClaimState
from store import facts as fact
from store.tables import contracts
from store.tables_billing import finding_events, findings
from store.tables_desk import contract_facts as facts
from store.tables_ledger import deadlines, decisions
from store.tables_sla import breaches

Rows = list[dict[str, Any]]
_STEPS = (30, 60, 90)
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold whose portfolio is asked for, whose prices may be shown, and today.

    `unbound` tells whether findings of no contract in the repository count as well.
    """

    visible: ColumnElement[bool]
    priced: ColumnElement[bool]
    today: date
    unbound: bool = False


def counts(connection: Connection, wanted: Wanted) -> dict[str, int]:
    """Count contracts in force, those that renew by themselves, those nobody owns, and those with something in doubt."""
    active = fact.state(wanted.today) == fact.ACTIVE
    parts = {
        "active": active,
        "renewing": and_(active, facts.c.renewal_type.in_(sorted(RENEWS))),
        "unowned": and_(active, func.coalesce(contracts.c.owner_email, "") == ""),
        "doubtful": and_(active, facts.c.doubts > 0),
        "undated": fact.state(wanted.today) == fact.UNKNOWN,
        "hidden": and_(active, ~wanted.priced),
    }
    columns = [func.coalesce(func.sum(case((part, 1), else_=0)), 0).label(name) for name, part in parts.items()]
    row = connection.execute(_contracts(select(*columns), wanted)).mappings().one()
    return {name: int(value) for name, value in row.items()}


def by_expiry(connection: Connection, wanted: Wanted, quarters: int = 8) -> Rows:
    """Return how many contracts end in each of the coming quarters, and what they are worth by currency."""
    year, month = extract("year", facts.c.ends), extract("month", facts.c.ends)
    worth = func.sum(case((wanted.priced, facts.c.value_minor), else_=None))
    query = _contracts(
        select(year.label("year"), month.label("month"), facts.c.value_currency, func.count().label("n"), worth.label("worth")),
        wanted,
    ).where(facts.c.ends >= _quarter(wanted.today, 0), facts.c.ends < _quarter(wanted.today, quarters))  # fmt: skip
    found: defaultdict[date, list[Any]] = defaultdict(list)
    for row in connection.execute(query.group_by(year, month, facts.c.value_currency)):
        found[_first(int(row.year), (int(row.month) - 1) // 3)].append(row)
    return [_expiring(_quarter(wanted.today, number), found) for number in range(quarters)]


def closing(connection: Connection, wanted: Wanted) -> Rows:
    """Return how many windows close within 30, 60 and 90 days, and what those contracts cost a year by currency."""
    act_by = func.coalesce(deadlines.c.send_by, deadlines.c.term_end)
    done = select(decisions.c.id).where(
        decisions.c.contract_id == contracts.c.id, decisions.c.term_end == deadlines.c.term_end,
        decisions.c.state == "executed",
    ).exists()  # fmt: skip
    current = and_(deadlines.c.contract_id == contracts.c.id, deadlines.c.superseded_at.is_(None), ~done)
    rows: Rows = []
    for days in _STEPS:
        worth = func.sum(case((wanted.priced, facts.c.annual_minor), else_=None))
        query = _contracts(select(facts.c.annual_currency, func.count().label("n"), worth.label("worth")), wanted).join(
            deadlines, current
        )
        until = wanted.today + timedelta(days=days)
        found = connection.execute(
            query.where(act_by >= wanted.today, act_by <= until).group_by(facts.c.annual_currency)
        ).all()
        rows.append({"days": days, "count": sum(row.n for row in found), "worth": _sums(found, "annual_currency")})
    return rows


def completeness(connection: Connection, wanted: Wanted) -> Rows:
    """Return by type how many contracts have their days, and how many have nothing in doubt."""
    dated = func.sum(case((and_(facts.c.starts.is_not(None), facts.c.ends.is_not(None)), 1), else_=0))
    sure = func.sum(case((facts.c.doubts == 0, 1), else_=0))
    query = _contracts(
        select(facts.c.type, func.count().label("n"), dated.label("dated"), sure.label("sure")), wanted
    ).group_by(facts.c.type)
    found = connection.execute(query.order_by(func.count().desc(), facts.c.type).limit(12)).mappings()
    return [dict(row) for row in found]


def biggest(connection: Connection, wanted: Wanted, limit: int = 10) -> Rows:
    """Return the customers whose contracts in force are worth most, by currency."""
    worth = func.sum(facts.c.value_minor)
    query = _contracts(
        select(contracts.c.customer, facts.c.value_currency, worth.label("worth"), func.count().label("n")), wanted
    ).where(wanted.priced, facts.c.value_minor.is_not(None), fact.state(wanted.today) == fact.ACTIVE)
    grouped = query.group_by(contracts.c.customer, facts.c.value_currency).order_by(worth.desc()).limit(limit)
    return [
        {"customer": row.customer, "count": row.n, "worth": _money(row.worth, row.value_currency)}
        for row in connection.execute(grouped)
    ]


def leakage(connection: Connection, wanted: Wanted) -> Rows:
    """Return by currency what is wrongly billed and open, claimed, and seen to come back."""
    found: defaultdict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    query = _findings(select(findings.c.currency, findings.c.status, findings.c.at_stake, findings.c.claimed,
                             findings.c.recovered), wanted)  # fmt: skip
    for row in connection.execute(query.where(findings.c.currency != "")):
        sums = found[row.currency]
        sums["found"] += Decimal(row.at_stake or "0")
        sums["open"] += Decimal(row.at_stake or "0") if row.status in UNSETTLED else Decimal(0)
        sums["claimed"] += Decimal(row.claimed or "0")
        sums["recovered"] += Decimal(row.recovered or "0")
    names = ("found", "open", "claimed", "recovered")
    return [
        {"currency": one, **{name: Money(sums[name], one).rounded() for name in names}}
        for one, sums in sorted(found.items())
        if any(sums.values())
    ]


def trend(connection: Connection, wanted: Wanted) -> Rows:
    """Return month by month what was found and what was recovered, by currency."""
    months = [_month(wanted.today, number - _MONTHS + 1) for number in range(_MONTHS)]
    found: defaultdict[tuple[str, date], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    first = months[0]
    query = _findings(select(findings.c.currency, findings.c.detected_at, findings.c.at_stake), wanted)
    for row in connection.execute(query.where(findings.c.currency != "")):
        month = row.detected_at.date().replace(day=1)
        found[row.currency, month]["found"] += Decimal(row.at_stake or "0")
    events = _findings(select(findings.c.currency, finding_events.c.at, finding_events.c.recovered), wanted).join(
        finding_events, finding_events.c.finding_id == findings.c.id
    )
    for row in connection.execute(events.where(finding_events.c.recovered != "")):
        found[row.currency, row.at.date().replace(day=1)]["recovered"] += Decimal(row.recovered)
    currencies = sorted(
        {currency for (currency, month), sums in found.items() if month >= first and any(sums.values())}
    )
    return [
        {"currency": one, "months": [{"month": month, **_both(found.get((one, month), {}), one)} for month in months]}
        for one in currencies
    ]


def credits_of(connection: Connection, wanted: Wanted) -> Rows:
    """Return by currency the service credits that are due, claimed and credited to us."""
    found: defaultdict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    query = select(breaches.c.amount, breaches.c.state).join(contracts, contracts.c.id == breaches.c.contract_id)
    query = query.where(wanted.visible, wanted.priced, breaches.c.direction == "theirs", breaches.c.amount != "")
    for row in connection.execute(query):
        money, state = Money.parse(row.amount), ClaimState(row.state)
        name = "due" if state in UNSENT else "claimed" if state in CLAIMED else state.value
        found[money.currency][name] += money.amount
    names = ("due", "claimed", "credited", "lapsed")
    return [
        {"currency": one, **{name: Money(sums[name], one).rounded() for name in names}}
        for one, sums in sorted(found.items())
    ]


def _both(sums: dict[str, Decimal], currency: str) -> dict[str, Money]:
    return {name: Money(sums.get(name, Decimal(0)), currency).rounded() for name in ("found", "recovered")}


def _contracts(query: Select[Any], wanted: Wanted) -> Select[Any]:
    own = func.coalesce(facts.c.standing, "own") != "amends"
    joined = contracts.outerjoin(facts, facts.c.contract_id == contracts.c.id)
    return query.select_from(joined).where(wanted.visible, own)


def _findings(query: Select[Any], wanted: Wanted) -> Select[Any]:
    joined = query.select_from(findings.outerjoin(contracts, contracts.c.id == findings.c.contract))
    bound = and_(contracts.c.id.is_not(None), wanted.visible, wanted.priced)
    return joined.where(bound | contracts.c.id.is_(None) if wanted.unbound else bound)


def _expiring(quarter: date, found: dict[date, list[Any]]) -> dict[str, Any]:
    rows = found.get(quarter, [])
    last = _first(quarter.year, (quarter.month - 1) // 3 + 1) - timedelta(days=1)
    label = f"Q{(quarter.month - 1) // 3 + 1} {quarter.year}"
    return {"label": label, "first": quarter, "last": last, "count": sum(row.n for row in rows),
            "worth": _sums(rows, "value_currency")}  # fmt: skip


def _sums(rows: Sequence[Any], currency: str) -> list[Money]:
    found: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        if row.worth is not None and getattr(row, currency):
            found[getattr(row, currency)] += int(row.worth)
    return [_money(minor, one) for one, minor in sorted(found.items())]


def _money(minor: int, currency: str) -> Money:
    whole = Money(Decimal(minor), currency)
    return Money(whole.amount.scaleb(-whole.minor_digits), currency)


def _quarter(today: date, number: int) -> date:
    return _first(today.year, (today.month - 1) // 3 + number)


def _first(year: int, quarter: int) -> date:
    return date(year + quarter // 4, quarter % 4 * 3 + 1, 1)


def _month(today: date, number: int) -> date:
    months = today.year * 12 + today.month - 1 + number
    return date(months // 12, months % 12 + 1, 1)
