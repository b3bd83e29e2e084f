"""A credit is claimed by the day that the contract's own way of counting gives, on a business day before it."""

from __future__ import annotations

from datetime import date

import pytest

from domain.periods import Period
from domain.pricing.billing_periods import Schedule
from domain.sla.claims import ClaimRule, ClaimState, Until, claim_day, may_become
from tests.domain.sla.levels import month


def last(rule: ClaimRule, first: date = date(2026, 5, 1)) -> date:
    return claim_day(rule, month(first), "US").last


def within(text: str) -> ClaimRule:
    return ClaimRule(Until.PERIOD, Period.parse(text))


class TestTheLastDay:
    def test_is_counted_without_the_day_on_which_the_window_ends(self) -> None:
        assert last(within("P7D")) == date(2026, 6, 7)
        assert last(within("P30D")) == date(2026, 6, 30)

    def test_of_a_month_is_the_same_day_of_the_next_or_its_last(self) -> None:
        assert last(within("P1M"), date(2026, 1, 1)) == date(2026, 2, 28)

    def test_may_be_the_end_of_the_month_that_follows(self) -> None:
        assert last(ClaimRule(Until.MONTH_END), date(2026, 1, 1)) == date(2026, 2, 28)
        assert last(ClaimRule(Until.MONTH_END), date(2026, 11, 1)) == date(2026, 12, 31)

    def test_may_be_so_many_business_days_on(self) -> None:
        assert last(ClaimRule(Until.BUSINESS_DAYS, count=15)) == date(2026, 6, 22)  # Juneteenth is none

    def test_may_be_the_end_of_the_second_billing_cycle(self) -> None:
        monthly = Schedule(Period.parse("P1M"))
        rule = ClaimRule(Until.BILLING_CYCLE, count=2, schedule=monthly, cycles_from=date(2025, 7, 15))
        # 31 May lies in the cycle to 14 June; the first after it ends on 14 July, the second on 14 August.
        assert last(rule) == date(2026, 8, 14)

    def test_of_cycles_that_are_months_is_the_end_of_a_month(self) -> None:
        rule = ClaimRule(Until.BILLING_CYCLE, count=2, cycles_from=date(2026, 1, 1))
        assert last(rule) == date(2026, 7, 31)


class TestTheSafeDay:
    def test_is_the_last_business_day_before_and_never_later(self) -> None:
        found = claim_day(within("P7D"), month(date(2026, 5, 1)), "US")
        assert (found.last, found.send_by) == (date(2026, 6, 7), date(2026, 6, 5))
        assert found.why == (
            "Claim by 2026-06-07: 7 days after the window ended on 2026-05-31; 2026-06-05 is the last business day (US)."
        )


class TestARule:
    def test_without_what_it_counts_is_refused(self) -> None:
        for rule in (Until.PERIOD, Until.BILLING_CYCLE):
            with pytest.raises(ValueError, match="period|cycles"):
                ClaimRule(rule)


class TestAClaim:
    def test_goes_from_due_to_credited_and_lapses_only_unsent(self) -> None:
        assert may_become(ClaimState.DUE, ClaimState.DRAFTED)
        assert may_become(ClaimState.DRAFTED, ClaimState.LAPSED)
        assert not may_become(ClaimState.SENT, ClaimState.LAPSED)
        assert not may_become(ClaimState.CREDITED, ClaimState.SENT)
