"""What a contract says about money, as data; and what may be expected from it, with the reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum

from domain.currencies import digits_of
from domain.minor_units import Rounding
from domain.money import Money
from domain.pricing.billing_periods import Schedule, Span
from domain.pricing.commitments import Commitment
from domain.pricing.discounts import Discount
from domain.pricing.escalation import Escalation
from domain.pricing.proration import Convention
from domain.pricing.rate_card import PriceLine
from domain.terms import Citation


class RoundedPer(StrEnum):
    """Name what is rounded to the minor unit: each line, each net unit price first, or the invoice's total."""

    LINE = "line"
    UNIT = "unit"
    INVOICE = "invoice"


@dataclass(frozen=True, slots=True)
class RoundingPolicy:
    """Hold how and where amounts are rounded; between those places they stay exact."""

    rounding: Rounding = Rounding.HALF_UP
    per: RoundedPer = RoundedPer.LINE

    def __str__(self) -> str:
        return f"{self.rounding} per {self.per}"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Hold the money terms of one contract from `first` to `last` day, `None` for no end.

    `zone` matters where seconds are counted. Raises `ValueError` where currencies mix.
    """

    currency: str
    first: date
    last: date | None
    prices: tuple[PriceLine, ...]
    schedule: Schedule
    convention: Convention = Convention.ACTUAL
    rounding: RoundingPolicy = RoundingPolicy()
    discounts: tuple[Discount, ...] = ()
    escalation: Escalation | None = None
    commitments: tuple[Commitment, ...] = ()
    payment_days: int | None = None
    zone: tzinfo = UTC

    def __post_init__(self) -> None:
        digits_of(self.currency)
        found = {line.currency for line in self.prices} | {one.minimum.currency for one in self.commitments}
        found |= {one.amount.currency for one in self.discounts if one.amount is not None}
        if others := sorted(found - {self.currency}):
            message = f"currencies never mix: a contract in {self.currency} has amounts in {', '.join(others)}"
            raise ValueError(message)

    @property
    def end(self) -> date | None:
        """Return the first day after the term."""
        return None if self.last is None else self.last + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Usage:
    """Hold what was used of a product on a day of service."""

    product: str
    day: date
    quantity: Decimal


class ExpectedKind(StrEnum):
    """Name why a line is expected."""

    RECURRING = "recurring"
    USAGE = "usage"
    ONCE = "once"
    TRUE_UP = "true_up"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Hold the words, the formula and the numbers that an amount follows from."""

    formula: str
    numbers: tuple[tuple[str, str], ...] = ()
    clauses: tuple[Citation, ...] = ()

    def text(self) -> str:
        """Write the arithmetic and the clauses, a line each."""
        numbers = [f"{name}: {value}" for name, value in self.numbers]
        return "\n".join([self.formula, *numbers, *(f"page {one.page}: “{one.quote}”" for one in self.clauses)])


@dataclass(frozen=True, slots=True)
class Expected:
    """Hold one line that an invoice of day `bill_on` should have.

    The service period has both days included, and lies in the billing period `slot`; `due` is the day of
    payment, `None` where not agreed.
    """

    kind: ExpectedKind
    product: str
    period_first: date
    period_last: date
    bill_on: date
    due: date | None
    quantity: Decimal
    amount: Money
    explanation: Explanation
    slot: Span
