"""A fee that a sentence states is a line, with its product and what the price is for."""

from __future__ import annotations

import pytest

from domain.terms import Line
from tests.extraction.passage import lines_of


def shown(lines: tuple[Line, ...]) -> list[tuple[str, str, str]]:
    return [(line.product, str(line.unit_price), line.unit) for line in lines]


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
            (
                "Copperleaf CRM is made available to the Customer against payment of £1,250.00 per month.",
                ("Copperleaf CRM", "1250.00 GBP", "month"),
            ),
            (
                "Customer subscribes to Copperleaf CRM for a yearly fee of USD 24,000.",
                ("Copperleaf CRM", "24000.00 USD", "year"),
            ),
            (
                "Supplier charges the Customer £12 per user each month for Copperleaf CRM.",
                ("Copperleaf CRM", "12.00 GBP", "user per month"),
            ),
            (
                "For 75 users of Copperleaf CRM, Client pays $18.50 per user, per month.",
                ("Copperleaf CRM", "18.50 USD", "user per month"),
            ),
            (
                "The following is ordered: Copperleaf CRM, 75 licences, €18.50 per licence per month.",
                ("Copperleaf CRM", "18.50 EUR", "license per month"),
            ),
            (
                "Copperleaf CRM – 75 seats – $18.50 per seat per month",
                ("Copperleaf CRM", "18.50 USD", "seat per month"),
            ),
            (
                "Each user of Copperleaf CRM is charged at $18.50 monthly.",
                ("Copperleaf CRM", "18.50 USD", "user per month"),
            ),
            ("Migration Services: a non-recurring fee of $6,000.", ("Migration Services", "6000.00 USD", "one-time")),
            (
                "The recurring fee for Copperleaf CRM has been agreed at EUR 900 a month.",
                ("Copperleaf CRM", "900.00 EUR", "month"),
            ),
            ("The annual licence fee for Copperleaf CRM: £30,000.", ("Copperleaf CRM", "30000.00 GBP", "year")),
            (
                "Price of Copperleaf CRM: $18.50/user/month × 75 users",
                ("Copperleaf CRM", "18.50 USD", "user per month"),
            ),
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
