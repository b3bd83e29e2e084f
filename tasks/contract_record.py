"""How the last twelve months of a contract went: its service levels and its invoices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import Connection

from domain.findings import record as invoiced
from domain.findings.finding import Code
from domain.findings.status import Status
from domain.money import Money
from domain.periods import Period, Unit, subtract
from domain.sla import record as served
from store import findings, invoices, slas

_A_YEAR = Period(1, Unit.YEAR)


def last_year(connection: Connection, contract_id: str, today: date) -> tuple[str, ...]:
    """Say what a renewal should know; nothing where nothing was measured and nothing billed."""
    levels = served.twelve_months(slas.entries(connection, contract_id), today=today)
    since = subtract(today, _A_YEAR)
    papers = invoices.load(connection, contracts=[contract_id])
    rows = findings.listed(connection, statuses=tuple(Status), contract=contract_id)
    past = [
        invoiced.Past(
            Code(row["code"]), Status(row["status"]),
            Money(Decimal(row["at_stake"]), row["currency"]) if row["at_stake"] else None, Decimal(row["recovered"]),
        )
        for row in rows
        if row["detected_at"].date() >= since
    ]  # fmt: skip
    return (*served.told(levels), *invoiced.told(papers, past, since=since))
