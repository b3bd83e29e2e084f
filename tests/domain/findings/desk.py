"""A contract, its clean invoices, and one change to either."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from domain.findings.audit import Audit, audit
from domain.findings.contract import BilledContract, Policy
from domain.findings.finding import Code, Finding
from domain.invoices import Direction, Invoice, InvoiceKind, InvoiceLine, InvoiceParty, InvoiceStatus
from domain.money import Money
from domain.periods import Period
from domain.pricing.agreement import Agreement, Expected
from domain.pricing.billing_periods import Schedule, Timing
from domain.pricing.expected import expected_lines
from domain.pricing.rate_card import PriceLine
from domain.pricing.tariffs import Model, Tariff
from domain.terms import Citation

D = Decimal
TODAY = date(2026, 7, 15)
START = date(2026, 1, 1)
CLAUSE = Citation("0" * 64, 3, 0, 12, "fees per seat")
SELLER = InvoiceParty("Hollowmere Cloud GmbH", tax_id="DE811111111")
MONTH = Period.parse("P1M")


def eur(amount: str | int) -> Money:
    return Money(D(amount), "EUR")


def seats(**changes: Any) -> PriceLine:
    base = PriceLine("Seats", Tariff(Model.PER_UNIT, D("12.50")), "EUR", START, None, D(40), MONTH, citation=CLAUSE)
    return replace(base, **changes)


def agreement(*prices: PriceLine, **changes: Any) -> Agreement:
    base = Agreement("EUR", START, date(2027, 12, 31), prices or (seats(),), Schedule(MONTH, timing=Timing.ADVANCE))
    return replace(base, **changes)


def contract(*prices: PriceLine, terms: Agreement | None = None, **changes: Any) -> BilledContract:
    base = BilledContract("c1", "SO-77", Direction.PAYABLE, SELLER, terms or agreement(*prices))
    return replace(base, **changes)


def line(one: Expected, number: int = 1) -> InvoiceLine:
    return InvoiceLine(
        str(number), one.product, one.amount, one.quantity, period_first=one.period_first, period_last=one.period_last
    )


def invoice(issued: date, *lines: InvoiceLine, number: str = "", **changes: Any) -> Invoice:
    number = number or f"R-{issued:%Y%m%d}"
    base = Invoice(
        "files", number, number, InvoiceKind.INVOICE, InvoiceStatus.OPEN, Direction.PAYABLE, "EUR", issued, SELLER,
        InvoiceParty("Lumora Analytics GmbH"), tuple(lines), contract_number="SO-77",
    )  # fmt: skip
    return replace(base, **changes)


def clean(one: BilledContract, through: date = TODAY) -> list[Invoice]:
    """Return the invoices that the contract leads to, one for each day of billing."""
    expected = expected_lines(one.agreement, one.usage, through=through, known_at=through)
    days = sorted({each.bill_on for each in expected})
    return [
        replace(
            invoice(day, *(line(each, index + 1) for index, each in enumerate(e for e in expected if e.bill_on == day))),
            direction=one.direction,
            **({"seller": InvoiceParty("Lumora Analytics GmbH"), "buyer": one.other} if one.direction is Direction.RECEIVABLE else {}),
        )
        for day in days
    ]  # fmt: skip


def with_line(paper: Invoice, index: int = 0, **changes: Any) -> Invoice:
    """Return the invoice with one line changed."""
    lines = list(paper.lines)
    lines[index] = replace(lines[index], **changes)
    return replace(paper, lines=tuple(lines))


def check(one: BilledContract, invoices: list[Invoice], today: date = TODAY, **rules: Any) -> Audit:
    return audit([one], invoices, today=today, policy=Policy(**rules))


def only(found: Audit, code: Code) -> Finding:
    """Return the single finding, which must have this code."""
    assert [one.code for one in found.findings] == [code], [(one.code, one.explanation) for one in found.findings]
    assert not found.problems
    return found.findings[0]


def later(day: date, days: int) -> date:
    return day + timedelta(days=days)
