"""The billing periods of an agreement as whole numbers of days, and which of them begins on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from domain.pricing.agreement import Agreement
from domain.pricing.billing_periods import BillingPeriod, Schedule, Span, Timing, billing_periods
from domain.pricing.rate_card import PriceLine

Ints = npt.NDArray[np.int64]
EPOCH = date(1970, 1, 1).toordinal()
_KNOWN = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """Hold billing periods in order; days count from 1970, `ends` are not included, `whole` tells which are not partial."""

    periods: tuple[BillingPeriod, ...]
    starts: Ints
    ends: Ints
    whole: npt.NDArray[np.bool_]
    bill_on: Ints

    def day_table(self) -> tuple[Ints, Ints]:
        """Return for each day from the first period's to the last one's start: the period beginning there, its last day.

        The period is -1 and the last day 0 where none begins.
        """
        length = int(self.starts[-1] - self.starts[0]) + 1 if len(self.starts) else 0
        period, last = np.full(length, -1, dtype=np.int64), np.zeros(length, dtype=np.int64)
        at = self.starts - self.starts[0] if length else self.starts
        period[at] = np.arange(len(at))
        last[at] = self.ends - 1
        return period, last


def calendar_of(agreement: Agreement, line: PriceLine, *, through: date) -> Calendar:
    """Return the periods in which a price line is billed, as far as they begin on or before `through`."""
    if line.once:
        return _once(line.first, agreement.first, agreement.end)
    timing = Timing.ARREARS if line.by_usage else agreement.schedule.timing
    return _recurring(agreement.schedule, timing, agreement.first, agreement.end, through)


@lru_cache(_KNOWN)
def _recurring(schedule: Schedule, timing: Timing, first: date, end: date | None, through: date) -> Calendar:
    own = Schedule(schedule.every, schedule.anchor_day, Timing.ADVANCE, schedule.lead)
    periods = billing_periods(own, first, end, through=through)
    return _calendar(tuple(BillingPeriod(one.billed, one.whole, timing) for one in periods))


@lru_cache(_KNOWN)
def _once(day: date, first: date, end: date | None) -> Calendar:
    if day < first or (end is not None and day >= end):
        return _calendar(())
    days = Span(day, day + timedelta(days=1))
    return _calendar((BillingPeriod(days, days, Timing.ADVANCE),))


def _calendar(periods: tuple[BillingPeriod, ...]) -> Calendar:
    return Calendar(
        periods,
        _days(one.billed.start for one in periods),
        _days(one.billed.end for one in periods),
        np.array([not one.partial for one in periods], dtype=np.bool_),
        _days(one.bill_on for one in periods),
    )


def _days(days: Iterable[date]) -> Ints:
    return np.fromiter((day.toordinal() - EPOCH for day in days), dtype=np.int64)
