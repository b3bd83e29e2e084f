"""Periods stay in the unit the contract counts in, and month ends clamp."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import Period, Unit, add, subtract

days = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))


class TestPeriods:
    @pytest.mark.parametrize(
        ("day", "period", "expected"),
        [
            (date(2026, 1, 31), "P1M", date(2026, 2, 28)),
            (date(2028, 1, 31), "P1M", date(2028, 2, 29)),
            (date(2026, 1, 31), "P3M", date(2026, 4, 30)),
            (date(2024, 2, 29), "P1Y", date(2025, 2, 28)),
            (date(2024, 2, 29), "P4Y", date(2028, 2, 29)),
            (date(2026, 12, 15), "P1M", date(2027, 1, 15)),
            (date(2026, 2, 28), "P1M", date(2026, 3, 28)),
            (date(2026, 12, 31), "P60D", date(2027, 3, 1)),
            (date(2026, 12, 31), "P2W", date(2027, 1, 14)),
        ],
    )
    def test_add_to_a_date_and_clamp_at_the_end_of_a_shorter_month(
        self, day: date, period: str, expected: date
    ) -> None:
        assert add(day, Period.parse(period)) == expected

    @pytest.mark.parametrize(
        ("day", "period", "expected"),
        [
            (date(2026, 3, 31), "P1M", date(2026, 2, 28)),
            (date(2024, 2, 29), "P1Y", date(2023, 2, 28)),
            (date(2026, 12, 31), "P60D", date(2026, 11, 1)),
            (date(2026, 1, 1), "P1D", date(2025, 12, 31)),
        ],
    )
    def test_are_subtracted_the_same_way(self, day: date, period: str, expected: date) -> None:
        assert subtract(day, Period.parse(period)) == expected

    @pytest.mark.parametrize("text", ["", "P", "12M", "P1M2D", "P-1M", "P1.5M", "p12m", "P12H", "P12M ", "P１２Q"])
    def test_refuse_anything_but_one_count_of_one_unit(self, text: str) -> None:
        with pytest.raises(ValueError, match="not a period"):
            Period.parse(text)

    def test_are_never_converted_between_days_and_months(self) -> None:
        assert Period.parse("P30D").months is None
        assert Period.parse("P30D") != Period.parse("P1M")
        assert Period.parse("P2Y").months == 24

    @pytest.mark.parametrize(("text", "shown"), [("P1M", "1 month"), ("P12M", "12 months"), ("P60D", "60 days")])
    def test_read_well(self, text: str, shown: str) -> None:
        assert Period.parse(text).display() == shown

    @given(st.integers(0, 5000), st.sampled_from(Unit))
    def test_read_back_what_they_wrote(self, count: int, unit: Unit) -> None:
        assert Period.parse(str(Period(count, unit))) == Period(count, unit)

    @given(days, st.integers(0, 600))
    def test_of_months_land_on_the_same_day_or_the_last_one_of_the_month(self, day: date, months: int) -> None:
        landed = add(day, Period(months, Unit.MONTH))
        assert landed.day == day.day or (landed.day < day.day and (landed + timedelta(days=1)).day == 1)

    @given(days, st.integers(0, 2000))
    def test_of_days_are_exact(self, day: date, count: int) -> None:
        assert add(day, Period(count, Unit.DAY)) - day == timedelta(days=count)
