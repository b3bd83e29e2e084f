"""Billing periods: counted from an anchor day each time, so that 31 January never becomes the 28th for good."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import count, takewhile

from domain.periods import Period, Unit, add, subtract

FREQUENCIES = {
    "weekly": Period(1, Unit.WEEK),
    "monthly": Period(1, Unit.MONTH),
    "quarterly": Period(3, Unit.MONTH),
    "semiannually": Period(6, Unit.MONTH),
    "annually": Period(1, Unit.YEAR),
}


class Timing(StrEnum):
    """Name when a period is billed: on its first day, or on the day after its last."""

    ADVANCE = "advance"
    ARREARS = "arrears"


class Lead(StrEnum):
    """Name the whole period that a first, shorter one is a part of.

    `BACK` counts one period back from the first anchored day (Kill Bill), `FORWARD` one period on
    from the first day of service (Stripe's backdating), `ANCHORED` takes the anchor's own dates.
    """

    BACK = "back"
    FORWARD = "forward"
    ANCHORED = "anchored"


@dataclass(frozen=True, slots=True)
class Span:
    """Hold days from `start` up to, and without, `end`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            message = f"a span ends after it starts, got {self.start} to {self.end}"
            raise ValueError(message)

    @property
    def days(self) -> int:
        """Return the number of days."""
        return (self.end - self.start).days

    def overlap(self, start: date, end: date | None) -> Span | None:
        """Return the days that lie within; an `end` of `None` is open."""
        first, last = max(self.start, start), self.end if end is None else min(self.end, end)
        return Span(first, last) if first < last else None


@dataclass(frozen=True, slots=True)
class BillingPeriod:
    """Hold the days that are billed, and the whole period whose price they are a part of."""

    billed: Span
    whole: Span
    timing: Timing

    @property
    def partial(self) -> bool:
        """Tell whether less than the whole period is billed."""
        return self.billed != self.whole

    @property
    def bill_on(self) -> date:
        """Return the day on which the period is billed."""
        return self.billed.start if self.timing is Timing.ADVANCE else self.billed.end


@dataclass(frozen=True, slots=True)
class Schedule:
    """Hold how often is billed, on which day of the month, and when.

    Without `anchor_day` the first day of service is the anchor. A day that a month does not have is
    its last day, in that month alone.
    """

    every: Period
    anchor_day: int | None = None
    timing: Timing = Timing.ADVANCE
    lead: Lead = Lead.BACK

    def __post_init__(self) -> None:
        if self.every.count < 1:
            message = f"a billing period is longer than nothing, got {self.every}"
            raise ValueError(message)
        if self.anchor_day is None:
            return
        if not 1 <= self.anchor_day <= 31 or self.every.months is None:
            message = f"an anchor day is 1 to 31 and needs months or years, got {self.anchor_day} with {self.every}"
            raise ValueError(message)


def frequency(text: str) -> Period:
    """Return the period of a billing frequency such as `monthly` or `P3M`. Raises `ValueError`."""
    return FREQUENCIES[text] if text in FREQUENCIES else Period.parse(text)


def anchored(schedule: Schedule, start: date, index: int) -> date:
    """Return anchored day number `index`; number 0 is in the month of `start`, maybe before it."""
    if schedule.anchor_day is None:
        return add(start, schedule.every.times(index))
    first = start.replace(day=1)
    month = add(first, schedule.every.times(index)) if index >= 0 else subtract(first, schedule.every.times(-index))
    return month.replace(day=min(schedule.anchor_day, monthrange(month.year, month.month)[1]))


def billing_periods(schedule: Schedule, start: date, end: date | None, *, through: date) -> tuple[BillingPeriod, ...]:
    """Return the periods from `start` up to, and without, `end` that are billed on or before `through`."""
    return tuple(takewhile(lambda period: period.bill_on <= through, _periods(schedule, start, end)))


def _periods(schedule: Schedule, start: date, end: date | None) -> Iterator[BillingPeriod]:
    first = 0 if anchored(schedule, start, 0) >= start else 1
    if (day := anchored(schedule, start, first)) > start:
        yield from _billed(schedule, _leading(schedule, start, first, day), Span(start, day), end)
    for index in count(first):
        whole = Span(anchored(schedule, start, index), anchored(schedule, start, index + 1))
        if end is not None and whole.start >= end:
            return
        yield from _billed(schedule, whole, whole, end)


def _billed(schedule: Schedule, whole: Span, part: Span, end: date | None) -> Iterator[BillingPeriod]:
    served = part.overlap(part.start, end)
    if served is not None:
        yield BillingPeriod(served, whole, schedule.timing)


def _leading(schedule: Schedule, start: date, first: int, day: date) -> Span:
    if schedule.lead is Lead.FORWARD:
        return Span(start, add(start, schedule.every))
    if schedule.lead is Lead.ANCHORED:
        return Span(anchored(schedule, start, first - 1), day)
    return Span(subtract(day, schedule.every), day)
