"""Money: a decimal amount that never forgets its currency and never was a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from domain.currencies import digits_of, is_currency


@dataclass(frozen=True, slots=True)
class Money:
    """Hold an amount in major units of one ISO 4217 currency.

    Raises `TypeError` for floats and `ValueError` for anything that is not a finite number or
    not a three-letter code.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            message = f"money needs a Decimal, got {type(self.amount).__name__}"
            raise TypeError(message)
        if not self.amount.is_finite():
            message = f"money must be finite, got {self.amount}"
            raise ValueError(message)
        if len(self.currency) != 3 or not self.currency.isascii() or not self.currency.isupper():
            message = f"currency must be a three-letter ISO 4217 code, got {self.currency!r}"
            raise ValueError(message)

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read the canonical form written by `str()`, such as `48000.00 USD`."""
        amount, _, currency = text.partition(" ")
        try:
            return cls(Decimal(amount), currency)
        except InvalidOperation as error:
            message = f"not an amount of money: {text!r}"
            raise ValueError(message) from error

    @property
    def minor_digits(self) -> int:
        """Tell how many decimal digits the currency's minor unit has."""
        return digits_of(self.currency) if is_currency(self.currency) else 2

    def rounded(self) -> Money:
        """Round half-even to the minor unit."""
        quantum = Decimal(1).scaleb(-self.minor_digits)
        return Money(self.amount.quantize(quantum, rounding=ROUND_HALF_EVEN), self.currency)

    def __add__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        if isinstance(factor, float):
            message = "money is never multiplied by a float"
            raise TypeError(message)
        return Money(self.amount * factor, self.currency)

    def __str__(self) -> str:
        return f"{self.rounded().amount} {self.currency}"

    def display(self) -> str:
        """Format for people, such as `USD 48,000.00`."""
        return f"{self.currency} {self.rounded().amount:,}"

    def _same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            message = f"currencies never mix: {self.currency} and {other.currency}"
            raise ValueError(message)
