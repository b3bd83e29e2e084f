"""Dates as contracts write them; a date that can be read two ways is not read at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from extraction.values.windows import Found, matches

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_NAMES = {name[:3]: number for number, name in enumerate(_MONTHS, start=1)}
_MONTH = (
    r"(?P<month{}>jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|"
    r"aug(?:ust|\.)?|sept(?:ember|\.)?|sep\.?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
_DAY = r"(?P<day{}>\d{{1,2}})\s*(?:s\s?t|n\s?d|r\s?d|t\s?h)?"
_YEAR = r"(?P<year{}>(?:19|20)\d\d)(?!\d)"
_DATE = re.compile(
    rf"(?<![\w./-])(?:"
    rf"{_DAY.format(1)}\.?\s+(?:day\s+)?(?:of\s+)?{_MONTH.format(1)},?\s+{_YEAR.format(1)}"
    rf"|{_MONTH.format(2)}\s+{_DAY.format(2)}\s*,?\s*{_YEAR.format(2)}"
    r"|(?P<iso>(?:19|20)\d\d-\d\d-\d\d)(?![\w-])"
    r"|(?P<a>\d{1,2})(?P<mark>[/.])(?P<b>\d{1,2})(?P=mark)(?P<year>(?:19|20)\d\d)(?!\d)"
    r")",
    re.IGNORECASE,
)

_ANY_YEAR = re.compile(r"(?:19|20)\d\d")


def parse_date(text: str) -> date | None:
    """Return the date if the text is one date and nothing else."""
    match = _DATE.fullmatch(text.strip())
    return _read(match) if match else None


def dates_in(text: str) -> Iterator[Found[date]]:
    """Yield every date of the text in reading order."""
    for match in matches(_DATE, text, _ANY_YEAR, before=40, after=8):
        value = _read(match)
        if value is not None:
            yield Found(value, match.start(), match.end())


def _read(match: re.Match[str]) -> date | None:
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        if match["mark"]:
            return _numeric(int(match["a"]), int(match["b"]), int(match["year"]), match["mark"])
        which = "1" if match["month1"] else "2"
        month = _NAMES[match[f"month{which}"][:3].lower()]
        return date(int(match[f"year{which}"]), month, int(match[f"day{which}"]))
    except ValueError:
        return None


def _numeric(first: int, second: int, year: int, mark: str) -> date | None:
    """Read 13/02/2027 and 02/13/2027, but not 02/03/2027; dots always mean day first."""
    if mark == "." or first > 12:
        return date(year, second, first)
    if second > 12 or first == second:
        return date(year, first, second)
    return None
