"""What every rule looks at, and how it says what it found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.findings.billed import BilledLine
from domain.findings.contract import BilledContract, Policy
from domain.findings.finding import Action, Code, Finding, Place
from domain.findings.slots import Slot
from domain.findings.tolerance import Tolerance
from domain.invoices import Direction
from domain.money import Money
from domain.periods import add
from domain.pricing.agreement import Usage
from domain.pricing.billing_periods import Span
from domain.terms import Citation

_ASK = frozenset({Code.ARITHMETIC, Code.TOTALS})
_CORRECT = frozenset({Code.TAX, Code.TERM_NET, Code.ENTITY, Code.CURRENCY})
_CLAIM = frozenset({Code.CREDIT_MISSING, Code.REBATE_UNCLAIMED})
_NEAR = Decimal("0.9")
_GUESSED = Decimal("0.8")


@dataclass(frozen=True, slots=True)
class Look:
    """Hold a contract, its slots and all that was billed under it, as seen on one day.

    `until` is the last day whose prices are known.
    """

    contract: BilledContract
    policy: Policy
    today: date
    slots: tuple[Slot, ...]
    lines: tuple[BilledLine, ...]
    usage: tuple[Usage, ...] = ()
    until: date = date.max

    @property
    def zero(self) -> Money:
        """Return nothing in the contract's currency."""
        return Money(Decimal(0), self.contract.agreement.currency)

    @property
    def tolerance(self) -> Tolerance:
        """Return how far amounts may be off."""
        return self.policy.tolerance_of(self.contract)

    def total(self, lines: Sequence[BilledLine]) -> Money:
        """Return the sum of lines."""
        return sum((line.amount for line in lines), start=self.zero)


def found(
    look: Look,
    code: Code,
    words: str,
    *,
    line: BilledLine | None = None,
    place: Place | None = None,
    product: str = "",
    days: Span | None = None,
    expected: Money | None = None,
    billed: Money | None = None,
    clauses: tuple[Citation, ...] = (),
    tolerance: Tolerance | None = None,
    confidence: Decimal = Decimal(1),
    also: tuple[Code, ...] = (),
) -> Finding:
    """Return a finding with its action and the day until which it may be disputed."""
    place = line.place if line is not None else place
    days = days or (line.days if line is not None else None)
    direction = look.contract.direction
    if direction is Direction.RECEIVABLE and code is Code.PRICE_UNDER:
        code = Code.AR_UNDER
    if line is not None and line.inferred:
        confidence = min(confidence, _GUESSED)
    return Finding(
        code, direction, look.contract.id, words, place, product or (line.product if line else ""),
        days.start if days else None, last_day(days) if days else None, expected, billed,
        tolerance or Tolerance(), clauses, min(confidence, _NEAR) if also else confidence, also,
        _action(code, direction, expected, billed), _dispute_by(look, place),
    )  # fmt: skip


def last_day(days: Span) -> date:
    """Return the last day of a span."""
    return date.fromordinal(days.end.toordinal() - 1)


def _action(code: Code, direction: Direction, expected: Money | None, billed: Money | None) -> Action:
    if code in _ASK:
        return Action.QUERY
    if code in _CORRECT:
        return Action.CORRECT
    if code in _CLAIM and direction is Direction.PAYABLE:
        return Action.CLAIM
    if code is Code.PERIOD_GAP or expected is None or billed is None or expected == billed:
        return Action.WATCH
    over = billed.currency == expected.currency and (billed - expected).amount > 0
    if direction is Direction.PAYABLE:
        return Action.DISPUTE if over else Action.WATCH
    return Action.CREDIT if over else Action.BILL


def _dispute_by(look: Look, place: Place | None) -> date | None:
    period = look.contract.dispute or look.policy.dispute
    return add(place.issued, period) if place is not None and period is not None else None
