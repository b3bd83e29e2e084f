"""Letters about an invoice ask for exactly what was found; and findings add up by code and currency."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.findings.dispute import FINANCE, draft
from domain.findings.finding import Action, Code, Finding, Place
from domain.findings.totals import Total, totals
from domain.invoices import Direction, InvoiceParty
from domain.money import Money
from tests.domain.findings.desk import CLAUSE, contract, eur

D = Decimal
TODAY = date(2026, 2, 5)
PLACE = Place("files", "x/R-2", "R-2", date(2026, 2, 1), "1")


def finding(**changes: Any) -> Finding:
    base = Finding(
        Code.PRICE_OVER, Direction.PAYABLE, "c1", "Agreed: 40 × 12.5 = 500", PLACE, "Seats", date(2026, 2, 1),
        date(2026, 2, 28), eur("500.00"), eur("1520.00"), clauses=(CLAUSE,),
    )  # fmt: skip
    return replace(base, **changes)


class TestLetterToAVendor:
    def test_names_amounts_arithmetic_clause_and_wish(self) -> None:
        letter = draft([finding()], contract(), today=TODAY)
        assert letter.to_party == "Hollowmere Cloud GmbH"
        for text in (
            "invoice R-2 of 2026-02-01", "contract SO-77", "Billed EUR 1,520.00, agreed EUR 500.00, difference EUR 1,020.00",
            "Agreed: 40 × 12.5 = 500", "page 3: “fees per seat”", "credit note over EUR 1,020.00", "reply by 2026-02-19",
        ):  # fmt: skip
            assert text in letter.body
        assert "R-2" in letter.subject

    def test_asks_for_the_sum_of_what_is_disputed_and_a_correction_of_the_rest(self) -> None:
        wrong = finding(code=Code.ARITHMETIC, action=Action.QUERY, place=replace(PLACE, line="2"))
        body = draft([finding(), finding(product="Api", billed=eur("510.00")), wrong], contract(), today=TODAY).body
        assert "credit note over EUR 1,030.00" in body
        assert "corrected invoice as to point 3" in body

    def test_wants_an_answer_before_the_right_to_dispute_ends(self) -> None:
        assert "reply by 2026-02-08" in draft([finding(dispute_by=date(2026, 2, 8))], contract(), today=TODAY).body

    def test_says_nothing_of_what_the_vendor_billed_too_low(self) -> None:
        low = finding(code=Code.PRICE_UNDER, action=Action.WATCH, product="Storage", billed=eur("1.00"))
        assert "Storage" not in draft([finding(), low], contract(), today=TODAY).body
        with pytest.raises(ValueError, match="nothing to ask"):
            draft([low], contract(), today=TODAY)

    def test_is_about_one_invoice_of_one_contract(self) -> None:
        for other in (finding(place=replace(PLACE, invoice="x/R-3")), finding(contract="c2"), finding(place=None)):
            with pytest.raises(ValueError, match="one invoice and one contract"):
                draft([finding(), other], contract(), today=TODAY)
        with pytest.raises(ValueError, match="one invoice"):
            draft([], contract(), today=TODAY)


class TestMemoToFinance:
    def memo(self, **changes: Any) -> Any:
        ours = contract(direction=Direction.RECEIVABLE, other=InvoiceParty("Pellingrove B.V."))
        under = finding(direction=Direction.RECEIVABLE, code=Code.AR_UNDER, billed=eur("480.00"), action=Action.BILL)
        return draft([replace(under, **changes)], ours, today=TODAY)

    def test_says_what_to_bill_and_stays_in_the_house(self) -> None:
        memo = self.memo()
        assert memo.to_party == FINANCE
        assert "To bill: EUR 20.00" in memo.body
        assert ("Pellingrove" in memo.subject, "EUR 20.00 not billed" in memo.subject) == (True, True)
        assert "Dear" not in memo.body

    def test_of_a_missing_invoice_names_its_days(self) -> None:
        body = self.memo(place=None, billed=eur("0.00"), code=Code.AR_MISSING).body
        assert ("missing invoice" in body, "2026-02-01 to 2026-02-28" in body, "To bill: EUR 500.00" in body) == (
            True,
        ) * 3

    def test_tells_to_credit_what_was_billed_too_high(self) -> None:
        body = self.memo(billed=eur("530.00"), action=Action.CREDIT).body
        assert "To credit: EUR 30.00" in body
        assert "To bill" not in body


class TestTotals:
    def test_never_add_two_currencies(self) -> None:
        dollars = finding(expected=Money(D(1), "USD"), billed=Money(D(3), "USD"))
        assert [(one.currency, one.count, one.delta) for one in totals([finding(), dollars, finding(product="Api")])] == [
            ("EUR", 2, D("2040.00")), ("USD", 1, D(2)),
        ]  # fmt: skip

    def test_leave_out_what_was_expected_in_another_currency(self) -> None:
        [one] = totals([finding(code=Code.CURRENCY, billed=Money(D(520), "USD"))])
        assert one == Total(Code.CURRENCY, "USD", 1, D(0), D(520), D(0), D(0))

    def test_count_findings_without_money(self) -> None:
        [one] = totals([finding(code=Code.TERM_NET, expected=None, billed=None)])
        assert (one.currency, one.count, one.at_stake) == ("", 1, D(0))
