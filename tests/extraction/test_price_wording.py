"""Prices in wordings and tables far apart from each other."""

from __future__ import annotations

from datetime import date

import pytest

from tests.extraction.passage import lines_of

INTRO = "Graduated prices of Copperleaf Events, per API call:\n\n"


class TestAPrice:
    @pytest.mark.parametrize(
        ("text", "unit"),
        [
            ("You get 40 seats of Copperleaf CRM at $18.50 a user a month.", "user per month"),
            ("Licensed product: Copperleaf CRM. Quantity: 120. Price: $18.50 per User/month.", "user per month"),
            ("Customer subscribes to Copperleaf CRM for 50 named users at $18.50 monthly per user.", "user per month"),
            ("Remuneration for Copperleaf CRM: $18.50 p.a. (contracted quantity: 40).", "year"),
            ("Copperleaf CRM has been priced at $18.50 each month.", "month"),
            ("Customer is granted access to Copperleaf CRM for up to 400 users and billed $18.50 user/month.", "user per month"),
            ("Copperleaf CRM - 40 x $18.50 per seat, monthly", "seat per month"),
            ("$18.50 one-time for Copperleaf CRM.", "one-time"),
            ("SKU  Description  Users  List  Term fee\nA-1  Copperleaf CRM  10  $18.50 per user p.a.  $185.00", "user per year"),
            ("Qty\tItem\tFee\tFrequency\n25\tCopperleaf CRM\t$18.50\tannually per seat", "seat per year"),
            ("Plan | Users | Our price to you\nCopperleaf CRM | 1 | $18.50 one time only", "one-time"),
        ],
    )  # fmt: skip
    def test_keeps_its_product_and_what_it_is_for(self, text: str, unit: str) -> None:
        found = [(line.product, str(line.unit_price), line.unit) for line in lines_of(text)]
        assert found == [("Copperleaf CRM", "18.50 USD", unit)]

    @pytest.mark.parametrize(
        "text",
        [
            "Northwind Trading shall pay Customer $10,000.00 for each month in which it fails to open the Harbour Gate.",
            "Harbour Holdings will pay Dr. Murray $8,333 monthly.",
            "The minimum fee of Copperleaf CRM is $5,000 p.a.",
        ],
    )
    def test_is_not_what_a_person_is_paid_or_a_failure_costs(self, text: str) -> None:
        assert lines_of(text) == ()


class TestStepsOfVolume:
    @pytest.mark.parametrize(
        "table",
        [
            "Up to | Fee\n100 | $3\n500 | $2\nunlimited | $1",
            "Minimum | Maximum | Unit charge\n1 | 100 | $3\n101 | 500 | $2\n501 |  | $1",
            "Band  Lower limit  Upper limit  Charge\nBand  1  100  $3\nBand  101  500  $2\nBand  501  none  $1",
            "Price | Quantity\n$3 | 1 to 100\n$2 | 101 to 500\n$1 | > 500",
            "From\tPrice\n1\t$3\n101\t$2\n501\t$1",
            "No. of calls  Each\n1–100  $3\n101–500  $2\n501 plus  $1",
            "Bracket Unit price\nup to 100 API calls $3\nup to 500 API calls $2\nabove 500 API calls $1",
        ],
    )
    def test_are_read_with_the_edge_that_the_header_names(self, table: str) -> None:
        (line,) = lines_of(INTRO + table)
        assert (line.product, line.unit) == ("Copperleaf Events", "API call")
        assert [(one.first, one.last, one.unit_price.amount) for one in line.tiers] == [(1, 100, 3), (101, 500, 2), (501, None, 1)]  # fmt: skip

    @pytest.mark.parametrize(
        "rows",
        [
            "1..100 calls: $3; 101..500 calls: $2; 501 and over: $1",
            "as long as calls do not exceed 100, $3; as long as calls do not exceed 500, $2; as soon as calls exceed 500, $1",
            "$3 up to 100; $2 up to 500; $1 thereafter",
            "from 1 API calls up to 100 API calls, $3; from 101 API calls up to 500 API calls, $2; from 501 API calls on, $1",
        ],
    )
    def test_are_read_from_sentences(self, rows: str) -> None:
        (line,) = lines_of(f"Usage of Copperleaf Events is billed per API call: {rows}.")
        assert [(one.first, one.last) for one in line.tiers] == [(1, 100), (101, 500), (501, None)]

    def test_are_none_where_no_header_says_which_edge_a_number_is(self) -> None:
        assert not any(line.tiers for line in lines_of(f"{INTRO}Units | Fee\n100 | $3\n500 | $2"))


class TestARamp:
    @pytest.mark.parametrize(
        "text",
        [
            "For Copperleaf CRM the remuneration is staggered: subscription year 1, beginning 1 May 2026, £10,000; subscription year 2, beginning 1 May 2027, £12,000.",
            "Copperleaf CRM will be charged thus: year 1, ending 30 April 2027: £10,000; year 2, ending 30 April 2028: £12,000.",
            "Contract Year  Service  Dates  Amount due\nY1  Copperleaf CRM  1 May 2026 through 30 April 2027  £10,000\nY2  Copperleaf CRM  1 May 2027 through 30 April 2028  £12,000",
            "Subscription period | Description | Charge\n1 May 2026 - 30 April 2027 | Copperleaf CRM | £10,000\n1 May 2027 - 30 April 2028 | Copperleaf CRM | £12,000",
            "Product | Year | Annual charge\nCopperleaf CRM | Year 1 (1 May 2026 - 30 April 2027) | £10,000\nCopperleaf CRM | Year 2 (1 May 2027 - 30 April 2028) | £12,000",
        ],
    )
    def test_keeps_the_days_of_its_years(self, text: str) -> None:
        assert [(line.product, line.starts, line.ends) for line in lines_of(text)] == [
            ("Copperleaf CRM", date(2026, 5, 1), date(2027, 4, 30)),
            ("Copperleaf CRM", date(2027, 5, 1), date(2028, 4, 30)),
        ]

    def test_without_days_has_none(self) -> None:
        lines = lines_of("Ramp pricing applies to Copperleaf CRM: Y1: £10,000; Y2: £12,000.")
        assert [(str(line.unit_price), line.starts) for line in lines] == [("10000.00 GBP", None), ("12000.00 GBP", None)]  # fmt: skip
