"""Discrepancies between invoices and terms: what is wrong, what it is worth, and how far it has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from domain.findings.finding import Code, Finding
from domain.findings.status import UNSETTLED
from domain.money import Money
from store.findings import finding_of
from store.tables import contracts
from store.tables_billing import billing_problems, findings, invoices

FACETS = ("status", "code", "direction", "currency", "owner")
FILTERS = (*FACETS, "contract", "customer", "since", "due")
SORTS = ("dispute_by", "detected_at", "code", "contract")
OPEN, ALL = "open", "all"

Rows = list[dict[str, Any]]

WORDS: Mapping[Code, str] = {
    Code.ARITHMETIC: "a line does not multiply out",
    Code.TOTALS: "the sums do not add up",
    Code.NO_CONTRACT: "no contract is known for it",
    Code.ENTITY: "another legal entity",
    Code.CURRENCY: "another currency",
    Code.DUPLICATE: "billed before",
    Code.EXPIRED: "outside the term",
    Code.SCOPE: "not agreed at all",
    Code.SETUP_REPEAT: "a one-time fee again",
    Code.PERIOD_OVERLAP: "days billed already",
    Code.FREQUENCY: "other billing periods",
    Code.PERIOD_GAP: "a period not billed yet",
    Code.AR_MISSING: "we forgot to bill a period",
    Code.QTY_OVER: "more units than agreed",
    Code.QTY_UNUSED: "paid for, not used",
    Code.TIER_MODE: "tiers read the other way",
    Code.TIER_WRONG: "the price of another tier",
    Code.DISCOUNT_MISSING: "a discount left out",
    Code.PROMO_ENDED: "a discount outside its days",
    Code.PRORATION: "another part of the period",
    Code.UPLIFT_EARLY: "a rise before its day",
    Code.UPLIFT_CAP: "a rise beyond its cap",
    Code.UPLIFT_NOTICE: "a rise without notice",
    Code.INDEX_VINTAGE: "another value of the index",
    Code.PRICE_OVER: "more than agreed",
    Code.PRICE_UNDER: "less than agreed",
    Code.AR_UNDER: "we bill less than agreed",
    Code.COMMIT_DOUBLE: "a minimum beside the spending that fills it",
    Code.TRUEUP_EARLY: "a true-up too early",
    Code.CREDIT_MISSING: "a credit that did not come",
    Code.REBATE_UNCLAIMED: "a rebate nobody claimed",
    Code.TERM_NET: "other days to pay",
    Code.LATEFEE_UNAGREED: "late fees nobody agreed",
    Code.TAX: "another rate of tax",
    Code.DRIFT: "many small differences to one side",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold whose findings are asked for, filters and order.

    `unbound` tells whether those of no contract in the repository may be seen: they belong to whoever
    looks after all invoices.
    """

    visible: ColumnElement[bool]
    priced: ColumnElement[bool]
    filters: Mapping[str, str]
    today: date
    unbound: bool = False
    sort: str = ""


def rows(connection: Connection, wanted: Wanted, limit: int, offset: int = 0) -> Rows:
    """List findings, by default those that are open, the nearest day of dispute on top; prices only where shown."""
    query = _from(
        select(findings, contracts.c.customer, contracts.c.title, contracts.c.owner_email,
               contracts.c.id.label("contract_id"), _priced(wanted).label("priced"))
    ).where(*conditions(wanted))  # fmt: skip
    name, down = wanted.sort.removeprefix("-") or "dispute_by", wanted.sort.startswith("-")
    column = findings.c[name]
    order = (column.is_(None), column.desc() if down else column, findings.c.id)
    found = connection.execute(query.order_by(*order).limit(limit).offset(offset)).mappings()
    return [shown(dict(row)) for row in found]


def total(connection: Connection, wanted: Wanted) -> int:
    """Count the findings that fit."""
    return connection.scalar(_from(select(func.count())).where(*conditions(wanted))) or 0


def facet(connection: Connection, wanted: Wanted, name: str) -> list[tuple[str, int]]:
    """Count the values of one facet under all the other filters."""
    column = _columns()[name]
    query = _from(select(column.label("value"), func.count().label("n"))).where(*conditions(wanted, but=name))
    found = connection.execute(query.group_by(column).order_by(func.count().desc(), column).limit(20))
    return [(str(row.value), row.n) for row in found if row.value]


