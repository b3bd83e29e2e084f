"""Numbers in English words."""

from __future__ import annotations

from decimal import Decimal

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def words(number: int) -> str:
    """Spell a whole number below one thousand."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")
    hundreds, rest = divmod(number, 100)
    return f"{_ONES[hundreds]} hundred" + (f" and {words(rest)}" if rest else "")


def decimal_words(number: Decimal) -> str:
    """Spell a number with its digits after the point: three point five, one and one-half."""
    whole, fraction = divmod(number, 1)
    if fraction == 0:
        return words(int(whole))
    if fraction == Decimal("0.5") and whole:
        return f"{words(int(whole))} and one-half"
    digits = f"{fraction.normalize():f}".partition(".")[2]
    return f"{words(int(whole))} point {' '.join(_ONES[int(digit)] for digit in digits)}"
