"""How far a billed amount may be off: both ways, and nothing where nobody stated a tolerance."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.money import Money


class Joined(StrEnum):
    """Name which of an absolute and a relative tolerance binds."""

    STRICTER = "stricter"
    GREATER = "greater"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Hold a tolerance in major units and in percent of the expected amount; both are zero when empty.

    It is two-sided. An empty tolerance that meant "any variance" is how overcharges pass unseen.
    """

    absolute: Decimal = Decimal(0)
    percent: Decimal = Decimal(0)
    joined: Joined = Joined.STRICTER

    def __post_init__(self) -> None:
        if self.absolute < 0 or self.percent < 0:
            message = f"a tolerance is at least zero, got {self.absolute} and {self.percent} %"
            raise ValueError(message)

    def limit(self, expected: Decimal) -> Decimal:
        """Return the largest difference that passes, in major units."""
        relative = abs(expected) * self.percent / 100
        return min(self.absolute, relative) if self.joined is Joined.STRICTER else max(self.absolute, relative)

    def passes(self, billed: Money, expected: Money) -> bool:
        """Tell whether the difference is within the tolerance, its limit included. Raises `ValueError` for two currencies."""
        return abs((billed - expected).amount) <= self.limit(expected.amount)

    def __str__(self) -> str:
        if not self.absolute and not self.percent:
            return "none"
        return f"{self.joined} of {self.absolute} and {self.percent} %"


EXACT = Tolerance()
