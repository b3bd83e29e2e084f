"""A part of a period costs what the contract's convention says, to the last fraction."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.minor_units import Rounding, payable
from domain.periods import Period, Unit, add
from domain.pricing.billing_periods import Schedule, Span, billing_periods
from domain.pricing.proration import Convention, apportion, share, share_of_time, shown_share
from tests.conftest import shared

MONTH, YEAR = Period.parse("P1M"), Period.parse("P1Y")
BERLIN = ZoneInfo("Europe/Berlin")
HALF_YEAR = Span(date(2026, 7, 1), date(2027, 1, 1))
YEAR_2026 = Span(date(2026, 1, 1), date(2027, 1, 1))


def month_of(day: date) -> Span:
    first = day.replace(day=1)
    return Span(first, add(first, MONTH))


class TestProrating:
    @pytest.mark.parametrize(
        ("convention", "name"),
        [(Convention.ACTUAL, "actual"), (Convention.ACTUAL_30, "actual_360"), (Convention.THIRTY_360, "strict_30_360")],
    )
    def test_of_months_follows_zuoras_table(self, convention: Convention, name: str) -> None:
        facts = json.loads(shared("data/vectors/pricing_facts.json").read_text())["zuora_month_proration"]
        for vector in facts["vectors"]:
            start, last = date.fromisoformat(vector["start"]), date.fromisoformat(vector["end"])
            days = Span(start, last + timedelta(days=1))
            assert share(days, month_of(start), MONTH, convention) == Fraction(vector[name])
            assert shown_share(days, month_of(start), MONTH, convention) == vector[name]

    def test_of_a_commitment_begun_late_is_lagos(self) -> None:
        facts = json.loads(shared("data/vectors/pricing_facts.json").read_text())["lago_commitment_coefficient"]
        for vector in facts["vectors"]:
            start, last = (date.fromisoformat(text) for text in vector["period"])
            whole = Span(start, last + timedelta(days=1))
            part = Span(date.fromisoformat(vector["from_"]), whole.end)
            assert share(part, whole, MONTH, Convention.ACTUAL) == Fraction(vector["expected"])

    def test_of_a_quarter_ended_early_is_lagos(self) -> None:
        facts = json.loads(shared("data/vectors/pricing_facts.json").read_text())["lago_quarter_termination"]
        quarter = billing_periods(
            Schedule(Period.parse("P3M")), date(2024, 1, 15), date(2024, 6, 21), through=date(2024, 6, 20)
        )[-1]
        part = quarter.billed.overlap(date(2024, 5, 20), None)
        assert part is not None
        portion = share(part, quarter.whole, Period.parse("P3M"), Convention.ACTUAL)
        assert portion == Fraction(32, 91)
        assert 91_000 * portion == facts["expected_minor"]

    def test_of_an_upgrade_in_the_middle_is_stripes(self) -> None:
        fact = json.loads(shared("data/vectors/pricing_facts.json").read_text())["stripe_upgrade"]["vector"]
        start, end = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
        rest = share_of_time(datetime(2026, 4, 16, tzinfo=UTC), end, start, end)
        assert (-fact["old"] * rest, fact["new"] * rest) == (fact["credit"], fact["debit"])
        assert (fact["new"] - fact["old"]) * rest == fact["net"]

    @pytest.mark.parametrize(
        ("convention", "amount"),
        [(Convention.ACTUAL, "604.93"), (Convention.ACTUAL_365, "604.93"), (Convention.MONTHS, "600.00")],
    )
    def test_of_ten_seats_for_half_a_year_differs_by_days_and_months(self, convention: Convention, amount: str) -> None:
        exact = 10 * 120 * share(HALF_YEAR, YEAR_2026, YEAR, convention)
        assert str(payable(exact, "USD", Rounding.HALF_UP).amount) == amount

    def test_charges_a_part_like_the_whole_or_not_at_all_where_that_is_agreed(self) -> None:
        part = Span(date(2026, 7, 1), date(2026, 7, 2))
        assert share(part, YEAR_2026, YEAR, Convention.WHOLE) == 1
        assert share(part, YEAR_2026, YEAR, Convention.NONE) == 0
        assert share(YEAR_2026, YEAR_2026, YEAR, Convention.NONE) == 1

    def test_by_seconds_knows_that_the_day_the_clocks_change_has_23_hours(self) -> None:
        day, march = Span(date(2025, 3, 30), date(2025, 3, 31)), Span(date(2025, 3, 1), date(2025, 4, 1))
        assert share(day, march, MONTH, Convention.SECOND, zone=BERLIN) == Fraction(23 * 60, 44_580)
        assert share(day, march, MONTH, Convention.SECOND) == Fraction(1, 31)

    def test_by_seconds_needs_a_zone(self) -> None:
        with pytest.raises(ValueError, match="zone"):
            share_of_time(*[datetime(2026, 1, 1)] * 4)

    @pytest.mark.parametrize("convention", [Convention.ACTUAL_30, Convention.THIRTY_360, Convention.MONTHS])
    def test_by_months_refuses_weeks(self, convention: Convention) -> None:
        week = Span(date(2026, 1, 1), date(2026, 1, 8))
        with pytest.raises(ValueError, match="counts months"):
            share(week, week, Period(1, Unit.WEEK), convention)

    @given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.data())
    @pytest.mark.parametrize("convention", [Convention.ACTUAL, Convention.SECOND, Convention.ACTUAL_30])
    def test_of_two_halves_adds_up_to_both(self, convention: Convention, first: date, data: st.DataObject) -> None:
        whole = month_of(first)
        cut = whole.start + timedelta(days=data.draw(st.integers(1, whole.days - 1)))
        parts = [
            share(span, whole, MONTH, convention, zone=BERLIN)
            for span in (Span(whole.start, cut), Span(cut, whole.end), whole)
        ]
        assert parts[0] + parts[1] == parts[2]


class TestApportioning:
    @given(
        st.integers(-(10**12), 10**12),
        st.lists(st.fractions(0, 10**6), min_size=1, max_size=20).filter(any),
    )
    def test_gives_the_whole_away_and_each_its_part_within_one_unit(self, total: int, weights: list[Fraction]) -> None:
        found = apportion(total, weights)
        assert sum(found) == total
        whole = sum(weights)
        assert all(abs(part - total * weight / whole) < 1 for part, weight in zip(found, weights, strict=True))

    def test_gives_what_is_left_to_the_largest_remainder_and_then_the_earliest(self) -> None:
        assert apportion(100, [Fraction(1)] * 3) == (34, 33, 33)
        assert apportion(100, [Fraction(1), Fraction(1), Fraction(4)]) == (17, 17, 66)
        assert apportion(10, [Fraction(0), Fraction(1)]) == (0, 10)

    @pytest.mark.parametrize("weights", [[], [Fraction(0)], [Fraction(-1), Fraction(2)]])
    def test_refuses_weights_that_weigh_nothing(self, weights: list[Fraction]) -> None:
        with pytest.raises(ValueError, match="weights"):
            apportion(1, weights)
