"""What part of a period's price its days cost, by the convention that the contract names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, tzinfo
from enum import StrEnum
from fractions import Fraction

from domain.minor_units import guarded
from domain.periods import Period, Unit, add
from domain.pricing.billing_periods import Span


class Convention(StrEnum):
    """Name how days become a part of a period.

    `ACTUAL` is days over the days of the whole period, `ACTUAL_365` days over 365 a year,
    `ACTUAL_30` days over 30 a month, `THIRTY_360` counts every month as 30 days above and below
    the line, `SECOND` is real seconds between midnights of the contract's zone, `MONTHS` whole
    months begun, `WHOLE` charges a part like the whole, `NONE` does not charge a part at all.
    """

    ACTUAL = "actual"
    ACTUAL_365 = "actual/365"
    ACTUAL_30 = "actual/30"
    THIRTY_360 = "30/360"
    SECOND = "second"
    MONTHS = "months"
    WHOLE = "whole"
    NONE = "none"


def share(part: Span, whole: Span, every: Period, convention: Convention, *, zone: tzinfo = UTC) -> Fraction:
    """Return the exact part of the price of `whole`, a period of length `every`.

    A whole period is always 1 except with `ACTUAL_365` and `ACTUAL_30`, which count its days.
    Raises `ValueError` where a convention of months meets a period of weeks or days.
    """
    match convention:
        case Convention.ACTUAL:
            return Fraction(part.days, whole.days)
        case Convention.SECOND:
            return Fraction(_seconds(part, zone), _seconds(whole, zone))
        case Convention.WHOLE:
            return Fraction(1)
        case Convention.NONE:
            return Fraction(int(part == whole))
        case _:
            return _by_months(part, whole, _months(every, convention), convention)


def share_of_time(start: datetime, end: datetime, whole_start: datetime, whole_end: datetime) -> Fraction:
    """Return the part of a period between two moments, to the microsecond. Raises `ValueError` without zones."""
    if any(moment.tzinfo is None for moment in (start, end, whole_start, whole_end)):
        raise ValueError("moments need a zone: a day of 23 hours is no day of 24")
    return Fraction(_micros(start, end), _micros(whole_start, whole_end))


def shown_share(part: Span, whole: Span, every: Period, convention: Convention, *, zone: tzinfo = UTC) -> str:
    """Write the part of the period as people count it, unreduced where days are counted."""
    match convention:
        case Convention.ACTUAL:
            return f"{part.days}/{whole.days}"
        case Convention.ACTUAL_30:
            return f"{part.days}/{30 * _months(every, convention)}"
        case Convention.THIRTY_360:
            return f"{days_360(part)}/{30 * _months(every, convention)}"
        case _:
            return str(share(part, whole, every, convention, zone=zone))


def days_360(span: Span) -> int:
    """Count days as if each month had 30; the 31st counts as the 30th."""
    return _ordinal_360(span.end) - _ordinal_360(span.start)


def apportion(total: int, weights: Sequence[Fraction]) -> tuple[int, ...]:
    """Divide minor units by weights so that the parts add up to the total exactly.

    Largest remainder: each part is rounded towards minus infinity, and what is left goes, one unit
    each, to the largest remainders, the earliest of equals first. Raises `ValueError` where there
    is nothing to weigh.
    """
    if not weights or any(weight < 0 for weight in weights) or not (whole := sum(weights)):
        raise ValueError("weights are at least zero and not all zero")
    exact = [guarded(total) * weight / whole for weight in weights]
    parts = [value.numerator // value.denominator for value in exact]
    by_remainder = sorted(range(len(parts)), key=lambda index: parts[index] - exact[index])
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return tuple(parts)


def _by_months(part: Span, whole: Span, months: int, convention: Convention) -> Fraction:
    match convention:
        case Convention.ACTUAL_365:
            return Fraction(part.days * 12, 365 * months)
        case Convention.ACTUAL_30:
            return Fraction(part.days, 30 * months)
        case Convention.MONTHS:
            return min(Fraction(_begun(part), months), Fraction(1))
        case _:
            return Fraction(1) if part == whole else Fraction(days_360(part), 30 * months)


def _months(every: Period, convention: Convention) -> int:
    if every.months is None:
        message = f"the convention {convention} counts months, the period is {every}"
        raise ValueError(message)
    return every.months


def _begun(span: Span) -> int:
    months = (span.end.year - span.start.year) * 12 + span.end.month - span.start.month - 1
    while add(span.start, Period(months, Unit.MONTH)) < span.end:
        months += 1
    return months


def _ordinal_360(day: date) -> int:
    return day.year * 360 + day.month * 30 + min(day.day, 30)


def _seconds(span: Span, zone: tzinfo) -> int:
    return _micros(_midnight(span.start, zone), _midnight(span.end, zone)) // 1_000_000


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


def _micros(start: datetime, end: datetime) -> int:
    # In UTC, because Python subtracts two times of one zone by the clock on the wall.
    length = end.astimezone(UTC) - start.astimezone(UTC)
    return (length.days * 86_400 + length.seconds) * 1_000_000 + length.microseconds
