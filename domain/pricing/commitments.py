"""Minimum commitments, and the true-up at the end of each of their periods."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from domain.minor_units import Rounding, payable
from domain.money import Money
from domain.periods import Period
from domain.pricing.billing_periods import Span
from domain.terms import Citation


@dataclass(frozen=True, slots=True)
class Commitment:
    """Hold the least that is spent in each period; `every` of `None` is the whole term.

    Only `products` count towards it, empty means all.
    """

    minimum: Money
    every: Period | None = None
    products: tuple[str, ...] = ()
    citation: Citation | None = None

    def __post_init__(self) -> None:
        if self.minimum.amount < 0:
            message = f"a minimum is at least zero, got {self.minimum}"
            raise ValueError(message)

    def counts(self, product: str) -> bool:
        """Tell whether spending on a product counts towards the minimum."""
        return not self.products or product in self.products


@dataclass(frozen=True, slots=True)
class TrueUp:
    """Hold what is still due for a period; `due` is the minimum for its days, rounded once."""

    period: Span
    due: Money
    spent: Money
    shortfall: Money


def true_up(
    commitment: Commitment, period: Span, spent: Iterable[Money], *, share: Fraction, rounding: Rounding
) -> TrueUp:
    """Compare what was spent in a period with its minimum, `share` of the whole where it is shorter.

    Spending above the minimum is never given back. Raises `ValueError` where currencies mix.
    """
    currency = commitment.minimum.currency
    due = payable(Fraction(commitment.minimum.amount) * share, currency, rounding)
    total = sum(spent, start=Money(due.amount * 0, currency))
    missing = due - total
    shortfall = missing if missing.amount > 0 else Money(due.amount * 0, currency)
    return TrueUp(period, due, total, shortfall)
