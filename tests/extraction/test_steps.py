"""Prices by volume and by year keep their steps and their days."""

from __future__ import annotations

from datetime import date

import pytest

from domain.terms import Line
from tests.extraction.passage import lines_of


def steps(line: Line) -> list[str]:
    return [f"{one.first}-{one.last or ''} {one.unit_price.amount}" for one in line.tiers]


class TestStepsOfVolume:
    @pytest.mark.parametrize(
        ("text", "product", "unit", "tiers"),
        [
            (
                "Copperleaf Events is billed per API call in tiers: the first 100,000 API calls at $0.012 each, the next 400,000 at $0.010 each, and all further API calls at $0.008 each.",
                "Copperleaf Events",
                "API call",
                ["1-100000 0.012", "100001-500000 0.010", "500001- 0.008"],
            ),
            (
                "Pricing for Copperleaf CRM depends on the number of users (per user per month): 1-50 users $24.00; 51-200 users $20.00; more than 200 users $16.00.",
                "Copperleaf CRM",
                "user per month",
                ["1-50 24.00", "51-200 20.00", "201- 16.00"],
            ),
            (
                "For Copperleaf CRM the Client shall pay, per user per month, $24 for up to 50 users, $20 for 51 to 200 users and $16 for 201 users or more.",
                "Copperleaf CRM",
                "user per month",
                ["1-50 24", "51-200 20", "201- 16"],
            ),
            (
                "The rates for Copperleaf Vault are: up to 1,000 GB: €1.20 per GB per month; over 1,000 and up to 5,000 GB: €1.00 per GB per month; over 5,000 GB: €0.80 per GB per month.",
                "Copperleaf Vault",
                "GB per month",
                ["1-1000 1.20", "1001-5000 1.00", "5001- 0.80"],
            ),
            (
                "Volume pricing for Copperleaf CRM\n\nUsers   Price per user per month\nUp to 50   $24.00\n51 - 200   $20.00\nOver 200   $16.00",
                "Copperleaf CRM",
                "user per month",
                ["1-50 24.00", "51-200 20.00", "201- 16.00"],
            ),
            (
                "The fee for Copperleaf CRM is set by the number of seats as follows:\nBand | Seats | Monthly price per seat\nA | 1-50 | $24.00\nB | 51-200 | $20.00\nC | 201+ | $16.00",
                "Copperleaf CRM",
                "seat",
                ["1-50 24.00", "51-200 20.00", "201- 16.00"],
            ),
            (
                "Copperleaf CRM fees (per user per month):\nMinimum Maximum Fee\n1 50 $24.00\n51 200 $20.00\n201 unlimited $16.00",
                "Copperleaf CRM",
                "user per month",
                ["1-50 24.00", "51-200 20.00", "201- 16.00"],
            ),
            (
                "Transactions are charged at $0.10 each for Copperleaf Pay where volume is between 1 and 10,000, $0.08 each between 10,001 and 50,000, and $0.06 each above 50,000.",
                "Copperleaf Pay",
                "",
                ["1-10000 0.10", "10001-50000 0.08", "50001- 0.06"],
            ),
            (
                "Copperleaf Events is invoiced per transaction. The price is $0.10 for each of the first 10,000 transactions, $0.08 for each of the next 40,000 and $0.06 for every transaction beyond that.",
                "Copperleaf Events",
                "transaction",
                ["1-10000 0.10", "10001-50000 0.08", "50001- 0.06"],
            ),
            (
                "The price per document for Copperleaf Sign falls with volume: up to 1,000 documents $1.00; 1,001 to 5,000 documents $0.80; above 5,000 documents $0.60.",
                "Copperleaf Sign",
                "document",
                ["1-1000 1.00", "1001-5000 0.80", "5001- 0.60"],
            ),
            (
                "Copperleaf Sign (price per document): $1.00 (1 to 1,000), $0.80 (1,001 to 5,000), $0.60 (5,001 and more).",
                "Copperleaf Sign",
                "document",
                ["1-1000 1.00", "1001-5000 0.80", "5001- 0.60"],
            ),
            (
                "Charges for Copperleaf Sign per document are graduated as follows: units 1-1,000 at £1.00, units 1,001-5,000 at £0.80, all units over 5,000 at £0.60.",
                "Copperleaf Sign",
                "document",
                ["1-1000 1.00", "1001-5000 0.80", "5001- 0.60"],
            ),
            (
                "Volume bands for Copperleaf Sign, per document\nBand\tFrom\tUp to\tRate\n1\t1\t1,000\t$1.00\n2\t1,001\t5,000\t$0.80\n3\t5,001\tand above\t$0.60",
                "Copperleaf Sign",
                "document",
                ["1-1000 1.00", "1001-5000 0.80", "5001- 0.60"],
            ),
            (
                "Usage of Copperleaf Sign is billed by volume.\n\nDocuments | Price per document\n<= 1,000 | $1.00\n1,001 - 5,000 | $0.80\n> 5,000 | $0.60",
                "Copperleaf Sign",
                "document",
                ["1-1000 1.00", "1001-5000 0.80", "5001- 0.60"],
            ),
            (
                "Copperleaf Sign – volume prices\n\nQuantity   Unit price (per document)\n1 through 1,000   $1.00\n1,001 through 5,000   $0.80\n5,001 or more   $0.60",
                "Copperleaf Sign",
                "document",
                ["1-1000 1.00", "1001-5000 0.80", "5001- 0.60"],
            ),
        ],
    )
    def test_are_read_from_sentences_and_tables(self, text: str, product: str, unit: str, tiers: list[str]) -> None:
        (line,) = lines_of(text)
        assert (line.product, line.unit, steps(line)) == (product, unit, tiers)
        assert line.unit_price is None

    @pytest.mark.parametrize(
        "text",
        [
            "Copperleaf CRM: 0-100 users $10 per user per month, 100-500 users $9 per user per month",
            "Copperleaf CRM: 1-100 users $10 per user per month, 201-500 users $9 per user per month",
        ],
    )
    def test_that_overlap_or_leave_a_hole_are_left_to_people(self, text: str) -> None:
        assert lines_of(text) == ()

    def test_keep_parts_of_a_cent(self) -> None:
        text = (
            "The rates for Copperleaf Pay, per document: €0,525 for units 1 to 1.000; €0,42 for units 1.001 and above."
        )
        assert steps(lines_of(text)[0]) == ["1-1000 0.525", "1001- 0.42"]


