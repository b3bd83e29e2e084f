"""When invoices are paid, and what lateness costs."""

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
            ("Payment | 30 days after invoice date", "30"),
            ("Invoice due date\n45 days after receipt", "45"),
            ("Due date    30 days from invoice", "30"),
            ("Payment: net 30 days", "30"),
            (
                "Customer undertakes to pay correctly rendered invoices by no later than 30 days from the date thereof.",
                "30",
            ),
            ("The invoiced amounts must reach Supplier's account within 14 days of the invoice date.", "14"),
            ("Each invoice becomes payable thirty (30) days after it has been issued.", "30"),
            ("Invoices carry a payment term of forty-five (45) days.", "45"),
            ("Payments are to be made thirty days after invoicing.", "30"),
            ("Supplier's invoices are to be paid no more than 30 days after receipt.", "30"),
            ("Customer's payment of each invoice is due within 60 days of the date on the invoice.", "60"),
            ("The deadline for payment of invoices is 30 days.", "30"),
            ("All invoices are on 30-day terms.", "30"),
            ("A period of 20 days from receipt of the invoice is agreed for payment.", "20"),
            ("Customer pays invoices no later than 30 days following their receipt.", "30"),
            ("Undisputed invoices are to be settled 45 days from receipt at the latest.", "45"),
            ("Provider's invoices shall be due for payment within a period of 14 days from the invoice date.", "14"),
            ("The agreed payment target is 30 days net.", "30"),
            ("Client shall transfer the invoiced amount within thirty (30) days upon receipt of the invoice.", "30"),
            ("Amounts are payable 30 days from invoice.", "30"),
            ("Payable: within 20 days of invoice", "20"),
            ("We expect payment within 15 days of the date of our invoice.", "15"),
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
            "Payment falls due on the thirtieth day.",
        ],
    )
    def test_are_not_other_days(self, text: str) -> None:
        assert values_of(TermField.PAYMENT_DAYS, text) == []

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("You pay us within 30 days of the date we put on the invoice.", "30"),
            ("Settlement period: 45 days from the invoice date.", "45"),
            ("30 days after the issue of an invoice the amount shown on it becomes due.", "30"),
            ("Terms: thirty (30)-day net from date of invoice.", "30"),
            ("Each invoice allows 20 days for payment.", "20"),
            (
                "Invoiced sums shall be remitted to the account named; remittance shall reach Vendor within 14 days of receipt.",
                "14",
            ),
            ("After Customer receives an invoice, it has sixty (60) days in which to settle it.", "60"),
            ("Invoice + 45 days.", "45"),
            ("Amounts are payable upon 30 days of receipt of the bill.", "30"),
            ("Days to pay | 30", "30"),
            ("Credit period | 45 days", "45"),
            ("Upon receipt of a proper invoice, Customer shall, within 30 days, pay the amount stated in it.", "30"),
            ("Payables hereunder are released 60 days after a compliant invoice has been accepted.", "60"),
        ],
    )
    def test_are_read_where_the_days_stand_anywhere(self, text: str, value: str) -> None:
        assert values_of(TermField.PAYMENT_DAYS, text) == [value]

    @pytest.mark.parametrize(
        "text",
        [
            "Customer may within 10 days of receipt of an invoice dispute it.",
            "Vendor shall issue its invoice within 10 days after acceptance.",
            "Where payment of an invoice is more than 30 days late, Vendor may suspend the Services.",
            "Overpayments on an invoice are refunded within 30 days of the invoice date.",
            "Fees are payable within 30 days after the Effective Date, and an invoice follows.",
            "Payments received after the 30 day period stated on the invoice bear interest.",
        ],
    )
    def test_are_neither_those_of_a_dispute_nor_of_a_delay(self, text: str) -> None:
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
            ("Late payment interest | 1% per month", "1 monthly"),
            ("Interest on overdue amounts    8% per annum", "8 annually"),
            (
                "Sums outstanding after the due date attract interest of 1.25% for every month or part thereof.",
                "1.25 monthly",
            ),
            ("For late payments Supplier charges 9 per cent interest per year.", "9 annually"),
            ("Where payment is delayed, default interest at 5% per annum accrues.", "5 annually"),
            ("Interest on unpaid invoices runs at 1% a month.", "1 monthly"),
            ("A monthly charge of 1.5% is levied on all past-due balances.", "1.5 monthly"),
            ("Arrears bear interest at ten per cent a year.", "10 annually"),
            ("Interest of 0.75% is added for each month in which payment is overdue.", "0.75 monthly"),
            ("On sums paid late, Customer owes 1.5 percent per month.", "1.5 monthly"),
            ("Late fee | 2% per month", "2 monthly"),
        ],
    )
    def test_is_told_with_its_period(self, text: str, value: str) -> None:
        assert values_of(TermField.LATE_INTEREST, text) == [value]

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("Anything paid late costs 1.5% a month in interest.", "1.5 monthly"),
            ("If an invoice goes unpaid, 0.75% of the unpaid sum is added every month.", "0.75 monthly"),
            ("Overdue: 2% per month.", "2 monthly"),
            ("Late payment interest will be charged per month at 1%.", "1 monthly"),
            (
                "Default in payment entitles Vendor to interest, calculated at 1.5 per cent per month on the sum due.",
                "1.5 monthly",
            ),
            ("Arrears are charged at eight percent (8%) per annum.", "8 annually"),
            ("We may charge you 9% annual interest on anything you have not paid on time.", "9 annually"),
            ("All late sums shall be subject to interest; the rate is 1% per month.", "1 monthly"),
        ],
    )
    def test_is_told_wherever_the_period_stands(self, text: str, value: str) -> None:
        assert values_of(TermField.LATE_INTEREST, text) == [value]

    @pytest.mark.parametrize(
        "text",
        [
            "Customer receives a discount of 2% per month unless an invoice is overdue.",
            "If uptime falls below 99% per month, late credits apply.",
        ],
    )
    def test_is_neither_a_discount_nor_a_service_level(self, text: str) -> None:
        assert values_of(TermField.LATE_INTEREST, text) == []

    @pytest.mark.parametrize(
        "text",
        [
            "Interest at 4% per annum above the base rate of the Bank of England is due on overdue sums.",
            "Interest at the prime rate plus 2% per annum is payable on late amounts.",
        ],
    )
    def test_above_a_rate_of_a_bank_is_left_to_people(self, text: str) -> None:
        assert values_of(TermField.LATE_INTEREST, text) == []
