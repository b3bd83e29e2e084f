"""What is taken off the price is told with its end, where it has one."""

from __future__ import annotations

import pytest

from domain.terms import TermField
from tests.extraction.passage import values_of


class TestADiscount:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("Customer is entitled to a 12% discount off Provider's list prices.", "12 %"),
            ("A multi-year discount of fifteen percent (15%) has been applied to the annual fees.", "15 %"),
            ("Provider will credit Customer with a one-time discount of $2,500 on the first invoice.", "2500.00 USD"),
            ("The list price is reduced by 20 per cent for the Initial Term.", "20 %"),
            ("The fees are 10% below Supplier's list prices.", "10 %"),
            ("Prices shown include a nonprofit discount of 25%.", "25 %"),
            ("Customer receives 8% off the subscription fees.", "8 %"),
            ("Less multi-year discount (10%)", "10 %"),
            ("Early payment discount: 2%", "2 %"),
            ("Supplier allows Customer a rebate of EUR 1,000.00.", "1000.00 EUR"),
        ],
    )
    def test_is_read_in_many_wordings(self, text: str, value: str) -> None:
        assert values_of(TermField.DISCOUNT, text) == [value]

    @pytest.mark.parametrize(
        "text",
        [
            "Availability below 99% gives a service credit of 10%.",
            "The discounted price is $500 per month.",
        ],
    )
    def test_is_neither_a_service_credit_nor_the_price_that_is_left(self, text: str) -> None:
        assert values_of(TermField.DISCOUNT, text) == []


class TestAPromotion:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("For the first six (6) months of the term, Customer will receive a promotional discount of 50%.", "50"),
            ("A 25% introductory discount applies through December 31, 2026.", "25"),
            ("Fees are discounted by 15% until 30 June 2027, after which list prices apply.", "15"),
            ("During the first contract year the subscription fee is reduced by 20%.", "20"),
            ("The launch offer of 30% off ends on 1 March 2026.", "30"),
            ("A limited-time reduction of ten percent (10%) applies to invoices issued before January 1, 2027.", "10"),
        ],
    )
    def test_is_a_discount_that_ends(self, text: str, value: str) -> None:
        assert values_of(TermField.PROMOTION, text) == [text]
        assert value in text
        assert values_of(TermField.DISCOUNT, text) == []
