"""What must be spent at least is read with its period, and when use is reconciled."""

from __future__ import annotations

import pytest

from domain.terms import TermField
from tests.extraction.passage import values_of


class TestAMinimum:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("Customer commits to spend a minimum of $100,000 per contract year.", "100000.00 USD"),
            ("The Annual Minimum Commitment is USD 250,000.", "250000.00 USD"),
            ("Customer's fees shall in no event be less than $5,000 per month.", "5000.00 USD"),
            (
                "Customer undertakes to order Services with a value of not less than €60,000 in every calendar year.",
                "60000.00 EUR",
            ),
            ("If total fees in any quarter are less than $30,000, Customer shall pay the shortfall.", "30000.00 USD"),
            ("Minimum monthly charge: $1,500", "1500.00 USD"),
            ("A minimum annual purchase commitment of £40,000 applies during the Initial Term.", "40000.00 GBP"),
            ("Client agrees to a minimum usage fee of $2,000 per quarter.", "2000.00 USD"),
            ("Customer's aggregate spend over the Subscription Term will be at least $360,000.", "360000.00 USD"),
            ("Total committed spend for the term: $500,000", "500000.00 USD"),
        ],
    )
    def test_is_read_in_many_wordings(self, text: str, value: str) -> None:
        assert values_of(TermField.MINIMUM_COMMITMENT, text) == [value]

    @pytest.mark.parametrize(
        "text",
        [
            "Customer shall maintain insurance of at least $1,000,000 per occurrence.",
        ],
    )
    def test_is_not_the_least_cover_of_an_insurance(self, text: str) -> None:
        assert values_of(TermField.MINIMUM_COMMITMENT, text) == []


class TestThePeriodOfAMinimum:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("Customer commits to spend a minimum of $100,000 per contract year.", "annually"),
            ("The Annual Minimum Commitment is USD 250,000.", "annually"),
            ("Customer's fees shall in no event be less than $5,000 per month.", "monthly"),
            ("If total fees in any quarter are less than $30,000, Customer shall pay the shortfall.", "quarterly"),
            ("Customer's aggregate spend over the Subscription Term will be at least $360,000.", "term"),
            ("Minimum monthly charge: $1,500", "monthly"),
            ("Total committed spend for the term: $500,000", "term"),
            ("Customer shall pay at least €20,000 in each three-month period.", "quarterly"),
        ],
    )
    def test_stands_near_the_amount(self, text: str, value: str) -> None:
        assert values_of(TermField.MINIMUM_PERIOD, text) == [value]


class TestATrueUp:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("Provider will conduct a true-up of the number of users every quarter.", "quarterly"),
            ("An annual true-up will be performed to account for additional licenses.", "annually"),
            ("Usage in excess of the commitment shall be trued-up at the end of each contract year.", "annually"),
            ("On a monthly basis the parties shall true up the actual number of seats.", "monthly"),
            ("True-up: each anniversary", "annually"),
            ("The seat count is reconciled semi-annually and any excess users are invoiced.", "semiannually"),
        ],
    )
    def test_has_a_rhythm(self, text: str, value: str) -> None:
        assert values_of(TermField.TRUE_UP, text) == [value]