class TestARamp:
    @pytest.mark.parametrize(
        ("text", "years"),
        [
            (
                "The annual subscription fee for Copperleaf CRM is $10,000 in Year 1, $12,000 in Year 2 and $15,000 in Year 3.",
                [("10000", None), ("12000", None), ("15000", None)],
            ),
            (
                "Fees for Copperleaf CRM: first contract year: $10,000; second contract year: $12,000.",
                [("10000", None), ("12000", None)],
            ),
            (
                "The fee for Copperleaf CRM is $10,000 for the period 1 January 2026 to 31 December 2026 and $12,000 for the period 1 January 2027 to 31 December 2027.",
                [("10000", "2026-01-01"), ("12000", "2027-01-01")],
            ),
            (
                "Copperleaf CRM is priced as follows.\n\nYear | Period | Fee\nYear 1 | January 1, 2026 - December 31, 2026 | $10,000\nYear 2 | January 1, 2027 - December 31, 2027 | $12,000",
                [("10000", "2026-01-01"), ("12000", "2027-01-01")],
            ),
            (
                "Copperleaf CRM: Year 1: $10,000 (1 January 2026 - 31 December 2026), Year 2: $12,000 (1 January 2027 - 31 December 2027).",
                [("10000", "2026-01-01"), ("12000", "2027-01-01")],
            ),
            (
                "The subscription price of Copperleaf CRM steps up each year: $10,000 from January 1, 2026 through December 31, 2026; $12,000 from January 1, 2027 through December 31, 2027.",
                [("10000", "2026-01-01"), ("12000", "2027-01-01")],
            ),
            (
                "Annual fee schedule for Copperleaf CRM\n\nTerm year\tStart\tEnd\tAnnual fee\n1\t1 January 2026\t31 December 2026\t£10,000\n2\t1 January 2027\t31 December 2027\t£12,000",
                [("10000", "2026-01-01"), ("12000", "2027-01-01")],
            ),
            (
                "Product   Fee   Valid from   Valid to\nCopperleaf CRM   £10,000   1 January 2026   31 December 2026\nCopperleaf CRM   £12,000   1 January 2027   31 December 2027",
                [("10000", "2026-01-01"), ("12000", "2027-01-01")],
            ),
        ],
    )
    def test_has_a_line_for_every_year(self, text: str, years: list[tuple[str, str | None]]) -> None:
        lines = lines_of(text)
        found = [
            (f"{line.unit_price.amount:f}", line.starts and line.starts.isoformat())
            for line in lines
            if line.unit_price
        ]
        assert found == years
        assert {line.product for line in lines} == {"Copperleaf CRM"}

    def test_keeps_the_last_day_of_each_year(self) -> None:
        text = "Product | From | To | Fee\nCopperleaf CRM | 1 May 2026 | 30 April 2027 | £9,000"
        assert [line.ends for line in lines_of(text)] == [date(2027, 4, 30)]
