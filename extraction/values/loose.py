"""Values in forms that a strict reader refuses, because they are damaged or can be read two ways.

A reader that has other grounds to believe such a value may use it; it never counts as confident alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from domain.periods import Period, Unit
from extraction.values.anniversaries import anniversaries_in
from extraction.values.dates import dates_in
from extraction.values.durations import durations_in
from extraction.values.numbers import WORDS, from_words
from extraction.values.rhythms import rhythms_in
from extraction.values.windows import Found

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month{{}}>{'|'.join(_MONTHS)})[a-z]{{{{0,6}}}}\.?"
_ORDINAL = r"(?:\s?(?:s\s?t|n\s?d|r\s?d|t\s?h))?\.?"
_GAP = r"[\s,.-]{1,80}"
_WRITTEN = re.compile(
    rf"(?<!\d)(?P<day1>\d{{1,2}}){_ORDINAL}\s{{0,4}}(?:day\s+)?(?:of\s+)?{_MONTH.format(1)}(?:\s+day\s+of)?{_GAP}"
    r"(?P<year1>(?:19|20)\d\d)(?!\d)"
    rf"|\b{_MONTH.format(2)}\s{{0,4}}(?P<day2>\d{{1,2}}){_ORDINAL}{_GAP}(?P<year2>(?:19|20)\d\d)(?!\d)"
    r"|(?<![\d/.-])(?P<a>\d{1,2})(?P<mark>[/.-])(?P<b>\d{1,2})(?P=mark)(?P<year3>(?:19|20)?\d\d)(?![\d/-])",
    re.IGNORECASE,
)
_CENTURY = 60  # two-digit years from here on are of the last century
_BARE = re.compile(
    rf"\b(?P<count>{WORDS}|\d{{1,2}})\s*(?:\([^)]{{1,8}}\)\s*)?(?P<unit>year|month|day)s?\b", re.IGNORECASE
)
_UNITS = {"year": Unit.YEAR, "month": Unit.MONTH, "day": Unit.DAY}


def loose_dates_in(text: str) -> Iterator[Found[date]]:
    """Yield dates in reading order; `03/04/05` is read month first unless that cannot be."""
    strict = list(dates_in(text))
    yield from strict
    taken = [(found.start, found.end) for found in strict]
    for match in _WRITTEN.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        value = _date(match)
        if value is not None:
            yield Found(value, match.start(), match.end())


def loose_lengths_in(text: str) -> Iterator[Found[Period]]:
    """Yield lengths of time, those of `from year to year` and `until the third anniversary` as well."""
    taken: list[tuple[int, int]] = []
    for length in durations_in(text):
        taken.append((length.start, length.end))
        yield Found(length.value.period, length.start, length.end)
    for told in (*rhythms_in(text), *anniversaries_in(text)):
        taken.append((told.start, told.end))
        yield told
    for match in _BARE.finditer(text):
        count = int(match["count"]) if match["count"].isdigit() else from_words(match["count"])
        if count and not any(start < match.end() and match.start() < end for start, end in taken):
            yield Found(Period(count, _UNITS[match["unit"].lower()]), *match.span())


def _date(match: re.Match[str]) -> date | None:
    try:
        if match["mark"]:
            first, second, year = int(match["a"]), int(match["b"]), int(match["year3"])
            year += 0 if year > 99 else 1900 if year >= _CENTURY else 2000
            return date(year, second, first) if first > 12 else date(year, first, second)
        which = "1" if match["month1"] else "2"
        month = _MONTHS.index(match[f"month{which}"].lower()) + 1
        return date(int(match[f"year{which}"]), month, int(match[f"day{which}"]))
    except ValueError:
        return None
