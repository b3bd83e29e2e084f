"""How often and in what currency is billed."""

from __future__ import annotations

import pytest

from domain.terms import TermField
from tests.extraction.passage import values_of


class TestTheRhythmOfBills:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("Subscription fees are billed annually in advance.", "annually"),
            ("Provider will invoice Customer each month in arrears.", "monthly"),
            ("Fees shall be paid in four equal quarterly installments.", "quarterly"),
            ("Invoices will be sent on the first day of each calendar quarter.", "quarterly"),
            ("Vendor shall issue invoices every six months in advance.", "semiannually"),
            ("Billing cycle: Monthly", "monthly"),
            ("Customer will be charged on a yearly basis, in advance.", "annually"),
            ("The annual subscription fee is payable in monthly instalments.", "monthly"),
            ("The annual fee shall be invoiced on a quarterly basis in advance.", "quarterly"),
            ("Supplier shall invoice the Charges at the beginning of every contract year.", "annually"),
            ("Fees are payable half-yearly in advance.", "semiannually"),
            ("Supplier shall render one invoice per month.", "monthly"),
            ("Billing | In advance, quarterly", "quarterly"),
            ("Invoice schedule\nAnnual, in advance", "annually"),
            ("Invoicing frequency    Monthly", "monthly"),
            ("Fees are invoiced up front for each year of the term.", "annually"),
            ("The subscription is billed on an annual basis.", "annually"),
            ("Supplier invoices half-yearly in advance.", "semiannually"),
            ("Charges fall due quarterly in advance.", "quarterly"),
            ("Customer will receive an invoice every month.", "monthly"),
            ("Supplier's invoices are submitted at quarterly intervals.", "quarterly"),
            ("Fees are collected monthly in advance by direct debit.", "monthly"),
            ("An invoice for the fees is issued at the start of each contract year.", "annually"),
            ("Payments shall be made in twelve monthly instalments.", "monthly"),
            ("Invoicing takes place quarterly in advance.", "quarterly"),
            ("The fees become payable at the start of each month.", "monthly"),
            ("Client is billed once a year, in advance.", "annually"),
            ("Charges are invoiced in advance for each quarter.", "quarterly"),
            ("Fees for each contract year are invoiced annually in advance.", "annually"),
            ("Invoice interval: every three months", "quarterly"),
            ("Provider issues invoices twice a year.", "semiannually"),
            ("We bill monthly.", "monthly"),
            ("The annual fee is split into twelve monthly invoices.", "monthly"),
        ],
    )
    def test_is_read_in_many_wordings(self, text: str, value: str) -> None:
        assert values_of(TermField.BILLING_FREQUENCY, text) == [value]

    @pytest.mark.parametrize(
        "text",
        [
            "Expenses are invoiced monthly in arrears.",
            "Supplier provides an annual report.",
        ],
    )
    def test_is_not_that_of_expenses_and_reports(self, text: str) -> None:
        assert values_of(TermField.BILLING_FREQUENCY, text) == []

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("Subscription charges are collected on a semi-annual cycle.", "semiannually"),
            ("Each month, Vendor will send Client an invoice for the recurring fees.", "monthly"),
            ("The fees for each six-month period are invoiced on its first day.", "semiannually"),
            ("Billing period: one quarter.", "quarterly"),
            ("The subscription is paid for annually.", "annually"),
        ],
    )
    def test_is_read_however_bills_are_spoken_of(self, text: str, value: str) -> None:
        assert values_of(TermField.BILLING_FREQUENCY, text) == [value]

    @pytest.mark.parametrize(
        "text",
        [
            "Customer is charged per active device per month.",
            "Orders due for delivery within one month of the change will be invoiced at the new price.",
            "If an invoice goes unpaid, 1% of the sum is added every month.",
            "You get 10% of your monthly bill back.",
        ],
    )
    def test_is_not_that_of_a_price_or_of_interest(self, text: str) -> None:
        assert values_of(TermField.BILLING_FREQUENCY, text) == []


class TestTheCurrency:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("All payments under this Agreement shall be made in U.S. dollars.", "USD"),
            ("Unless otherwise specified, all amounts are expressed in Canadian dollars.", "CAD"),
            ("Contract currency: EUR", "EUR"),
            ("Fees are denominated in pounds sterling.", "GBP"),
            ("The currency of payment shall be Swiss francs (CHF).", "CHF"),
            ("Prices in this Order Form are in USD.", "USD"),
            ("Customer shall pay the fees in the lawful currency of the United States.", "USD"),
            ("Currency | GBP", "GBP"),
            ("Currency of invoice | EUR", "EUR"),
            ("Billing currency\nUSD", "USD"),
            ("Currency    GBP (pounds sterling)", "GBP"),
            ("The fees are fixed in euro.", "EUR"),
            ("Payment shall be in pounds sterling.", "GBP"),
            ("All sums are in US$.", "USD"),
            ("References to money are to United States Dollars.", "USD"),
            ("The parties agree on the euro as the currency of this contract.", "EUR"),
            ("Every amount mentioned herein is an amount in euros.", "EUR"),
            ("Fees are quoted, invoiced and payable in GBP.", "GBP"),
            ("Account currency is USD.", "USD"),
            ("Monetary amounts in this agreement are given in United States dollars.", "USD"),
        ],
    )
    def test_is_read_where_it_is_named(self, text: str, value: str) -> None:
        assert values_of(TermField.CURRENCY, text) == [value]
