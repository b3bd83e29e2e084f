"""Numbers written as words, from one to nine hundred and ninety-nine."""

from __future__ import annotations

import re
from decimal import Decimal

_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_VALUES = {word: value for value, word in enumerate(_SMALL)} | {
    word: 10 * (2 + index) for index, word in enumerate(_TENS)
}
_ONE = "|".join(sorted(_VALUES, key=len, reverse=True))
_BELOW_HUNDRED = rf"(?:(?:{'|'.join(_TENS)})[\s-]+(?:{'|'.join(_SMALL[1:10])})|{_ONE})"

WORDS = rf"(?:{_BELOW_HUNDRED}\s+hundred(?:\s+(?:and\s+)?{_BELOW_HUNDRED})?|{_BELOW_HUNDRED})"
"""Match a number in words; embed it in a case-insensitive pattern."""

_PLACE = rf"(?:{'|'.join(_SMALL[:10])}|oh)"
_HALVES = {
    "half": "0.5",
    "a half": "0.5",
    "one half": "0.5",
    "one-half": "0.5",
    "a quarter": "0.25",
    "three quarters": "0.75",
}
_HALF = "|".join(sorted(_HALVES, key=len, reverse=True))
DECIMALS = rf"(?:{WORDS}(?:\s+point(?:\s+{_PLACE})+|\s+and\s+(?:{_HALF}))?|(?:{_HALF})(?:\s+of\s+one)?)"
"""Match a number in words that may have parts, such as `one and a half` or `zero point seven five`."""


def from_words(text: str) -> int:
    """Return the number that `WORDS` matched, such as 24 for `Twenty-four`."""
    total = 0
    for word in re.split(r"[\s-]+", text.lower()):
        if word == "hundred":
            total *= 100
        elif word != "and":
            total += _VALUES[word]
    return total


def decimal_from_words(text: str) -> Decimal:
    """Return the number that `DECIMALS` matched, such as 0.75 for `zero point seven five`."""
    low = " ".join(text.lower().split()).removesuffix(" of one")
    if low in _HALVES:
        return Decimal(_HALVES[low])
    whole, _, part = low.partition(" and ") if low.endswith(tuple(_HALVES)) else (low, "", "")
    if part:
        return from_words(whole) + Decimal(_HALVES[part])
    whole, _, places = low.partition(" point ")
    digits = "".join(str(_VALUES.get(word, 0)) for word in places.split())
    return Decimal(f"{from_words(whole)}.{digits or 0}")
