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
            ("Minimum commitment | USD 50,000 p.a.", "50000.00 USD"),
            ("Minimum spend\n€10,000 per quarter", "10000.00 EUR"),
            ("Annual minimum    £25,000", "25000.00 GBP"),
            ("Customer warrants that it will purchase Services for no less than $80,000 annually.", "80000.00 USD"),
            ("Irrespective of usage, at least $3,000 will be billed every month.", "3000.00 USD"),
            ("A minimum of EUR 20,000 shall be invoiced per calendar year.", "20000.00 EUR"),
            ("Should the yearly fees not reach $60,000, Provider may invoice the difference.", "60000.00 USD"),
            ("Customer's minimum financial commitment amounts to $120,000 during the Initial Term.", "120000.00 USD"),
            ("The Customer is obliged to take Services of a value of £15,000 or more per quarter.", "15000.00 GBP"),
            ("Customer commits itself to annual spending of not below $45,000.", "45000.00 USD"),
            ("Customer shall spend no less than €90,000 on the Services over the Initial Term.", "90000.00 EUR"),
            ("The total of all invoices in a year shall be at least $36,000.", "36000.00 USD"),
            ("Committed minimum: £8,000 per month", "8000.00 GBP"),
            ("Customer accepts a minimum billing of $2,500 a month.", "2500.00 USD"),
            ("If consumption in a quarter is worth less than $9,000, the shortfall is invoiced.", "9000.00 USD"),
            ("The guaranteed annual turnover is EUR 100,000.", "100000.00 EUR"),
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

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("$36,000 is the least Customer pays each year, whatever the volumes.", "36000.00 USD"),
            ("In no quarter shall the amount due to Vendor be lower than €24,000.", "24000.00 EUR"),
            ("Client is bound to a quarterly take-or-pay amount of GBP 2,500.", "2500.00 GBP"),
            ("Should charges for the quarter not attain $9,000, Customer shall make up the balance.", "9000.00 USD"),
            ("An amount of $2,500 is payable per year as a minimum.", "2500.00 USD"),
            ("A floor of USD 24,000 per quarter is agreed for the charges.", "24000.00 USD"),
            ("Irrespective of consumption Customer owes Vendor $5,000 every month.", "5000.00 USD"),
            ("If usage in a year would result in charges lower than £2,500, we will invoice £2,500.", "2500.00 GBP"),
        ],
    )
    def test_is_read_however_it_is_promised(self, text: str, value: str) -> None:
        assert values_of(TermField.MINIMUM_COMMITMENT, text) == [value]

    @pytest.mark.parametrize(
        "text",
        [
            "Customer commits to at least 10 users at $40 per user.",
            "The unit price falls from $432.00 to $410.00 in return for the longer commitment.",
            "The sum can be retained until a total value of at least $100 is reached.",
            "Customer commits to fees of up to $5,000 per month.",
        ],
    )
    def test_is_neither_a_price_nor_a_ceiling(self, text: str) -> None:
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
            ("Minimum commitment | USD 50,000 p.a.", "annually"),
            ("Minimum spend\n€10,000 per quarter", "quarterly"),
            ("Irrespective of usage, at least $3,000 will be billed every month.", "monthly"),
            ("Should the yearly fees not reach $60,000, Provider may invoice the difference.", "annually"),
            ("Customer's minimum financial commitment amounts to $120,000 during the Initial Term.", "term"),
            ("A minimum of EUR 20,000 shall be invoiced per calendar year.", "annually"),
            ("Customer shall spend no less than €90,000 on the Services over the Initial Term.", "term"),
            ("The total of all invoices in a year shall be at least $36,000.", "annually"),
            ("If consumption in a quarter is worth less than $9,000, the shortfall is invoiced.", "quarterly"),
            ("The guaranteed annual turnover is EUR 100,000.", "annually"),
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
            ("True-up | Every 6 months", "semiannually"),
            ("True-up\nQuarterly", "quarterly"),
            ("Licences in use are counted each quarter and any excess is invoiced as a true-up.", "quarterly"),
            ("Once a year, the parties shall true up the fees to the actual number of users.", "annually"),
            ("The yearly true-up takes account of users added during the year.", "annually"),
            ("A reconciliation (true-up) of actual usage takes place half-yearly.", "semiannually"),
            (
                "Actual user numbers are trued up against the licences bought at the close of every quarter.",
                "quarterly",
            ),
            ("True-ups happen once per year.", "annually"),
            ("Provider checks usage monthly and issues a true-up invoice for any excess.", "monthly"),
            ("True-up frequency | Annual", "annually"),
        ],
    )
    def test_has_a_rhythm(self, text: str, value: str) -> None:
        assert values_of(TermField.TRUE_UP, text) == [value]
