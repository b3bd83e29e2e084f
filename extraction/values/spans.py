"""The length between a first and a last day, where it is a whole number of months."""

from __future__ import annotations

from datetime import date, timedelta

from domain.periods import Period, Unit, add

_LONGEST = 600


def whole_months(first: date, last: date) -> Period | None:
    """Return P12M for 1 December to 30 November of the next year, and `None` for odd lengths."""
    end = last + timedelta(days=1)
    months = (end.year - first.year) * 12 + end.month - first.month
    if not 0 < months <= _LONGEST:
        return None
    period = Period(months, Unit.MONTH)
    return period if add(first, period) == end else None
