"""A drawn contract, how its invoices look, and the rows that they are written from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from domain.findings.contract import BilledContract, Policy
from domain.findings.tolerance import Tolerance
from domain.invoices import Direction
from domain.minor_units import from_minor
from domain.money import Money
from domain.pricing.agreement import Agreement, Expected, ExpectedKind, RoundedPer, Usage
from domain.pricing.billing_periods import Span
from domain.pricing.expected import expected_lines
from domain.pricing.rate_card import PriceLine, in_force
from domain.pricing.tariffs import Model

POLICY = Policy()


class Named(StrEnum):
    """Name how an invoice says whose it is."""

    EXACT = "exact"
    SPACED = "spaced"
    LOWER = "lower"
    ORDER = "purchase order"
    TAX = "tax id"
    NAME = "name"


class Days(StrEnum):
    """Name where an invoice says its days of service."""

    LINE = "line"
    PAPER = "paper"
    NONE = "none"


class Off(StrEnum):
    """Name where an invoice shows its discounts."""

    WITHIN = "within the amounts"
    LINE = "on a line of their own"
    DOCUMENT = "on the document"


@dataclass(frozen=True, slots=True)
class Style:
    """Hold how the invoices of one contract look; `lag` is in days after the day of billing."""

    named: Named = Named.EXACT
    days: Days = Days.LINE
    off: Off = Off.WITHIN
    lag: int = 0
    units: bool = True
    together: bool = True
    totals: bool = True
    halved: bool = False
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one line to be written; `gross` is its amount before discounts, where they may be shown apart."""

    expected: Expected
    issued: date
    amount: Money
    quantity: Decimal
    gross: Money | None = None

    @property
    def product(self) -> str:
        """Return what it bills."""
        return self.expected.product


@dataclass(frozen=True)
class Deal:
    """Hold a contract as our books have it, with the whole truth about its usage."""

    contract: BilledContract
    usage: tuple[Usage, ...]
    today: date
    style: Style

    @property
    def terms(self) -> Agreement:
        """Return its money terms."""
        return self.contract.agreement

    @property
    def payable(self) -> bool:
        """Tell whether we pay."""
        return self.contract.direction is Direction.PAYABLE

    @property
    def tolerance(self) -> Tolerance:
        """Return how far its amounts may be off."""
        return POLICY.tolerance_of(self.contract)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Return what was rightly billed up to today."""
        lines = expected_lines(self.terms, self.usage, through=self.today, known_at=self.today)
        bare = expected_lines(replace(self.terms, discounts=()), self.usage, through=self.today, known_at=self.today)
        gross = {(one.product, one.period_first, one.period_last): one.amount for one in bare}
        rows = [_row(one, self.style.lag, gross.get((one.product, one.period_first, one.period_last))) for one in lines]
        return tuple(row for row in rows if row.issued <= self.today and row.amount.amount > 0)

    @cached_property
    def mistaken(self) -> date | None:
        """Return the day whose first invoice was sent twice and withdrawn once, `None` in styles without mistakes."""
        days = sorted({row.issued for row in self.rows})
        return days[len(days) // 2] if self.style.corrected and days else None

    @cached_property
    def single(self) -> tuple[Row, ...]:
        """Return the rows that are alone in their billing period, on invoices that were right at once."""
        alone = (row for row in self.running if Span(row.expected.period_first, _after(row)) == row.expected.slot)
        return tuple(row for row in alone if row.issued != self.mistaken)

    @cached_property
    def running(self) -> tuple[Row, ...]:
        """Return the rows of running products, those that nobody else counted left out."""
        kinds = {ExpectedKind.RECURRING, ExpectedKind.USAGE} if self.contract.usage else {ExpectedKind.RECURRING}
        return tuple(row for row in self.rows if row.expected.kind in kinds)

    def price(self, row: Row) -> PriceLine | None:
        """Return the price of a row's first day."""
        return in_force(self.terms.prices, row.product, row.expected.period_first)

    def model(self, row: Row) -> Model | None:
        """Return how the row's quantity became its amount."""
        price = self.price(row)
        return None if price is None else price.tariff.model

    def minor(self, count: int) -> Money:
        """Return so many of the smallest unit of its currency."""
        return from_minor(count, self.terms.currency)

    def visible(self, billed: Money, expected: Money) -> bool:
        """Tell whether a wrong amount is beyond the tolerance, and beyond what sharing an invoice's cents may cost."""
        shared = self.terms.rounding.per is RoundedPer.INVOICE
        beyond = abs((billed - expected).amount) > self.minor(2 * shared).amount
        return billed.amount > 0 and beyond and not self.tolerance.passes(billed, expected)


def _after(row: Row) -> date:
    return row.expected.period_last + timedelta(days=1)


def _row(one: Expected, lag: int, gross: Money | None) -> Row:
    filled = one.kind is ExpectedKind.TRUE_UP
    return Row(one, one.bill_on + timedelta(days=lag), one.amount, one.quantity, None if filled else gross)
