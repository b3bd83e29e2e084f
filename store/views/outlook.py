"""What comes: windows month by month, terms that turn if nobody acts, and windows that nobody would hear of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Integer, and_, case, cast, extract, func, select

from domain.money import Money
from domain.simulator import Running
from domain.terms import ContractTerms, TermField
from store.tables import alerts, contracts
from store.tables_desk import contract_facts as facts
from store.tables_ledger import deadlines, decisions
from store.views.renewals import Rows, Wanted, act_by, conditions, decided, month_after, of_windows

MONTHS = 18


def months(connection: Connection, wanted: Wanted) -> Rows:
    """Count the windows to act upon in each of the next 18 months, with what they are worth a year by currency."""
    first = wanted.today.replace(day=1)
    within = (*conditions(wanted, but=("month",)), act_by() >= first, act_by() < month_after(first, MONTHS))
    priced = case((wanted.priced, facts.c.annual_minor), else_=None)
    each = of_windows(select(act_by().label("day"), priced.label("worth"), facts.c.annual_currency.label("currency")))
    own = each.where(*within).subquery()
    year, month = (cast(extract(part, own.c.day), Integer).label(part) for part in ("year", "month"))
    query = select(year, month, own.c.currency, func.count().label("n"), func.sum(own.c.worth).label("worth"))
    found: defaultdict[date, list[Any]] = defaultdict(list)
    for row in connection.execute(query.group_by(year, month, own.c.currency)):
        found[date(row.year, row.month, 1)].append(row)
    return [_inmonth_after(month_after(first, number), found) for number in range(MONTHS)]


def _inmonth_after(month: date, found: Mapping[date, list[Any]]) -> dict[str, Any]:
    rows = found.get(month, [])
    sums = {row.currency: int(row.worth) for row in rows if row.worth is not None}
    worth = [_money(minor, currency) for currency, minor in sorted(sums.items())]
    return {"month": month, "key": f"{month:%Y-%m}", "count": sum(row.n for row in rows), "worth": worth}


def _money(minor: int, currency: str) -> Money:
    one = Money.parse(f"{minor} {currency}")
    return Money(one.amount.scaleb(-one.minor_digits), currency)


def running(connection: Connection, wanted: Wanted, horizon: date) -> tuple[list[Running], int]:
    """Return the contracts whose term can turn until the horizon, and how many of them are left out.

    Left out are those whose prices may not be shown.
    """
    served = select(decisions.c.id).where(
        decisions.c.contract_id == deadlines.c.contract_id, decisions.c.term_end == deadlines.c.term_end,
        decisions.c.verdict.in_(("terminate", "renegotiate", "lapse")),
    ).exists()  # fmt: skip
    query = of_windows(
        select(
            contracts.c.id, contracts.c.customer, contracts.c.title, contracts.c.owner_email, facts.c.annual,
            facts.c.value, deadlines.c.inputs, deadlines.c.calendar, deadlines.c.renewals, deadlines.c.term_end,
            deadlines.c.notice_deadline, served.label("stops"), wanted.priced.label("priced"),
        )
    ).where(wanted.visible, deadlines.c.superseded_at.is_(None), act_by() <= horizon)  # fmt: skip
    rows = connection.execute(query.order_by(act_by(), contracts.c.id)).all()
    return [_running(row) for row in rows if row.priced], sum(not row.priced for row in rows)


def _running(row: Any) -> Running:
    values = {TermField(name): str(one["value"]) for name, one in row.inputs.items() if name in set(TermField)}
    values |= {
        name: text for name, text in ((TermField.ANNUAL_VALUE, row.annual), (TermField.TOTAL_VALUE, row.value)) if text
    }
    return Running(
        row.id, row.customer, row.title, row.owner_email or "", ContractTerms(values), row.calendar, row.renewals,
        row.term_end, row.notice_deadline or row.term_end, bool(row.stops),
    )  # fmt: skip


def unheard(connection: Connection, wanted: Wanted) -> Rows:
    """List windows of which nobody would be told: no alert is planned, sent or acknowledged for them."""
    own = and_(alerts.c.contract_id == deadlines.c.contract_id, alerts.c.deadline_version == deadlines.c.version)
    live = alerts.c.state.in_(("planned", "collapsed", "sent", "acknowledged"))
    told = select(alerts.c.id).where(own, live).correlate(deadlines).exists()
    query = of_windows(
        select(
            contracts.c.id, contracts.c.customer, contracts.c.title, contracts.c.owner_email, act_by().label("act_by")
        )
    ).where(wanted.visible, deadlines.c.superseded_at.is_(None), ~decided(), ~told, act_by() >= wanted.today)
    return [dict(row) for row in connection.execute(query.order_by(act_by(), contracts.c.id).limit(200)).mappings()]
