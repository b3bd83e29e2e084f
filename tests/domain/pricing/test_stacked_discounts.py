"""Discounts come off in the order that the contract states, and a missing order is refused where it matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import Money
from domain.pricing.discounts import Basis, Discount, discounted, per_unit

D = Decimal
TEN, FIFTH = Discount(percent=D(10)), Discount(percent=D(20))
FIFTY = Discount(amount=Money(D(50), "USD"))
percents = st.decimals(0, 100, places=2)


def left(price: int, *discounts: Discount) -> Fraction:
    return discounted(Fraction(price), discounts, "USD").amount


class TestDiscounts:
    def test_on_net_are_taken_of_what_is_left(self) -> None:
        assert left(1000, TEN, FIFTH) == 720

    def test_on_list_are_taken_of_the_list_price(self) -> None:
        assert left(1000, *(replace(one, basis=Basis.LIST) for one in (TEN, FIFTH))) == 700

    def test_of_an_amount_come_before_or_after_a_percentage_as_stated(self) -> None:
        assert left(1000, replace(FIFTY, order=1), replace(TEN, order=2)) == 855
        assert left(1000, replace(TEN, order=1), replace(FIFTY, order=2)) == 850

    def test_whose_order_matters_and_is_not_stated_are_refused(self) -> None:
        with pytest.raises(ValueError, match="number them"):
            left(1000, FIFTY, TEN)
        with pytest.raises(ValueError, match="number them"):
            left(1000, replace(TEN, basis=Basis.LIST), FIFTH)

    @given(st.permutations([D(5), D("12.5"), D(30)]), st.sampled_from(Basis), st.fractions(0, 10**6))
    def test_of_one_kind_may_come_in_any_order(self, order: list[Decimal], basis: Basis, price: Fraction) -> None:
        one, other = ([Discount(percent=one, basis=basis) for one in some] for some in (order, sorted(order)))
        assert discounted(price, one, "USD").amount == discounted(price, other, "USD").amount

    @given(st.lists(percents, max_size=4), st.fractions(0, 10**6))
    def test_never_leave_less_than_nothing_nor_more_than_before(self, some: list[Decimal], price: Fraction) -> None:
        discounts = [Discount(percent=one, basis=Basis.LIST) for one in some]
        assert 0 <= discounted(price, discounts, "USD").amount <= price

    def test_of_nothing_change_nothing(self) -> None:
        assert discounted(Fraction(1, 3), (), "USD").amount == Fraction(1, 3)
        assert left(100, Discount(percent=D(0))) == 100

    def test_count_amounts_for_the_part_of_the_period(self) -> None:
        assert discounted(Fraction(100), [FIFTY], "USD", portion=Fraction(1, 2)).amount == 75

    def test_never_mix_currencies(self) -> None:
        with pytest.raises(ValueError, match="USD on a price in EUR"):
            discounted(Fraction(100), [FIFTY], "EUR")

    def test_that_end_hold_on_their_last_day_and_not_after(self) -> None:
        promotion = replace(TEN, first=date(2026, 1, 1), last=date(2026, 3, 31), products=("Seats",))
        held = [promotion.covers("Seats", day) for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 31))]
        assert held == [False, True, True]
        assert not promotion.covers("Seats", date(2026, 4, 1))
        assert not promotion.covers("Setup", date(2026, 1, 1))

    def test_are_read_from_the_terms(self) -> None:
        assert Discount.parse("12.5 %") == Discount(percent=D("12.5"))
        assert Discount.parse("500.00 USD") == Discount(amount=Money(D("500.00"), "USD"))
        for text in ("much %", "ten", "110 %", "-5.00 USD"):
            with pytest.raises(ValueError, match=r"not a|percent|surcharge"):
                Discount.parse(text)

    def test_are_either_a_percentage_or_an_amount(self) -> None:
        with pytest.raises(ValueError, match="either"):
            Discount()
        with pytest.raises(ValueError, match="either"):
            Discount(percent=D(1), amount=Money(D(1), "USD"))

    def test_leave_a_unit_its_own_price_only_before_amounts(self) -> None:
        assert per_unit([replace(TEN, order=1), replace(FIFTY, order=2)])[1] == (replace(FIFTY, order=2),)
        with pytest.raises(ValueError, match="per unit"):
            per_unit([replace(FIFTY, order=1), replace(TEN, order=2)])
