"""Money keeps its currency and never was a float."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import Money

amounts = st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False)


class TestMoney:
    @pytest.mark.parametrize("amount", [1.0, 1, "1", None])
    def test_is_made_from_a_decimal_and_nothing_else(self, amount: Any) -> None:
        with pytest.raises(TypeError, match="needs a Decimal"):
            Money(amount, "USD")

    @pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
    def test_is_finite(self, amount: str) -> None:
        with pytest.raises(ValueError, match="finite"):
            Money(Decimal(amount), "USD")

    @pytest.mark.parametrize("currency", ["", "US", "usd", "USDX", "US1$", "€€€", "ÄÖÜ"])
    def test_has_a_three_letter_currency(self, currency: str) -> None:
        with pytest.raises(ValueError, match="ISO 4217"):
            Money(Decimal(1), currency)

    def test_is_never_multiplied_by_a_float(self) -> None:
        factor: Any = 1.1
        with pytest.raises(TypeError, match="float"):
            Money(Decimal(1), "USD") * factor

    def test_never_mixes_currencies(self) -> None:
        dollars, euros = Money(Decimal(1), "USD"), Money(Decimal(1), "EUR")
        with pytest.raises(ValueError, match="USD and EUR"):
            dollars + euros
        with pytest.raises(ValueError, match="USD and EUR"):
            dollars - euros
        assert dollars != euros

    @pytest.mark.parametrize(
        ("amount", "currency", "text", "shown"),
        [
            ("48000", "USD", "48000.00 USD", "USD 48,000.00"),
            ("1234567.5", "JPY", "1234568 JPY", "JPY 1,234,568"),
            ("2.5", "JPY", "2 JPY", "JPY 2"),
            ("0.125", "USD", "0.12 USD", "USD 0.12"),
            ("0.135", "USD", "0.14 USD", "USD 0.14"),
            ("1.2345", "KWD", "1.234 KWD", "KWD 1.234"),
            ("-5", "EUR", "-5.00 EUR", "EUR -5.00"),
        ],
    )
    def test_rounds_half_even_to_the_minor_unit_of_its_currency(
        self, amount: str, currency: str, text: str, shown: str
    ) -> None:
        money = Money(Decimal(amount), currency)
        assert (str(money), money.display()) == (text, shown)

    def test_multiplies_exactly_by_a_quantity(self) -> None:
        assert Money(Decimal("604.93"), "USD") * 3 == Money(Decimal("1814.79"), "USD")

    @pytest.mark.parametrize("text", ["", "48000", "48,000 USD", "USD 48000", "1e9999999 USD X", "x USD"])
    def test_refuses_a_text_that_is_no_amount(self, text: str) -> None:
        with pytest.raises(ValueError, match="money|currency"):
            Money.parse(text)

    @given(amounts, st.sampled_from(["USD", "EUR", "GBP", "CHF"]))
    def test_reads_back_what_it_wrote(self, amount: Decimal, currency: str) -> None:
        assert Money.parse(str(Money(amount, currency))) == Money(amount, currency)

    @given(amounts, amounts)
    def test_adds_and_subtracts_without_loss(self, first: Decimal, second: Decimal) -> None:
        a, b = Money(first, "USD"), Money(second, "USD")
        assert a + b - b == a
        assert a + b == b + a
