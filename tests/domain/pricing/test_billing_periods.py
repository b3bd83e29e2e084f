"""Billing periods are counted from their anchor, never from the period before."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.minor_units import Rounding, rounded
from domain.periods import Period
from domain.pricing.billing_periods import (
    BillingPeriod,
    Lead,
    Schedule,
    Span,
    Timing,
    anchored,
    billing_periods,
    frequency,
)
from domain.pricing.proration import Convention, share
from tests.conftest import shared

MONTH = Period.parse("P1M")
days = st.dates(date(2000, 1, 1), date(2060, 12, 31))
schedules = st.builds(
    Schedule, st.sampled_from([Period.parse(text) for text in ("P1M", "P3M", "P6M", "P1Y")]),
    st.none() | st.integers(1, 31), st.sampled_from(Timing), st.sampled_from(Lead),
)  # fmt: skip


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def cycles(vector: dict[str, Any]) -> Decimal:
    schedule = Schedule(
        frequency({"ANNUAL": "annually"}.get(vector["period"], vector["period"].lower())), vector["bcd"]
    )
    start, target = date.fromisoformat(vector["start"]), date.fromisoformat(vector["target"])
    periods = billing_periods(schedule, start, day(vector["end"]), through=target)
    shares = (share(one.billed, one.whole, schedule.every, Convention.ACTUAL) for one in periods)
    return sum((rounded(one, 9, Rounding.HALF_UP) for one in shares), Decimal(0))


class TestBillingPeriods:
    def test_are_those_of_all_of_kill_bills_vectors(self) -> None:
        vectors = json.loads(shared("data/vectors/killbill_proration.json").read_text())["vectors"]
        wrong = [one for one in vectors if cycles(one) != Decimal(one["expected_cycles"])]
        assert len(vectors) == 135
        assert wrong == []

    def test_anchored_on_the_31st_are_those_of_stripe(self) -> None:
        for vector in json.loads(shared("data/vectors/pricing_facts.json").read_text())["stripe_anchor"]["vectors"]:
            start = date.fromisoformat(vector["anchor"])
            found = billing_periods(Schedule(MONTH), start, None, through=date(start.year, 5, 1))
            assert [one.billed.end.isoformat() for one in found[:3]] == vector["dates"]

    def test_anchored_on_the_31st_return_to_it_after_february(self) -> None:
        found = [anchored(Schedule(MONTH), date(2025, 1, 31), index) for index in range(5)]
        assert found == [date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31), date(2025, 4, 30), date(2025, 5, 31)]

    def test_of_years_return_to_29_february_in_leap_years(self) -> None:
        yearly = Schedule(Period.parse("P1Y"))
        assert anchored(yearly, date(2024, 2, 29), 3) == date(2027, 2, 28)
        assert anchored(yearly, date(2024, 2, 29), 4) == date(2028, 2, 29)

    def test_begun_late_are_a_part_of_the_period_that_the_contract_imagines(self) -> None:
        for vector in json.loads(shared("data/vectors/pricing_facts.json").read_text())["stripe_backdate"]["vectors"]:
            start, anchor = date.fromisoformat(vector["backdate"]), date.fromisoformat(vector["anchor"])
            first, *_ = billing_periods(Schedule(MONTH, anchor.day, lead=Lead.FORWARD), start, None, through=start)
            assert first.billed == Span(start, anchor)
            assert first.whole == Span(*(date.fromisoformat(one) for one in vector["period_basis"]))
            assert share(first.billed, first.whole, MONTH, Convention.ACTUAL) == Fraction(vector["fraction"])

    def test_led_in_from_a_short_month_differ_by_policy(self) -> None:
        start = date(2011, 2, 14)
        wholes = [_first(Schedule(MONTH, 31, lead=lead), start).whole.days for lead in Lead]
        assert dict(zip(Lead, wholes, strict=True)) == {Lead.BACK: 31, Lead.FORWARD: 28, Lead.ANCHORED: 28}

    def test_are_billed_on_their_first_day_or_on_the_day_after_their_last(self) -> None:
        start, through = date(2026, 1, 1), date(2026, 3, 1)
        advance = billing_periods(Schedule(MONTH), start, None, through=through)
        arrears = billing_periods(Schedule(MONTH, timing=Timing.ARREARS), start, None, through=through)
        assert [one.bill_on.month for one in advance] == [1, 2, 3]
        assert [one.bill_on.month for one in arrears] == [2, 3]

    @given(schedules, days, st.integers(1, 1500))
    def test_cover_every_day_of_the_term_once(self, schedule: Schedule, start: date, length: int) -> None:
        end = date.fromordinal(start.toordinal() + length)
        found = billing_periods(schedule, start, end, through=end)
        assert (found[0].billed.start, found[-1].billed.end) == (start, end)
        assert all(one.billed.end == two.billed.start for one, two in pairwise(found))

    @given(schedules, days)
    def test_are_the_same_whenever_they_are_asked_for(self, schedule: Schedule, start: date) -> None:
        early, late = (date.fromordinal(start.toordinal() + count) for count in (100, 900))
        first = billing_periods(schedule, start, None, through=early)
        assert billing_periods(schedule, start, None, through=late)[: len(first)] == first

    @pytest.mark.parametrize(("every", "anchor"), [("P1M", 0), ("P1M", 32), ("P1W", 5), ("P0M", None)])
    def test_refuse_an_anchor_or_length_that_cannot_be(self, every: str, anchor: int | None) -> None:
        with pytest.raises(ValueError, match=r"anchor day|longer than nothing"):
            Schedule(Period.parse(every), anchor)

    def test_know_the_words_of_contracts_and_nothing_else(self) -> None:
        assert frequency("semiannually") == Period.parse("P6M")
        assert frequency("P2M") == Period.parse("P2M")
        with pytest.raises(ValueError, match="fortnightly"):
            frequency("fortnightly")

    def test_never_end_before_they_start(self) -> None:
        with pytest.raises(ValueError, match="ends after it starts"):
            Span(date(2026, 1, 2), date(2026, 1, 2))


def _first(schedule: Schedule, start: date) -> BillingPeriod:
    return billing_periods(schedule, start, None, through=start)[0]
