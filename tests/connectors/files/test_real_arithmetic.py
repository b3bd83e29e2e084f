"""The published examples of EN 16931 are read whole, and each of their lines that does not multiply out is explained."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from connectors.files.billing import FileBilling
from connectors.files.columns import InvoiceColumns
from domain.findings.arithmetic import HARMLESS, Oddity, oddity, self_check
from domain.findings.finding import Code
from domain.invoices import Invoice
from tests.conftest import shared


@pytest.fixture(scope="module")
def examples() -> list[Invoice]:
    billing = FileBilling(shared("data/einvoices"), InvoiceColumns(), lambda: datetime.now(UTC))
    pages = list(billing.invoices_since(""))
    unread = [one.where for page in pages for one in page.problems]
    assert unread == ["LICENSE-EUPL.txt"]  # which is no invoice
    return [invoice for page in pages for invoice in page.invoices]


class TestTheExamples:
    def test_are_all_read(self, examples: list[Invoice]) -> None:
        assert len(examples) == 32

    def test_have_lines_that_do_not_multiply_out_for_these_reasons(self, examples: list[Invoice]) -> None:
        found = Counter(oddity(line) for invoice in examples for line in invoice.lines)
        assert found == {None: 134, Oddity.BASE: 18, Oddity.WRONG: 12, Oddity.SIGN: 4, Oddity.WHOLE_UNITS: 3}

    def test_put_the_price_where_the_base_quantity_belongs(self, examples: list[Invoice]) -> None:
        lines = [line for invoice in examples for line in invoice.lines if oddity(line) is Oddity.BASE]
        assert all(line.price_base == line.unit_price for line in lines)

    def test_say_800_for_twice_800(self, examples: list[Invoice]) -> None:
        wrong = {
            (str(line.quantity), str(line.unit_price), str(line.amount))
            for invoice in examples
            for line in invoice.lines
            if oddity(line) is Oddity.WRONG
        }
        assert {("2", "800.00", "800.00 DKK"), ("2", "800.00", "400.00 DKK"), ("2", "1273.00", "1273.00 NOK")} <= wrong

    def test_add_up_in_their_totals(self, examples: list[Invoice]) -> None:
        findings = [one for invoice in examples for one in self_check(invoice)]
        assert {one.code for one in findings} == {Code.ARITHMETIC}
        odd = sum(1 for invoice in examples for line in invoice.lines if oddity(line) not in {None, *HARMLESS})
        assert len(findings) == odd
