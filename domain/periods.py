"""Calendar periods such as P12M or P60D, and their addition to dates."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_ISO = re.compile(r"P(\d+)([DWMY])")


class Unit(StrEnum):
    """Name the unit a contract counts in; business days are kept apart from calendar days."""

    DAY = "D"
    WEEK = "W"
    MONTH = "M"
    YEAR = "Y"


@dataclass(frozen=True, slots=True)
class Period:
    """Hold a length of time as the contract states it, never converted between units."""

    count: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read ISO 8601 with one unit, such as `P12M`. Raises `ValueError` otherwise."""
        match = _ISO.fullmatch(text)
        if match is None:
            message = f"not a period: {text!r} (write for example P12M, P60D, P2W or P1Y)"
            raise ValueError(message)
        return cls(int(match[1]), Unit(match[2]))

    def times(self, factor: int) -> Period:
        """Return this period repeated, so that term k is counted from the anchor at once."""
        return Period(self.count * factor, self.unit)

    @property
    def months(self) -> int | None:
        """Tell the length in months where the unit allows it."""
        return {Unit.MONTH: self.count, Unit.YEAR: self.count * 12}.get(self.unit)

    def __str__(self) -> str:
        return f"P{self.count}{self.unit}"

    def display(self) -> str:
        """Format for people, such as `12 months`."""
        word = {"D": "day", "W": "week", "M": "month", "Y": "year"}[self.unit]
        return f"{self.count} {word}{'' if self.count == 1 else 's'}"


class MonthEnd(StrEnum):
    """Name where a month count lands when the day is missing there: 29 February, 31 June.

    `CLAMP` is the corresponding-date rule of Dodds v Walker and Regulation 1182/71; contracts that
    want the day after must say so.
    """

    CLAMP = "clamp"  # the last day of that month
    OVERFLOW = "overflow"  # the first day of the next month


def add(day: date, period: Period, month_end: MonthEnd = MonthEnd.CLAMP) -> date:
    """Add a period to a date; `month_end` says where a day that is missing in its month goes."""
    if period.unit is Unit.DAY:
        return day + timedelta(days=period.count)
    if period.unit is Unit.WEEK:
        return day + timedelta(weeks=period.count)
    months = period.count * (12 if period.unit is Unit.YEAR else 1)
    return _add_months(day, months, month_end)


def subtract(day: date, period: Period) -> date:
    """Subtract a period from a date, clamping like `add`."""
    return add(day, Period(-period.count, period.unit))


def _add_months(day: date, months: int, month_end: MonthEnd) -> date:
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month0 + 1)[1]
    if day.day > last and month_end is MonthEnd.OVERFLOW:
        return date(year, month0 + 1, last) + timedelta(days=1)
    return date(year, month0 + 1, min(day.day, last))
