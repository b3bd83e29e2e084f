"""When and in what currency is paid, how often billed, and what lateness costs."""

from __future__ import annotations

import pytest

from domain.terms import TermField
from tests.extraction.passage import values_of


class TestDaysToPay:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("Customer shall remit payment within forty-five (45) days of the invoice date.", "45"),
            ("All undisputed amounts are due thirty (30) days from Customer's receipt of the invoice.", "30"),
            ("Invoices fall due for payment 14 days after issue.", "14"),
            ("Terms of payment: 30 days from date of invoice.", "30"),
            ("Payment terms are net 60.", "60"),
            ("Payment terms are thirty (30) days from the date of invoice.", "30"),
            ("Client has 21 days from the date of each invoice to pay.", "21"),
            ("Customer agrees to pay all invoices in full within 30 days of the date of the invoice.", "30"),
            ("Supplier grants a payment term of 30 days from the invoice date.", "30"),
            ("Unless disputed in good faith, invoices shall be paid within 60 days after they are received.", "60"),
            ("Invoices are due and payable net thirty (30) days.", "30"),
            (
                "Payment shall be effected no later than twenty (20) days following the date on which the invoice was issued.",
                "20",
            ),
            ("The Customer shall settle every invoice within 30 calendar days from its date.", "30"),
            ("Invoices shall be payable by bank transfer within 15 days of receipt.", "15"),
            ("Bills are to be paid within ten days after delivery of the bill.", "10"),
        ],
    )
    def test_are_read_in_many_wordings(self, text: str, value: str) -> None:
        assert values_of(TermField.PAYMENT_DAYS, text) == [value]

    @pytest.mark.parametrize(
        "text",
        [
            "Each invoice is payable not later than the 30th day after its date.",
            "Fees are due upon receipt of invoice and late after 30 days.",
            "If an invoice is not paid within 15 days after notice, Provider may suspend the Services.",
            "Customer must notify Provider of a disputed invoice within 10 days of the invoice date.",
            "Invoices shall be paid within five business days of receipt.",
            "Payment is due within thirty (30) days from the end of the month of invoice.",
        ],
    )
    def test_are_not_other_days(self, text: str) -> None:
        assert values_of(TermField.PAYMENT_DAYS, text) == []


class TestInterest:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            (
                "Late payments shall accrue interest at the lesser of one and one-half percent (1.5%) per month or the maximum rate permitted by law.",
                "1.5 monthly",
            ),
            ("Any overdue amount will bear interest at a rate of 8% per annum from the due date.", "8 annually"),
            ("Amounts not paid when due are subject to a 1% monthly finance charge.", "1 monthly"),
            ("Interest on late payments: 12% p.a.", "12 annually"),
            ("If payment is late, Supplier may charge interest at the annual rate of 5 per cent.", "5 annually"),
            ("Past due invoices bear interest of 1.5% per month (18% per annum).", "1.5 monthly"),
            ("A late fee of 2% per calendar month applies to unpaid balances.", "2 monthly"),
            ("Delinquent accounts are charged one percent (1%) per month.", "1 monthly"),
        ],
    )
    def test_is_told_with_its_period(self, text: str, value: str) -> None:
        assert values_of(TermField.LATE_INTEREST, text) == [value]

    @pytest.mark.parametrize(
        "text",
        [
            "Interest at 4% per annum above the base rate of the Bank of England is due on overdue sums.",
            "Interest at the prime rate plus 2% per annum is payable on late amounts.",
        ],
    )
    def test_above_a_rate_of_a_bank_is_left_to_people(self, text: str) -> None:
        assert values_of(TermField.LATE_INTEREST, text) == []


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
        ],
    )
    def test_is_read_where_it_is_named(self, text: str, value: str) -> None:
        assert values_of(TermField.CURRENCY, text) == [value]
