"""Lengths told as anniversaries, such as `the third (3rd) anniversary of the Effective Date`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.periods import Period, Unit
from extraction.values.numbers import WORDS, from_words
from extraction.values.windows import Found

_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "twelfth": 12, "fifteenth": 15, "twentieth": 20,
}  # fmt: skip
_ANNIVERSARY = re.compile(
    rf"\b(?:(?P<word>{'|'.join(_ORDINALS)})|(?P<digits>\d{{1,2}})\s?(?:st|nd|rd|t\s?h))\s*(?:\(\s*[\w ]{{1,6}}\)\s*)?"
    r"(?:(?:year(?:ly)?|annual)\s+)?anniversary\b"
    rf"|\b(?P<years>{WORDS}|\d{{1,2}})\s*(?:\(\s*\d{{1,2}}\)\s*)?[\s-]*year\s+anniversary\b",
    re.IGNORECASE,
)


def anniversaries_in(text: str) -> Iterator[Found[Period]]:
    """Yield the years that each anniversary counts."""
    if "nniversar" not in text and "NNIVERSAR" not in text:
        return  # a plain search is far faster than the pattern
    for match in _ANNIVERSARY.finditer(text):
        counted = match["digits"] or match["years"]
        years = _ORDINALS[match["word"].lower()] if match["word"] else _number(counted)
        if years:
            yield Found(Period(years, Unit.YEAR), *match.span())


def _number(text: str) -> int:
    return int(text) if text.isdigit() else from_words(text) or 0
