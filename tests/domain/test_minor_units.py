"""An exact amount is rounded once, by the rule that the contract names, to the unit that ISO 4217 names."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.currencies import digits_of
from domain.minor_units import Rounding, from_minor, payable, rounded, to_minor
from domain.money import Money

CURRENCIES = ["USD", "JPY", "KWD", "CLF", "HUF", "UYI", "MGA"]


class TestMinorUnits:
    @pytest.mark.parametrize(
        ("currency", "digits"),
        [("USD", 2), ("HUF", 2), ("IQD", 3), ("LAK", 2), ("JPY", 0), ("UGX", 0), ("BHD", 3), ("CLF", 4), ("MGA", 2)],
    )
    def test_are_those_of_iso_4217_and_not_those_of_display(self, currency: str, digits: int) -> None:
        assert digits_of(currency) == digits

    @pytest.mark.parametrize("currency", ["XXX", "usd", "US", "", "BTC"])
    def test_are_refused_for_what_is_no_currency(self, currency: str) -> None:
        with pytest.raises(ValueError, match="no currency"):
            digits_of(currency)

    @given(st.integers(-(2**63) + 1, 2**63 - 1), st.sampled_from(CURRENCIES))
    def test_go_to_money_and_back_without_loss(self, minor: int, currency: str) -> None:
        assert to_minor(from_minor(minor, currency)) == minor

    def test_finer_than_the_unit_are_never_rounded_in_passing(self) -> None:
        with pytest.raises(ValueError, match="finer"):
            to_minor(Money(Decimal("1.001"), "USD"))
        with pytest.raises(ValueError, match="finer"):
            to_minor(Money(Decimal("1.5"), "JPY"))

    @pytest.mark.parametrize("minor", [2**63, -(2**63), 10**30])
    def test_that_do_not_fit_64_bits_are_an_error_and_never_wrap(self, minor: int) -> None:
        with pytest.raises(OverflowError):
            from_minor(minor, "USD")
        with pytest.raises(OverflowError):
            payable(Fraction(minor, 100), "USD", Rounding.HALF_UP)


class TestRounding:
    @pytest.mark.parametrize(
        ("value", "half_up", "half_even", "down"),
        [
            ("0.125", "0.13", "0.12", "0.12"),
            ("0.135", "0.14", "0.14", "0.13"),
            ("-0.125", "-0.13", "-0.12", "-0.12"),
            ("2.675", "2.68", "2.68", "2.67"),
            ("1.005", "1.01", "1.00", "1.00"),
            ("0.004", "0.00", "0.00", "0.00"),
        ],
    )
    def test_of_halves_follows_the_policy(self, value: str, half_up: str, half_even: str, down: str) -> None:
        exact = Fraction(value)
        assert rounded(exact, 2, Rounding.HALF_UP) == Decimal(half_up)
        assert rounded(exact, 2, Rounding.HALF_EVEN) == Decimal(half_even)
        assert rounded(exact, 2, Rounding.DOWN) == Decimal(down)

    @given(st.fractions(-(10**12), 10**12), st.integers(0, 6), st.sampled_from(list(Rounding)))
    def test_moves_an_amount_by_at_most_its_last_digit(self, value: Fraction, digits: int, mode: Rounding) -> None:
        off = abs(Fraction(rounded(value, digits, mode)) - value) * 10**digits
        assert off < 1 if mode is Rounding.DOWN else off <= Fraction(1, 2)

    def test_of_long_numbers_is_exact_beyond_28_digits(self) -> None:
        assert rounded(Fraction(10**40 + 1, 100), 2, Rounding.HALF_UP) == Decimal("1" + "0" * 38 + ".01")