def conditions(wanted: Wanted, *, but: str = "") -> list[ColumnElement[bool]]:
    """Return what a finding must fulfil; without a status only open ones are listed."""
    said = {name: value for name, value in wanted.filters.items() if name != but and value}
    bound = and_(contracts.c.id.is_not(None), wanted.visible)
    found = [or_(bound, contracts.c.id.is_(None)) if wanted.unbound else bound]
    found += [
        column == said[name] for name, column in _columns().items() if name in said and said[name] not in {OPEN, ALL}
    ]
    if said.get("status", OPEN) == OPEN and but != "status":
        found.append(findings.c.status.in_(sorted(UNSETTLED)))
    if "contract" in said:
        found.append(findings.c.contract == said["contract"])
    if "customer" in said:
        found.append(func.lower(contracts.c.customer).contains(said["customer"].casefold(), autoescape=True))
    if said.get("due", "").isdecimal():
        found.append(findings.c.dispute_by <= wanted.today + timedelta(days=min(int(said["due"]), 3650)))
    return found


def one(connection: Connection, fingerprint: str, wanted: Wanted) -> dict[str, Any] | None:
    """Return one finding under the rules of access, `None` when it is not there for this person."""
    query = _from(
        select(findings, contracts.c.customer, contracts.c.title, contracts.c.owner_email,
               contracts.c.id.label("contract_id"), _priced(wanted).label("priced"))
    ).where(*conditions(Wanted(wanted.visible, wanted.priced, {"status": ALL}, wanted.today, wanted.unbound)))  # fmt: skip
    row = connection.execute(query.where(findings.c.fingerprint == fingerprint)).mappings().first()
    return shown(dict(row)) if row else None


def sums(connection: Connection, wanted: Wanted) -> Rows:
    """Add up by currency what is open at stake, claimed and recovered; only where prices are shown."""
    found: dict[str, dict[str, Any]] = {}
    query = _from(
        select(findings.c.currency, findings.c.at_stake, findings.c.claimed, findings.c.recovered, findings.c.status)
    )
    for row in connection.execute(
        query.where(*conditions(wanted, but="status"), _priced(wanted), findings.c.currency != "")
    ):
        total_ = found.setdefault(
            row.currency, {"open": Decimal(0), "claimed": Decimal(0), "recovered": Decimal(0), "count": 0}
        )
        total_["recovered"] += Decimal(row.recovered or "0")
        if row.status in UNSETTLED:
            total_["open"] += Decimal(row.at_stake or "0")
            total_["claimed"] += Decimal(row.claimed or "0")
            total_["count"] += 1
    return [{"currency": currency, **_as_money(currency, values)} for currency, values in sorted(found.items())]


def unmatched(connection: Connection, limit: int = 50) -> Rows:
    """List invoices that lead to no contract, the newest first."""
    query = select(invoices.c.number, invoices.c.party, invoices.c.issued, invoices.c.source, invoices.c.currency)
    query = query.where(invoices.c.contract == "", invoices.c.removed.is_(False))
    return [dict(row) for row in connection.execute(query.order_by(invoices.c.issued.desc()).limit(limit)).mappings()]


def unread(connection: Connection, limit: int = 50) -> Rows:
    """List what could not be read or checked, with what to do."""
    query = select(billing_problems).order_by(billing_problems.c.at.desc()).limit(limit)
    return [dict(row) for row in connection.execute(query).mappings()]


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """Turn a row into what pages show; money is `None` where it may not be seen."""
    finding = finding_of(row)  # type: ignore[arg-type]
    priced = bool(row["priced"])
    place = finding.place
    return {
        **row,
        "finding": finding,
        "words": WORDS[finding.code],
        "invoice": place.number if place else "",
        "issued": place.issued if place else None,
        "line": place.line if place else "",
        "product": finding.product,
        "expected": finding.expected if priced else None,
        "billed": finding.billed if priced else None,
        "delta": _own(finding, finding.delta) if priced else None,
        "at_stake": finding.at_stake if priced else None,
        "clause": "; ".join(clause.quote for clause in finding.clauses) if priced else "",
    }


def _own(finding: Finding, money: Money | None) -> Money | None:
    billed = finding.billed or finding.expected
    return money if money is not None and billed is not None and money.currency == billed.currency else None


def _as_money(currency: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: Money(value, currency).rounded() if isinstance(value, Decimal) else value
        for name, value in values.items()
    }


def _priced(wanted: Wanted) -> ColumnElement[bool]:
    bound = and_(contracts.c.id.is_not(None), wanted.priced)
    return or_(bound, contracts.c.id.is_(None)) if wanted.unbound else bound


def _columns() -> Mapping[str, ColumnElement[Any]]:
    return {
        "status": findings.c.status,
        "code": findings.c.code,
        "direction": findings.c.direction,
        "currency": findings.c.currency,
        "owner": func.coalesce(func.nullif(contracts.c.owner_email, ""), "nobody"),
    }


def _from(query: Select[Any]) -> Select[Any]:
    return query.select_from(findings.outerjoin(contracts, contracts.c.id == findings.c.contract))
