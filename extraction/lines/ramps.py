"""Prices that grow from year to year: `year 1: ..., year 2: ...`, with their days where the paper gives them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

from domain.periods import Period, Unit, add
from domain.terms import Citation, Line
from extraction.lines.masks import DAY, MONEY, Masked

_WORDS = (("1", "one", "first"), ("2", "two", "second"), ("3", "three", "third"), ("4", "four", "fourth"))
_FIFTH = ("5", "five", "fifth")
_YEARS = {word: place for place, words in enumerate((*_WORDS, _FIFTH), 1) for word in words}
YEAR = re.compile(
    r"\b(?:(?:contract|subscription|licen[cs]e|service)\s+)?year\s+(?P<after>[1-5]|one|two|three|four"
    r"|five)\b|\bY(?P<short>[1-5])\b|\b(?P<before>first|second|third|fourth|fifth)\s+(?:(?:contract|subscription|licen[cs]e"
    r"|service)\s+)?year\b",
    re.IGNORECASE,
)


def ramp_of(product: str, shown: Masked, citation: Citation) -> list[Line]:
    """Read a price for each year, where the days of every year follow those of the one before."""
    if not shown.days:
        return _years(product, shown, citation)
    order = "".join(re.findall(rf"[{MONEY}{DAY}]", shown.shape)).replace(MONEY, "m").replace(DAY, "d")
    whole = re.fullmatch(r"(?:ddm)+|(?:mdd)+", order)
    spans = list(zip(shown.days[::2], shown.days[1::2], strict=True)) if whole else _yearly(shown, order)
    unbroken = all(end + timedelta(days=1) == start for (_, end), (start, _) in pairwise(spans))
    priced = zip(spans, shown.amounts, strict=False)
    return [Line(product, None, price, None, citation, "year", *span) for span, price in priced] if unbroken else []


def _yearly(shown: Masked, order: str) -> list[tuple[date, date]]:
    """Return the years that begin on the days named, each a year after the one before."""
    if not re.fullmatch(r"(?:dm){2,}|(?:md){2,}", order):
        return []
    first = shown.days[0]
    if re.search(rf"\b(?:end\w*|until|through|expir\w+)\s+(?:on\s+)?{DAY}", shown.shape):
        first = add(first + timedelta(days=1), Period(-1, Unit.YEAR))
    begun = [add(first, Period(count, Unit.YEAR)) for count in range(len(shown.days) + 1)]
    years = [(start, end - timedelta(days=1)) for start, end in pairwise(begun)]
    return years if all(day in year for day, year in zip(shown.days, years, strict=True)) else []


def _years(product: str, shown: Masked, citation: Citation) -> list[Line]:
    """Read `year 1: ..., year 2: ...` without days; the years count up from the first."""
    years = [_YEARS[next(word for word in m.groups() if word).casefold()] for m in YEAR.finditer(shown.shape)]
    if years != list(range(1, len(shown.amounts) + 1)):
        return []
    return [Line(product, None, price, None, citation, "year") for price in shown.amounts]
