"""A renewal hears in three lines what a year of invoices was like."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from domain.findings.finding import Code
from domain.findings.record import Past, spent, told
from domain.findings.status import Status
from domain.invoices import Direction, InvoiceKind, InvoiceStatus
from tests.domain.findings.desk import clean, contract, eur

SINCE = date(2026, 1, 1)


class TestAYearOfInvoices:
    def test_is_told_in_money_and_kinds(self) -> None:
        past = [
            Past(Code.PRICE_OVER, Status.RECOVERED, eur("40.00"), Decimal("40.00")),
            Past(Code.TAX, Status.CLAIMED, eur("5.00")),
        ]
        assert told(clean(contract()), past, since=SINCE) == (
            "Net of tax, billed to us since 2026-01-01: EUR 3,500.00 on 7 papers.",
            "Wrong on them: PRICE-OVER 1, TAX 1.",
            "At stake EUR 45.00, of which EUR 40.00 came back.",
        )

    def test_leaves_out_what_was_no_fault(self) -> None:
        past = [Past(Code.PRICE_OVER, Status.REJECTED, eur("40.00")), Past(Code.TAX, Status.RESOLVED, eur("5.00"))]
        assert len(told(clean(contract()), past, since=SINCE)) == 1

    def test_is_not_told_where_nobody_billed(self) -> None:
        assert told([], [], since=SINCE) == ()
        assert told(clean(contract()), [], since=date(2027, 1, 1)) == ()

    def test_of_ours_says_so(self) -> None:
        papers = [replace(one, direction=Direction.RECEIVABLE) for one in clean(contract())]
        assert "billed by us" in told(papers, [], since=SINCE)[0]

    def test_takes_credit_notes_off_and_void_papers_out(self) -> None:
        papers = clean(contract())
        back = replace(papers[0], kind=InvoiceKind.CREDIT_NOTE, number="G-1")
        assert spent([*papers, back]) == (eur("3000.00"),)
        void = replace(papers[0], status=InvoiceStatus.VOID)
        assert "EUR 3,500.00 on 7" in told([*papers, void], [], since=SINCE)[0]
