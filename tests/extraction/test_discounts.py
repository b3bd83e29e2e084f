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
            ("Discount applied | 10%", "10 %"),
            ("Multi-year discount\n15%", "15 %"),
            ("Rebate    EUR 500.00", "500.00 EUR"),
            ("Volume discount: 7.5 %", "7.5 %"),
            ("In return for the three-year term Supplier reduces all fees by 12%.", "12 %"),
            ("All prices are net of a 10 per cent discount.", "10 %"),
            ("Customer benefits from a price reduction of 5% on the annual fee.", "5 %"),
            ("Fees shall be charged at list price less 20%.", "20 %"),
            ("Supplier will take $1,000 off the first invoice.", "1000.00 USD"),
            ("The parties agree to a concession of 8% on the listed prices.", "8 %"),
            ("An amount of £750 shall be deducted from the first invoice as a welcome rebate.", "750.00 GBP"),
            ("15% off list.", "15 %"),
            ("The discount granted to Customer is 9%.", "9 %"),
            ("The agreed fees already reflect a discount of 15% off list.", "15 %"),
            ("Customer's prices are 12% lower than the standard list prices.", "12 %"),
            ("Provider waives 10% of the subscription fees.", "10 %"),
            ("As a goodwill gesture the fees are cut by 5%.", "5 %"),
            ("A credit of $1,500 is granted as a discount against the first invoice.", "1500.00 USD"),
            ("The invoice for the first period shall be lowered by £400 (discount).", "400.00 GBP"),
            ("Special price: list price minus 10%", "10 %"),
            ("Every invoice is subject to a 6% rebate.", "6 %"),
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

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("Customer gets 10% off the list price.", "10 %"),
            ("Fees are payable at list price minus 15%.", "15 %"),
            ("As a framework buyer, Customer benefits from prices 5% below the list price.", "5 %"),
            ("Discount (%) | 10%", "10 %"),
            ("A price break of 7.5 per cent is given to Customer.", "7.5 %"),
            ("We take $500 off your first bill.", "500.00 USD"),
            ("Discount amount: $250.00.", "250.00 USD"),
            ("Provider shall grant a one-off rebate, amounting to GBP 250.00.", "250.00 GBP"),
            ("The total is discounted by $1,500.", "1500.00 USD"),
        ],
    )
    def test_is_read_however_it_is_given(self, text: str, value: str) -> None:
        assert values_of(TermField.DISCOUNT, text) == [value]

    @pytest.mark.parametrize(
        "text",
        [
            "The discounted price of the subscription is $500.",
            "The fees are reduced to $500.",
            "Rebate to the next invoice: at least 99.5%, though less than 99.9%.",
            "Percentage reduction of service levels and fees: 50% during recovery.",
        ],
    )
    def test_is_neither_a_threshold_nor_what_is_left_of_the_price(self, text: str) -> None:
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
            ("Promotion | 20% off until 31 December 2026", "20"),
            ("Fees for the first three months are reduced by 50% as a promotional offer.", "50"),
            (
                "Up to and including 30 June 2026 only 80% of the fees are charged, i.e. a promotional discount of 20%.",
                "20",
            ),
            ("The welcome discount of 15% lapses on March 31, 2027.", "15"),
            ("Customer shall receive 10% off the fees invoiced on or before 1 May 2026.", "10"),
            ("A temporary price reduction of 25% is in effect until September 30, 2026.", "25"),
            ("Until 31 March 2027, fees are 20% lower as part of a launch campaign.", "20"),
            ("Launch offer: 30% discount, ending 30 June 2026.", "30"),
            ("A trial discount of 40% runs to 1 May 2026, whereafter the full price is due.", "40"),
            ("From the Effective Date to 31 August 2026 Customer pays the fees less 25%.", "25"),
        ],
    )
    def test_is_a_discount_that_ends(self, text: str, value: str) -> None:
        assert values_of(TermField.PROMOTION, text) == [text]
        assert value in text
        assert values_of(TermField.DISCOUNT, text) == []

    @pytest.mark.parametrize(
        "text",
        [
            "Until 30 March 2026 you get 25 per cent off.",
            "A discount of 25% is applied as an incentive; it is available until 30 September 2026 and not thereafter.",
            "Launch offer of 50% off; offer closes March 30, 2026.",
            "Vendor charges 25 percent less until June 30, 2026.",
            "Customer gets a 25% reduction through to 30 March 2026.",
        ],
    )
    def test_is_no_lasting_discount(self, text: str) -> None:
        assert values_of(TermField.PROMOTION, text) == [text]
        assert values_of(TermField.DISCOUNT, text) == []
