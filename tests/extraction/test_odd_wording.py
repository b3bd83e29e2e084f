"""Money, rises and levels in words that few would choose."""

from __future__ import annotations

import pytest

from domain.terms import TermField as T
from tests.extraction.passage import lines_of, values_of


class TestOddWording:
    @pytest.mark.parametrize(
        ("field", "text", "value"),
        [
            (T.PAYMENT_DAYS, "No invoice shall remain outstanding for longer than 45 days from its date.", "45"),
            (T.PAYMENT_DAYS, "An invoice that has been outstanding for 30 days is due.", "30"),
            (T.PAYMENT_DAYS, "Invoices fall due for payment 30 days after dispatch.", "30"),
            (T.MINIMUM_COMMITMENT, "If Customer uses less, it still pays $12,000 per year.", "12000.00 USD"),
            (T.MINIMUM_COMMITMENT, "Charges for any year will be topped up to $9,000 where usage falls short of it.", "9000.00 USD"),
            (T.MINIMUM_COMMITMENT, "The annual volume commitment stands at $9,000.", "9000.00 USD"),
            (T.DISCOUNT, "Provider credits $500 against the first invoice.", "500.00 USD"),
            (T.DISCOUNT, "You save 10% compared with our list price.", "10 %"),
            (T.ESCALATION_PERCENT, "Each renewal is priced 7% above the term before.", "7"),
            (T.ESCALATION_PERCENT, "For every year after the first, Provider charges 7% more.", "7"),
            (T.ESCALATION_CAP, "Should the CPI rise by more than 4%, the fees rise by 4% only.", "4"),
            (T.ESCALATION_CAP, "Renewals are price-protected: 6% is the highest increase possible.", "6"),
            (T.ESCALATION_FLOOR, "The uplift is the CPI within a band from 1.5% to 4.5%.", "1.5"),
            (T.ESCALATION_INDEX, "Fees are linked to the national index of consumer prices.", "CPI"),
            (T.ESCALATION_NOTICE, "At least 30 days must lie between the announcement of a price increase and its effect.", "P30D"),
            (T.UPTIME, "The System will not be down for so long that monthly availability is less than 99.9%.", "99.9"),
            (T.CHRONIC_BREACH, "Failing the availability target in 3 months out of any 12 entitles Customer to terminate.", "3 in P12M"),
        ],
    )  # fmt: skip
    def test_is_read(self, field: T, text: str, value: str) -> None:
        assert values_of(field, text) == [value]

    @pytest.mark.parametrize(
        ("field", "text"),
        [
            (T.UPTIME, "A credit is due where availability is less than 99.9% in a month."),
            (T.DISCOUNT, "Provider credits $500 to the account of the injured party."),
            (T.MINIMUM_COMMITMENT, "When the fees of a year reach $9,000, a discount applies."),
            (T.PAYMENT_DAYS, "If an invoice is outstanding for 60 days, interest accrues."),
        ],
    )
    def test_makes_nothing_of_another_matter(self, field: T, text: str) -> None:
        assert not values_of(field, text)


class TestWhatPartiesAreCalled:
    def test_is_no_product(self) -> None:
        text = (
            'This agreement is made between Harrow Textiles Limited ("Operator") and Quarry Media Plc ("Association").\n\n'
            "The Operator supplies Pulseboard Analytics to the Association for $1,200 per month.\n"
        )
        (line,) = lines_of(text)
        assert (line.product, line.unit) == ("Pulseboard Analytics", "month")
