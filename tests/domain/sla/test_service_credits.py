"""A credit is exact until it becomes payable, follows half-open bands or full steps, and passes no ceiling."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import Money
from domain.sla.availability import Counting, measure
from domain.sla.credits import Ceiling, EarnBack, credit_due
from domain.sla.exclusions import Cause, Exclusion, Excuses
from domain.sla.measured import Measured
from domain.sla.schemes import Steps, Tier, Tiers
from tests.domain.sla.levels import at, down, month, outage

FEE = Money(Decimal("1000.00"), "USD")
AWS = Tiers(tuple(Tier.parse(text) for text in ("99..99.99: 10", "95..99: 30", "..95: 100")))
STEPS = Steps(Decimal(5), Fraction(30), most=Decimal(20), allowance=Fraction("43.2"))
_MINUTES = st.fractions(0, 43_200, max_denominator=60)


def usd(text: str) -> Money:
    return Money(Decimal(text), "USD")


class TestBands:
    @pytest.mark.parametrize(
        ("percent", "due"),
        [
            ("100", 0),
            ("99.99", 0),
            ("99.98999999", 10),
            ("99", 10),
            ("98.9999", 30),
            ("95", 30),
            ("94.9999", 100),
            ("0", 100),
        ],
    )
    def test_hold_their_lower_bound_and_not_their_upper(self, percent: str, due: int) -> None:
        share = Fraction(percent) / 100
        found = [band for band in AWS.bands if band.holds(share)]
        assert [band.due for band in found] == ([Decimal(due)] if due else [])

    @pytest.mark.parametrize(("minutes", "amount"), [(4, "0.00"), (5, "100.00"), (440, "300.00"), (2200, "1000.00")])
    def test_give_a_part_of_the_fee(self, minutes: int, amount: str) -> None:
        assert credit_due(down(minutes), AWS, fee=FEE).amount == usd(amount)

    def test_that_overlap_are_refused(self) -> None:
        with pytest.raises(ValueError, match="overlap"):
            Tiers((Tier.parse("99..99.9: 10"), Tier.parse("98..99.5: 25")))

    @pytest.mark.parametrize("text", ["99: 10", "99..99.9", "99..99.9:"])
    def test_that_are_none_are_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="not a band"):
            Tier.parse(text)

    @given(st.fractions(0, 1, max_denominator=10**6))
    def test_hold_every_share_at_most_once(self, share: Fraction) -> None:
        assert sum(band.holds(share) for band in AWS.bands) == (1 if share < Fraction("0.9999") else 0)


class TestSteps:
    @pytest.mark.parametrize(("minutes", "rate"), [(60, 0), (74, 5), (140, 15), (200, 20), (400, 20)])
    def test_are_full_intervals_beyond_the_allowance_and_capped(self, minutes: int, rate: int) -> None:
        assert credit_due(down(minutes), STEPS, fee=FEE).rate == rate

    @pytest.mark.parametrize(("minutes", "count"), [(200, 5), (400, 11)])
    def test_say_how_many_intervals_there_were(self, minutes: int, count: int) -> None:
        assert f"5 % x {count} full intervals of 30 min" in credit_due(down(minutes), STEPS, fee=FEE).why[0]

    def test_without_an_allowance_begin_where_the_target_is_missed(self) -> None:
        by_target = Steps(Decimal(5), Fraction(30), most=Decimal(20), target=Decimal("99.9"))
        assert [credit_due(down(n), by_target, fee=FEE).rate for n in (73, 74)] == [0, 5]

    def test_count_from_the_time_that_was_promised_where_exclusions_shrink_it(self) -> None:
        by_target = Steps(Decimal(5), Fraction(30), most=Decimal(20), target=Decimal("99.9"))
        half = Exclusion(Cause.CUSTOMER, at(10), at(25))
        excused = Counting(excuses=Excuses(frozenset({Cause.CUSTOMER})))
        # 21 600 minutes are promised, 21.6 of them may be lost.
        assert [credit_due(down(n, excused, half), by_target, fee=FEE).rate for n in (51, 52)] == [0, 5]


class TestACeiling:
    def test_binds_what_is_left_of_it(self) -> None:
        year = Ceiling("year", usd("500.00"), usd("450.00"))
        found = credit_due(down(440), AWS, fee=FEE, ceilings=[year])
        assert found.amount == usd("50.00")
        assert "At most USD 500.00 a year, USD 450.00 of it given: 50 is left." in found.why

    def test_that_is_used_up_leaves_nothing_and_never_a_debt(self) -> None:
        assert credit_due(down(440), AWS, fee=FEE, ceilings=[Ceiling("term", usd("80"), usd("90"))]).amount == usd(
            "0.00"
        )

    def test_in_another_currency_is_refused(self) -> None:
        other = Money(Decimal(5), "EUR")
        with pytest.raises(ValueError, match="never mix"):
            credit_due(down(440), AWS, fee=FEE, ceilings=[Ceiling("year", other, other)])

    def test_that_is_the_credit_itself_is_not_passed_by_rounding(self) -> None:
        same = Ceiling("term", Money(Decimal("0.005"), "USD"), usd("0"))
        assert credit_due(down(5), AWS, fee=usd("0.05"), ceilings=[same]).amount == usd("0.00")

    def test_is_not_passed_by_rounding(self) -> None:
        tight = Ceiling("window", Money(Decimal("10.005"), "USD"), usd("0"))
        assert credit_due(down(440), AWS, fee=FEE, ceilings=[tight]).amount == usd("10.00")


class TestAnAmount:
    def test_is_rounded_once_to_the_minor_unit_of_its_currency(self) -> None:
        assert str(credit_due(down(440), AWS, fee=Money(Decimal("33.35"), "USD")).amount) == "10.01 USD"
        assert credit_due(down(440), AWS, fee=Money(Decimal(1005), "JPY")).amount == Money(Decimal(302), "JPY")

    def test_below_the_least_is_not_paid(self) -> None:
        found = credit_due(down(5), AWS, fee=usd("9.00"), least=usd("1.00"))
        assert found.amount == usd("0.00")
        assert found.why[-1] == "Less than USD 1.00 is not paid."

    def test_explains_its_arithmetic(self) -> None:
        assert credit_due(down(440), AWS, fee=FEE).why == (
            "98.9815 % lies in [95, 99): 30 %.",
            "30 % of USD 1,000.00 = 300.",
            "Due: USD 300.00.",
        )


class TestEarnBack:
    def following(self, *minutes: float) -> list[Measured]:
        return [down(n) for n in minutes]

    def test_needs_every_window_that_follows(self) -> None:
        rule = EarnBack(Decimal("99.9"), 3)
        assert rule.earned(self.following(0, 10, 43)) is True
        assert rule.earned(self.following(0, 44)) is False
        assert rule.earned(self.following(0, 10)) is None


class TestAnyDowntime:
    @given(_MINUTES, _MINUTES, st.sampled_from([AWS, STEPS]))
    def test_never_gives_less_for_more(self, one: Fraction, other: Fraction, scheme: Tiers | Steps) -> None:
        less, more = sorted((one, other))
        first, second = (credit_due(down(float(n)), scheme, fee=FEE) for n in (less, more))
        assert first.amount.amount <= second.amount.amount

    @given(_MINUTES, st.decimals(0, 500, places=3), st.decimals(0, 500, places=2), st.decimals("0.01", 5000, places=2))
    def test_never_gives_more_than_a_ceiling(
        self, lost: Fraction, most: Decimal, given_: Decimal, fee: Decimal
    ) -> None:
        ceiling = Ceiling("term", Money(most, "USD"), Money(given_, "USD"))
        found = credit_due(down(float(lost)), AWS, fee=Money(fee, "USD"), ceilings=[ceiling])
        assert 0 <= found.amount.amount <= max(Decimal(0), most - given_)

    @given(st.integers(1, 4000), st.integers(1, 3999))
    def test_gives_the_same_however_an_outage_is_split(self, lasts: int, cut: int) -> None:
        first = min(cut, lasts)
        parts = [outage(at(3), first)]
        parts += [outage(at(3) + timedelta(minutes=first), lasts - first)] if lasts > first else []
        whole = credit_due(down(lasts), STEPS, fee=FEE)
        assert credit_due(measure(month(), parts, Counting(), source="probe"), STEPS, fee=FEE) == whole
