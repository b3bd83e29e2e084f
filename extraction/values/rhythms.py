"""Lengths told as rhythms, such as `from year to year` or `for annual periods`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.periods import Period, Unit
from extraction.values.windows import Found

_RHYTHM = re.compile(
    r"\b(?:(?P<same>year|month)[\s-]+(?:to|by)[\s-]+(?P=same)|(?:every|each|by)\s+(?:calendar\s+)?(?P<unit>year|month)"
    r"|(?P<word>annual|yearly|monthly)(?:ly)?|one\s*\(\s*[Il]\s*\)[\s-]*(?P<odd>year|month))\b",
    re.IGNORECASE,
)
_UNITS = {"year": Unit.YEAR, "annual": Unit.YEAR, "yearly": Unit.YEAR, "month": Unit.MONTH, "monthly": Unit.MONTH}


def rhythms_in(text: str) -> Iterator[Found[Period]]:
    """Yield the period of each rhythm."""
    for match in _RHYTHM.finditer(text):
        word = (match["same"] or match["unit"] or match["word"] or match["odd"]).lower()
        yield Found(Period(1, _UNITS[word]), *match.span())
