"""Numbers written as words, from one to nine hundred and ninety-nine."""

from __future__ import annotations

import re

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


def from_words(text: str) -> int:
    """Return the number that `WORDS` matched, such as 24 for `Twenty-four`."""
    total = 0
    for word in re.split(r"[\s-]+", text.lower()):
        if word == "hundred":
            total *= 100
        elif word != "and":
            total += _VALUES[word]
    return total
