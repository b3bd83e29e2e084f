"""A discount that stands beside its line is taken off before anything is compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain.findings.finding import Code
from domain.invoices import Charge, InvoiceKind, InvoiceLine
from domain.pricing.discounts import Discount
from domain.pricing.tariffs import Model, Tariff
from tests.domain.findings.desk import D, agreement, check, clean, contract, eur, invoice, only, seats, with_line

TERMS = agreement(
    seats(), seats(product="Support", quantity=D(1), tariff=Tariff(Model.FLAT, D(100))),
    discounts=(Discount(percent=D(10)),),
)  # fmt: skip


def gross(month: int = 1) -> list[InvoiceLine]:
    first = date(2026, month, 1)
    last = date.fromordinal(date(2026, month + 1, 1).toordinal() - 1)
    days = {"period_first": first, "period_last": last}
    return [
        InvoiceLine("1", "Seats", eur("500.00"), D(40), unit_price=D("12.50"), **days),
        InvoiceLine("2", "Support", eur("100.00"), D(1), **days),
    ]


class TestADiscountBesideItsLine:
    def test_as_a_line_of_its_own_is_taken_off(self) -> None:
        paper = invoice(date(2026, 1, 1), *gross(), InvoiceLine("3", "Discount 10 %", eur("-60.00")))
        assert check(contract(terms=TERMS), [paper], today=date(2026, 1, 5)).findings == ()

    def test_on_the_whole_document_is_taken_off(self) -> None:
        paper = invoice(date(2026, 1, 1), *gross(), charges=(Charge("Agreed reduction", eur("-60.00")),))
        assert check(contract(terms=TERMS), [paper], today=date(2026, 1, 5)).findings == ()

    def test_that_names_its_product_is_taken_off_that(self) -> None:
        lines = [
            *gross(),
            InvoiceLine("3", "Discount Seats", eur("-50.00"), product="Seats"),
            InvoiceLine("4", "Discount Support", eur("-10.00"), product="Support"),
        ]
        assert check(contract(terms=TERMS), [invoice(date(2026, 1, 1), *lines)], today=date(2026, 1, 5)).findings == ()

    def test_that_is_too_small_is_found(self) -> None:
        paper = invoice(date(2026, 1, 1), *gross(), InvoiceLine("3", "Discount", eur("-30.00")))
        found = check(contract(terms=TERMS), [paper], today=date(2026, 1, 5)).findings
        assert [(one.product, one.delta) for one in found] == [("Seats", eur("25.00")), ("Support", eur("5.00"))]

    def test_that_is_left_out_is_named(self) -> None:
        found = check(contract(terms=TERMS), [invoice(date(2026, 1, 1), *gross())], today=date(2026, 1, 5)).findings
        assert {one.code for one in found} == {Code.DISCOUNT_MISSING}


class TestAChargeOnTheDocument:
    def test_that_nobody_agreed_is_found(self) -> None:
        papers = clean(contract())
        papers[2] = replace(papers[2], charges=(Charge("Handling", eur("15.00")),))
        assert only(check(contract(), papers), Code.SCOPE).delta == eur("15.00")

    def test_for_paying_late_is_found(self) -> None:
        papers = clean(contract())
        papers[2] = replace(papers[2], charges=(Charge("Late payment fee", eur("15.00")),))
        assert only(check(contract(), papers), Code.LATEFEE_UNAGREED).delta == eur("15.00")


class TestLinesWithoutDays:
    def test_that_take_back_are_about_the_days_of_what_they_correct(self) -> None:
        papers = [with_line(paper, period_first=None, period_last=None) for paper in clean(contract())]
        papers[2] = with_line(papers[2], amount=eur("540.00"))
        back = replace(
            with_line(papers[2], amount=eur("40.00"), quantity=D(1)), kind=InvoiceKind.CREDIT_NOTE, number="G-1",
            id="G-1", corrects=papers[2].number, issued=date(2026, 5, 9),
        )  # fmt: skip
        assert check(contract(), [*papers, back]).findings == ()

    def test_that_split_one_are_about_the_same_days(self) -> None:
        papers = [with_line(paper, period_first=None, period_last=None) for paper in clean(contract())]
        whole = papers[2].lines[0]
        parts = (replace(whole, id="a", amount=eur("200.00")), replace(whole, id="b", amount=eur("300.00")))
        papers[2] = replace(papers[2], lines=parts)
        assert check(contract(), papers).findings == ()
