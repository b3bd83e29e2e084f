"""Rows of a table are lines; what does not add up is left to people."""

from __future__ import annotations

import pytest

from domain.terms import Line
from tests.extraction.passage import lines_of


def shown(lines: tuple[Line, ...]) -> list[tuple[str, str, str]]:
    return [(line.product, str(line.unit_price), line.unit) for line in lines]


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
            (
                "Solution | Licences | Price per licence | Billing\nCopperleaf CRM | 75 | $18.50 | monthly",
                [("Copperleaf CRM", "18.50 USD", "license per month")],
            ),
            (
                "Service component   Charging basis        Charge\nCopperleaf CRM      per user per month    £18.50\nOnboarding Pack     one-off               £5,000.00",
                [("Copperleaf CRM", "18.50 GBP", "user per month"), ("Onboarding Pack", "5000.00 GBP", "one-time")],
            ),
            (
                "Ordered service | Number | Fee\nCopperleaf CRM | 75 users | EUR 18,50 /user/month",
                [("Copperleaf CRM", "18.50 EUR", "user per month")],
            ),
            (
                "No.\tOrdered product\tVolume\tNet price\tPricing unit\n1\tCopperleaf CRM\t75\t€18.50\tuser / month\n2\tCopperleaf Vault\t1\t€900.00\tmonth",
                [("Copperleaf CRM", "18.50 EUR", "user per month"), ("Copperleaf Vault", "900.00 EUR", "month")],
            ),
            (
                "Description | Fee | Frequency\nCopperleaf CRM | $36,000 | per annum\nOnboarding Pack | $5,000 | one time",
                [("Copperleaf CRM", "36000.00 USD", "year"), ("Onboarding Pack", "5000.00 USD", "one-time")],
            ),
            (
                "Deliverable  Quantity  Fee per unit  Line total\nCopperleaf CRM  75  $18.50 per user per month  $1,387.50",
                [("Copperleaf CRM", "18.50 USD", "user per month")],
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
