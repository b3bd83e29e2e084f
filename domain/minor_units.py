"""Minor units of ISO 4217, and the one place where an exact amount becomes a payable one."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from domain.currencies import digits_of
from domain.money import Money

_LARGEST = 2**63 - 1


class Rounding(StrEnum):
    """Name what happens to the part below the last digit; halves go away from zero with `HALF_UP`."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"


def rounded(value: Fraction, digits: int, rounding: Rounding) -> Decimal:
    """Round an exact number once, to so many decimal digits."""
    count, rest = divmod(abs(value.numerator) * 10**digits, value.denominator)
    if _goes_up(count, rest, value.denominator, rounding):
        count += 1
    # Written digit by digit: arithmetic on Decimal would round to its context once more.
    return Decimal(f"{'-' if value < 0 else ''}{count}E-{digits}")


def payable(value: Fraction, currency: str, rounding: Rounding) -> Money:
    """Round an exact amount to the currency's minor unit. Raises `OverflowError` beyond 64 bits."""
    amount = Money(rounded(value, digits_of(currency), rounding), currency)
    to_minor(amount)
    return amount


def to_minor(amount: Money) -> int:
    """Return the amount in whole minor units.

    Raises `ValueError` for an amount finer than the minor unit and `OverflowError` beyond 64 bits,
    where databases and data frames wrap around or turn to floats.
    """
    numerator, denominator = amount.amount.as_integer_ratio()
    minor, rest = divmod(numerator * 10 ** digits_of(amount.currency), denominator)
    if rest:
        message = f"{amount.amount} {amount.currency} is finer than the minor unit"
        raise ValueError(message)
    return guarded(minor)


def from_minor(minor: int, currency: str) -> Money:
    """Return whole minor units as money. Raises `OverflowError` beyond 64 bits."""
    return Money(Decimal(f"{guarded(minor)}E-{digits_of(currency)}"), currency)


def guarded(minor: int) -> int:
    """Return minor units that fit 64 bits, or raise `OverflowError`."""
    if abs(minor) > _LARGEST:
        message = f"{minor} minor units do not fit 64 bits"
        raise OverflowError(message)
    return minor


def _goes_up(count: int, rest: int, whole: int, rounding: Rounding) -> bool:
    """Tell whether the part `rest` of a `whole` that is left raises the last digit."""
    if rounding is Rounding.DOWN:
        return False
    return 2 * rest > whole or (2 * rest == whole and (rounding is Rounding.HALF_UP or count % 2 == 1))
