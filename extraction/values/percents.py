"""Percentages as contracts write them, such as `seven percent (7%)` or `3.5 per cent`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from extraction.values.numbers import DECIMALS, decimal_from_words
from extraction.values.windows import Found, matches

_PERCENT = re.compile(
    rf"(?<![\w./])(?:(?P<digits>\d{{1,3}}(?:[.,]\d{{1,4}})?)\s?(?:%|per\s?cent\b|(?:percent(?:age)?[\s-]+)?points?\b)"
    rf"|(?P<words>{DECIMALS})\s+per\s?cent(?:\s*\(\s*(?P<paren>\d{{1,3}}(?:\.\d{{1,4}})?)\s?%?\s*\))?)",
    re.IGNORECASE,
)

_SIGN = re.compile(r"%|cent\b|points?\b")


def parse_percent(text: str) -> str | None:
    """Return the canonical percentage if the text is one percentage and nothing else."""
    match = _PERCENT.fullmatch(text.strip())
    return _read(match) if match else None


def percents_in(text: str) -> Iterator[Found[str]]:
    """Yield every percentage of the text, written without trailing zeros."""
    for match in matches(_PERCENT, text, _SIGN, before=40, after=20):
        value = _read(match)
        if value is not None:
            yield Found(value, match.start(), match.end())


def _read(match: re.Match[str]) -> str | None:
    digits = match["digits"] or match["paren"]
    values = {Decimal(digits.replace(",", "."))} if digits else set()
    if match["words"]:
        values.add(decimal_from_words(match["words"]))
    if len(values) != 1:
        return None
    return f"{values.pop().normalize():f}"
