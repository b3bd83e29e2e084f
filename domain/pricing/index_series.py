"""Price index series as they were known on a day: which month, which vintage, published yet or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from domain.periods import Period, Unit, add, subtract


class IndexMissing(ValueError):
    """Say which month of which series has no value yet; nobody guesses one."""


@dataclass(frozen=True, slots=True)
class Observation:
    """Hold the value of one month as published on one day; a revision is another observation.

    Without `published` the series' release lag after the end of the month is assumed.
    """

    month: date
    value: Decimal
    published: date | None = None

    def __post_init__(self) -> None:
        if not self.value.is_finite() or self.value <= 0:
            message = f"an index is above zero, got {self.value} for {self.month:%Y-%m}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class IndexSeries:
    """Hold a named series; the name says population, area, base and adjustment as the contract does."""

    name: str
    observations: tuple[Observation, ...]
    release_lag_days: int = 14

    @classmethod
    def of(cls, name: str, rows: Iterable[Observation], *, release_lag_days: int = 14) -> IndexSeries:
        """Collect rows in any order. Raises `ValueError` for two values of one month on one day."""
        ordered = sorted(rows, key=lambda row: (row.month.replace(day=1), row.published or date.min))
        keys = [(row.month.replace(day=1), row.published) for row in ordered]
        twice = next((key for key in keys if keys.count(key) > 1), None) if len(set(keys)) < len(keys) else None
        if twice is not None:
            message = f"{name} has two values for {twice[0]:%Y-%m} in one vintage"
            raise ValueError(message)
        return cls(name, tuple(ordered), release_lag_days)

    def published(self, row: Observation) -> date:
        """Return the day from which a value was known."""
        end = add(row.month.replace(day=1), Period(1, Unit.MONTH))
        return row.published or end + timedelta(days=self.release_lag_days)

    def value(self, month: date, *, known_at: date, first_print: bool = False) -> Observation:
        """Return the latest vintage of a month known on a day, or its first print where the contract says so.

        Raises `IndexMissing`.
        """
        known = [row for row in self._of(month) if self.published(row) <= known_at]
        if not known:
            message = f"{self.name} of {month:%Y-%m} was not published by {known_at}"
            raise IndexMissing(message)
        return (min if first_print else max)(known, key=self.published)

    def first_known(self, month: date) -> date | None:
        """Return the day on which a month had its first value, `None` where it has none yet."""
        return min((self.published(row) for row in self._of(month)), default=None)

    def _of(self, month: date) -> list[Observation]:
        return [row for row in self.observations if (row.month.year, row.month.month) == (month.year, month.month)]


@dataclass(frozen=True, slots=True)
class IndexRule:
    """Hold how a contract reads a series.

    The reference month lies `lag_months` before the adjustment; `base_month` is the month of the
    starting value, without it that of the adjustment before; `first_print` ignores revisions. A rise is
    settled with the values known on its day, or the first ones after it, unless `revised` says that
    later vintages change it.
    """

    series: IndexSeries
    lag_months: int = 3
    base_month: date | None = None
    first_print: bool = False
    revised: bool = False

    def growth(self, previous: date, adjustment: date, *, known_at: date) -> tuple[Fraction, str]:
        """Return the exact growth between two adjustment days, and how it follows. Raises `IndexMissing`."""
        lag = Period(self.lag_months, Unit.MONTH)
        base_month = self.base_month or subtract(previous.replace(day=1), lag)
        month = subtract(adjustment.replace(day=1), lag)
        old, new = (self._settled(one, adjustment, known_at) for one in (base_month, month))
        formula = f"{self.series.name} {new.value} ({new.month:%Y-%m}) / {old.value} ({old.month:%Y-%m}) − 1"
        return Fraction(new.value) / Fraction(old.value) - 1, formula

    def _settled(self, month: date, adjustment: date, known_at: date) -> Observation:
        if not self.revised and adjustment < known_at:
            known_at = min(known_at, max(adjustment, self.series.first_known(month) or known_at))
        return self.series.value(month, known_at=known_at, first_print=self.first_print)
