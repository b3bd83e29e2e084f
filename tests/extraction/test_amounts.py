"""Amounts and percentages are read in the odd forms that price lists and lawyers use."""

from __future__ import annotations

import pytest

from domain.terms import TermField
from extraction.values import money_in, percents_in
from tests.extraction.passage import values_of


class TestAnAmount:
    @pytest.mark.parametrize(
        ("text", "amount"),
        [
            ("$0.0036 per call", "0.0036"),
            ("€ 0,525 per document", "0.525"),
            ("USD0.012", "0.012"),
            ("USD12.99 per user", "12.99"),
            ("£1.0368", "1.0368"),
        ],
    )
    def test_keeps_parts_of_a_cent(self, text: str, amount: str) -> None:
        assert [f"{found.value.amount:f}" for found in money_in(text)] == [amount]

    def test_that_can_be_read_two_ways_is_not_read(self) -> None:
        assert list(money_in("EUR 1.234")) == []


class TestAPercentage:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("one and a half percent", "1.5"),
            ("one and one-half percent (1.5%)", "1.5"),
            ("zero point seven five per cent", "0.75"),
            ("seven point five percent (7.5%)", "7.5"),
            ("one-half percent", "0.5"),
            ("2 percentage points", "2"),
        ],
    )
    def test_is_read_from_words_with_parts(self, text: str, value: str) -> None:
        assert [found.value for found in percents_in(text)] == [value]

    def test_whose_words_contradict_its_digits_is_not_read(self) -> None:
        assert list(percents_in("one and a half percent (2.5%)")) == []

    def test_is_not_the_end_of_a_fraction(self) -> None:
        assert list(percents_in("1-1/2% of the balance")) == []


class TestATotal:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("TCV: USD 7,200.", "7200.00 USD"),
            ("Fees for the Initial Term total £7,200.00.", "7200.00 GBP"),
            ("The sum of all fees due during the Initial Term is £48,000.00.", "48000.00 GBP"),
            ("In aggregate, Customer shall pay $48,000 for the Initial Term.", "48000.00 USD"),
            ("The fees for the Initial Term add up to $48,000.00.", "48000.00 USD"),
            ("$48,000 is the total of the fees payable for the Initial Term.", "48000.00 USD"),
            ("Over the Initial Term you will pay $9,000 altogether.", "9000.00 USD"),
            ("Grand total (Initial Term)    EUR 50,440", "50440.00 EUR"),
        ],
    )
    def test_is_read_in_many_wordings(self, text: str, value: str) -> None:
        assert values_of(TermField.TOTAL_VALUE, text) == [value]

    @pytest.mark.parametrize(
        "text",
        [
            "Total monthly fees: $500.",
            "The total fees are $500 per month.",
            "The total number of users shall pay a fee of $5.",
            "Provider's liability is limited to an aggregate amount of $5,000,000.",
            "The expected total project cost is $176 million.",
            "Total fees shall in no year be less than $36,000.",
        ],
    )
    def test_is_neither_a_rate_nor_a_limit(self, text: str) -> None:
        assert values_of(TermField.TOTAL_VALUE, text) == []
