"""What is bought is read from tables and sentences, with its price, unit, steps and years."""

from __future__ import annotations

from datetime import date

import pytest

from domain.terms import Line
from tests.extraction.passage import lines_of


def shown(lines: tuple[Line, ...]) -> list[tuple[str, str, str]]:
    return [(line.product, str(line.unit_price), line.unit) for line in lines]


def steps(line: Line) -> list[str]:
    return [f"{one.first}-{one.last or ''} {one.unit_price.amount}" for one in line.tiers]


class TestAFee:
    @pytest.mark.parametrize(
        ("text", "line"),
        [
            (
                "Subscriber agrees to pay Vendor a monthly fee of $2,500 for access to Harborlight Suite.",
                ("Harborlight Suite", "2500.00 USD", "month"),
            ),
            ("Customer will pay a subscription fee of $2,500 per month.", ("Subscription fee", "2500.00 USD", "month")),
            (
                "In consideration of the licence to Fernwood Planner, the Customer shall pay an annual fee of £18,000.",
                ("Fernwood Planner", "18000.00 GBP", "year"),
            ),
            (
                "The price for Cobalt Insights amounts to EUR 14.50 per user and month for 120 users.",
                ("Cobalt Insights", "14.50 EUR", "user per month"),
            ),
            ("Copperleaf CRM costs $45 per seat per month.", ("Copperleaf CRM", "45.00 USD", "seat per month")),
            (
                "Client hereby purchases 200 seats of Copperleaf CRM at $45.00 per seat per month.",
                ("Copperleaf CRM", "45.00 USD", "seat per month"),
            ),
            (
                "Supplier will provide Copperleaf CRM at an annual price of $30,000.",
                ("Copperleaf CRM", "30000.00 USD", "year"),
            ),
            (
                "A set-up fee of $4,000 is due once for Copperleaf Onboarding.",
                ("Copperleaf Onboarding", "4000.00 USD", "one-time"),
            ),
            ("Copperleaf CRM, 50 users: USD 30 per user per month", ("Copperleaf CRM", "30.00 USD", "user per month")),
            (
                "Fees: $99 per location per month for Copperleaf Point.",
                ("Copperleaf Point", "99.00 USD", "location per month"),
            ),
            (
                "The charge for Copperleaf Vault shall be $0.02 per document.",
                ("Copperleaf Vault", "0.02 USD", "document"),
            ),
            ("Copperleaf CRM is licensed for $12,000 annually.", ("Copperleaf CRM", "12000.00 USD", "year")),
        ],
    )
    def test_is_read_from_a_sentence(self, text: str, line: tuple[str, str, str]) -> None:
        assert shown(lines_of(text)) == [line]

    @pytest.mark.parametrize(
        "text",
        [
            "Customer's liability under Copperleaf CRM shall not exceed $45,000 per year.",
            "Customer shall pay at least $5,000 per month for Copperleaf CRM.",
            "The price per user for Copperleaf CRM may increase by $5 per month.",
            "Customer shall be reimbursed $50 per day for travel to Copperleaf House.",
            "Acme Holdings will pay Dr. Murray $8,333 per month.",
            "The discount on Copperleaf CRM is $500 per year.",
            "Additional users of Copperleaf CRM cost $10 per user per month.",
        ],
    )
    def test_is_not_a_limit_a_least_spend_or_a_change(self, text: str) -> None:
        assert lines_of(text) == ()

    def test_that_names_no_product_gives_way_to_lines_that_do(self) -> None:
        table = "Product | Qty | Unit price | Total\nCopperleaf CRM | 50 | $36.00 | $1,800.00"
        lines = lines_of(f"{table}\n\nThe annual subscription fee is $1,800.00.")
        assert [line.product for line in lines] == ["Copperleaf CRM"]


class TestATable:
    @pytest.mark.parametrize(
        ("text", "rows"),
        [
            (
                "Product        Qty   List Price   Net Price   Total\nCopperleaf CRM 50    $40.00       $36.00      $1,800.00",
                [("Copperleaf CRM", "36.00 USD", "")],
            ),
            (
                "SKU | Description | Quantity | Unit Price (per user per month) | Monthly Total\nCL-100 | Copperleaf CRM | 50 | $36.00 | $1,800.00\nCL-200 | Copperleaf Vault | 10 | $5.00 | $50.00",
                [("Copperleaf CRM", "36.00 USD", "user per month"), ("Copperleaf Vault", "5.00 USD", "user per month")],
            ),
            (
                "Services\tMonthly fee\nCopperleaf CRM\t$3,600.00\nCopperleaf Vault\t$500.00\nTotal\t$4,100.00",
                [("Copperleaf CRM", "3600.00 USD", "month"), ("Copperleaf Vault", "500.00 USD", "month")],
            ),
            (
                "Service                Users    Price/user/month\nCopperleaf CRM         50       $36.00",
                [("Copperleaf CRM", "36.00 USD", "user per month")],
            ),
            (
                "Subscription    Seats   Rate\nCopperleaf CRM  50 seats   $36.00 / seat / month",
                [("Copperleaf CRM", "36.00 USD", "seat per month")],
            ),
            (
                "Item Term Qty Price Total\nCopperleaf CRM 12 months 50 $36.00 $1,800.00",
                [("Copperleaf CRM", "36.00 USD", "")],
            ),
            (
                "Pos. Service Quantity Unit price\n1 Copperleaf CRM 50 EUR 36,00\n2 Copperleaf Vault 10 EUR 5,00",
                [("Copperleaf CRM", "36.00 EUR", ""), ("Copperleaf Vault", "5.00 EUR", "")],
            ),
            (
                "Module | Annual charge\nCopperleaf CRM | £36,000\nCopperleaf Vault (archive) | £5,000",
                [("Copperleaf CRM", "36000.00 GBP", "year"), ("Copperleaf Vault (archive)", "5000.00 GBP", "year")],
            ),
        ],
    )
    def test_gives_its_rows(self, text: str, rows: list[tuple[str, str, str]]) -> None:
        assert shown(lines_of(text)) == rows

    def test_whose_total_does_not_follow_from_its_price_is_left_to_people(self) -> None:
        assert lines_of("Product | Qty | Unit price | Total\nCopperleaf CRM | 50 | $36.00 | $1,900.00") == ()

    def test_of_a_file_that_wraps_its_cells_is_put_together(self) -> None:
        text = "Service Quantity Unit Unit fee Total\nAdvanced\nReporting Module\n1 per month US$ 5,800 US$ 5,800"
        assert shown(lines_of(text)) == [("Advanced Reporting Module", "5800.00 USD", "month")]

    def test_does_not_take_its_sum_or_its_tax_for_a_product(self) -> None:
        text = "Service | Annual fee\nCopperleaf CRM | £36,000\nSubtotal | £36,000\nVAT | £7,200\nTotal | £43,200"
        assert [line.product for line in lines_of(text)] == ["Copperleaf CRM"]


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
