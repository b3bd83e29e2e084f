"""When a value is CUAD's answer: dates equal, lengths within 2 %, laws by their usual name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from domain.terms import TermField
from extraction.values import places_in

# CUAD's category: our term.
ANSWERED: Mapping[str, TermField] = {
    "Agreement Date": TermField.AGREEMENT_DATE,
    "Effective Date": TermField.EFFECTIVE_DATE,
    "Expiration Date": TermField.EXPIRATION_DATE,
    "Renewal Term": TermField.RENEWAL_TERM,
    "Notice Period To Terminate Renewal": TermField.NOTICE_PERIOD,
    "Governing Law": TermField.GOVERNING_LAW,
}
PERPETUAL = "perpetual"
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2,4})")
_LENGTH = re.compile(r"(\d+)\s*(day|week|month|year)")
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}
_PERIOD = re.compile(r"P(\d+)([DWMY])")
_LETTERS = {"D": "day", "W": "week", "M": "month", "Y": "year"}


def same(category: str, answer: str, value: str) -> bool | None:
    """Tell whether a value is CUAD's answer; `None` where the answer cannot be read as a value.

    Dates must be equal, an expiration within a day; lengths within 2 %; laws after their
    canonical names; a contract without an end is `perpetual`.
    """
    if category == "Expiration Date" and PERPETUAL in {answer.casefold(), value}:
        readable = answer.casefold() == PERPETUAL or _day(answer) is not None
        return answer.casefold() == value if readable else None
    if category.endswith("Date"):
        wanted = _day(answer)
        if wanted is None:
            return None
        given = date.fromisoformat(value)
        return abs((given - wanted).days) <= (1 if category == "Expiration Date" else 0)
    if category == "Governing Law":
        return _place(answer) == _place(value)
    wanted_days, given_days = _length(answer), _iso_length(value)
    if wanted_days is None or given_days is None:
        return None if wanted_days is None else False
    return abs(wanted_days - given_days) <= 0.02 * wanted_days


def _day(answer: str) -> date | None:
    found = _US_DATE.search(answer)
    if not found:
        return None
    month, day, year = (int(part) for part in found.groups())
    try:
        return date(year + (0 if year > 99 else 1900 if year > 50 else 2000), month, day)
    except ValueError:
        return None


def _length(answer: str) -> float | None:
    found = _LENGTH.search(answer.casefold())
    return int(found[1]) * _DAYS[found[2]] if found else None


def _iso_length(value: str) -> float | None:
    found = _PERIOD.fullmatch(value)
    return int(found[1]) * _DAYS[_LETTERS[found[2]]] if found else None


def _place(text: str) -> str:
    name = next((found.value for found in places_in(text)), text).casefold()
    return _SAME_LAW.get(name, name)


_SAME_LAW = {"england and wales": "england", "united states of america": "united states"}
