"""Currencies as whole numbers that no table has to remember: the three letters read in base 26."""

from __future__ import annotations


def number_of(currency: str) -> int:
    """Return 0 to 17575 for a three-letter code, -1 for anything else."""
    if len(currency) != 3 or not currency.isascii() or not currency.isupper():
        return -1
    high, middle, low = (ord(letter) - ord("A") for letter in currency)
    return (high * 26 + middle) * 26 + low
