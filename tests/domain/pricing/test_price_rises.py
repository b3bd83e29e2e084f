"""Prices rise as agreed: by the index that was known, between floor and cap, and only after notice in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.minor_units import Rounding, payable
from domain.periods import Period
from domain.pricing.escalation import Choice, Escalation, Growth, Rise, Steps, described, rise_days, risen, rises
from domain.pricing.index_series import IndexMissing, IndexRule, IndexSeries, Observation

D = Decimal
ANCHOR, NEXT = date(2024, 1, 1), date(2025, 1, 1)
LATE = date(2030, 1, 1)
FIXED = Escalation(ANCHOR, percent=D(5))


def indexed(old: str, new: str, **changes: object) -> Escalation:
    rows = [Observation(date(2023, 10, 1), D(old)), Observation(date(2024, 10, 1), D(new))]
    rule = IndexRule(IndexSeries.of("CPI-U, US city average, all items, NSA", rows))
    return replace(Escalation(ANCHOR, index=rule), **changes)  # type: ignore[arg-type]


def price(escalation: Escalation, base: str, day: date, known_at: date = LATE) -> str:
    exact = risen(Fraction(base), escalation, rises(escalation, day=day, known_at=known_at))
    return str(payable(exact, "USD", Rounding.HALF_UP).amount)


class TestIndexedPrices:
    @pytest.mark.parametrize(
        ("new", "amount"), [("313.2", "103230.06"), ("330.0", "105000.00"), ("300.0", "100000.00")]
    )
    def test_rise_between_floor_and_cap(self, new: str, amount: str) -> None:
        assert price(indexed("303.4", new, floor=D(0), cap=D(5)), "100000", NEXT) == amount

    def test_fall_where_no_floor_is_agreed(self) -> None:
        assert price(indexed("303.4", "300.0"), "100000", NEXT) == "98879.37"

    def test_add_the_margin_before_the_cap(self) -> None:
        assert price(indexed("100", "102", margin=D(1)), "1000", NEXT) == "1030.00"
        assert price(indexed("100", "104.5", margin=D(1), cap=D(5)), "1000", NEXT) == "1050.00"

    def test_take_the_lower_or_the_greater_of_index_and_percentage(self) -> None:
        both = indexed("100", "104", percent=D(3))
        assert price(both, "1000", NEXT) == "1030.00"
        assert price(replace(both, choice=Choice.GREATER), "1000", NEXT) == "1040.00"

    def test_wait_for_the_value_and_never_guess_it(self) -> None:
        with pytest.raises(IndexMissing, match="2024-10 was not published by 2024-11-14"):
            rises(indexed("100", "102"), day=NEXT, known_at=date(2024, 11, 14))
        assert rises(indexed("100", "102"), day=NEXT, known_at=date(2024, 11, 15))

    def test_name_series_months_and_cap(self) -> None:
        (line,) = described(rises(indexed("303.4", "330", cap=D(5)), day=NEXT, known_at=LATE))
        assert line == (
            "2025-01-01: 5 % (CPI-U, US city average, all items, NSA 330 (2024-10) / 303.4 (2023-10) − 1, cap 5 %)"
        )


class TestFixedRises:
    def test_compound_over_five_years(self) -> None:
        assert price(FIXED, "100000", date(2029, 1, 1)) == "127628.16"

    def test_stay_simple_where_that_is_agreed(self) -> None:
        assert price(replace(FIXED, growth=Growth.SIMPLE), "100000", date(2029, 1, 1)) == "125000.00"

    def test_begin_on_the_day_and_not_before(self) -> None:
        assert price(FIXED, "100", date(2024, 12, 31)) == "100.00"
        assert price(FIXED, "100", NEXT) == "105.00"

    def test_skip_the_first_where_the_price_is_frozen(self) -> None:
        frozen = replace(FIXED, first=2)
        assert price(frozen, "100", date(2025, 12, 31)) == "100.00"
        assert price(frozen, "100", date(2026, 1, 1)) == "105.00"

    def test_stop_at_the_cap_over_the_term(self) -> None:
        assert price(replace(FIXED, total_cap=D(8)), "100", date(2029, 1, 1)) == "108.00"

    def test_are_counted_from_the_first_price_or_from_each_rounded_one(self) -> None:
        cents = replace(FIXED, digits=2)
        assert price(cents, "0.33", date(2027, 1, 1)) == "0.38"
        assert price(replace(cents, steps=Steps.ITERATED), "0.33", date(2027, 1, 1)) == "0.39"

    def test_of_an_anchor_on_29_february_do_not_drift(self) -> None:
        days = rise_days(Escalation(date(2024, 2, 29), percent=D(1)), through=date(2028, 3, 1))
        assert days == (date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29))

    def test_leave_a_price_alone_that_was_agreed_since(self) -> None:
        assert rises(FIXED, day=date(2026, 6, 1), known_at=LATE, after=date(2025, 6, 1))[0].on == date(2026, 1, 1)
        assert rises(FIXED, day=date(2025, 6, 1), known_at=LATE, after=NEXT) == ()

    @given(st.fractions(0, 10**6), st.integers(0, 10))
    def test_by_nothing_change_nothing(self, base: Fraction, years: int) -> None:
        flat = Escalation(ANCHOR, percent=D(0))
        assert risen(base, flat, rises(flat, day=date(2024 + years, 1, 1), known_at=LATE)) == base

    @given(st.decimals(-20, 20, places=2), st.decimals(0, 3, places=1), st.decimals(4, 9, places=1))
    def test_never_leave_floor_and_cap(self, percent: Decimal, floor: Decimal, cap: Decimal) -> None:
        (rise,) = rises(Escalation(ANCHOR, percent=percent, floor=floor, cap=cap), day=NEXT, known_at=LATE)
        assert Fraction(floor) <= rise.rate * 100 <= Fraction(cap)


class TestNotice:
    WITH = replace(FIXED, notice=Period.parse("P60D"))

    @pytest.mark.parametrize(("given_on", "amount"), [(date(2024, 11, 2), "105.00"), (date(2024, 11, 3), "100.00")])
    def test_given_too_late_is_no_rise(self, given_on: date, amount: str) -> None:
        assert price(replace(self.WITH, notices={NEXT: given_on}), "100", NEXT) == amount

    def test_never_given_is_no_rise_and_says_by_when_it_was_due(self) -> None:
        found = rises(self.WITH, day=NEXT, known_at=LATE)
        assert found == (Rise(NEXT, Fraction(0), "no notice of the rise, due by 2024-11-02", valid=False),)

    def test_missed_once_does_not_make_up_later(self) -> None:
        second = replace(self.WITH, notices={date(2026, 1, 1): date(2025, 10, 1)})
        assert price(second, "100", date(2026, 1, 1)) == "105.00"


class TestEscalation:
    def test_needs_a_percentage_or_an_index_and_a_floor_below_the_cap(self) -> None:
        with pytest.raises(ValueError, match="a percentage, an index, or at least a cap"):
            Escalation(ANCHOR)
        with pytest.raises(ValueError, match="above the cap"):
            Escalation(ANCHOR, percent=D(1), floor=D(3), cap=D(2))


class TestIndexSeries:
    FIRST = Observation(date(2024, 10, 1), D(100), date(2024, 11, 13))
    REVISED = Observation(date(2024, 10, 1), D("100.4"), date(2025, 2, 1))
    SERIES = IndexSeries.of("PPI", [REVISED, FIRST])

    def test_tell_the_vintage_that_was_known(self) -> None:
        assert self.SERIES.value(date(2024, 10, 31), known_at=date(2025, 1, 31)).value == 100
        assert self.SERIES.value(date(2024, 10, 1), known_at=date(2025, 2, 1)).value == D("100.4")

    def test_tell_the_first_print_where_the_contract_says_so(self) -> None:
        assert self.SERIES.value(date(2024, 10, 1), known_at=LATE, first_print=True).value == 100

    def test_never_tell_what_was_not_published(self) -> None:
        with pytest.raises(IndexMissing, match="2024-10"):
            self.SERIES.value(date(2024, 10, 1), known_at=date(2024, 11, 12))
        with pytest.raises(IndexMissing, match="2024-09"):
            self.SERIES.value(date(2024, 9, 1), known_at=LATE)

    def test_refuse_two_values_of_one_vintage_and_values_of_nothing(self) -> None:
        with pytest.raises(ValueError, match="two values for 2024-10"):
            IndexSeries.of("PPI", [self.FIRST, replace(self.FIRST, value=D(101))])
        with pytest.raises(ValueError, match="above zero"):
            Observation(date(2024, 1, 1), D(0))
