"""Tables with the usual headers, as CSV and Parquet; what is wrong in them is one problem with its line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.files.billing import FileBilling
from connectors.files.columns import InvoiceColumns
from domain.invoices import Invoice, InvoiceKind, InvoicePage

D = Decimal
HEAD = "invoice_number,invoice_date,amount,currency\n"
GOOD = "R-9,2026-01-31,10.00,EUR\n"


def page_of(path: Path, content: str | bytes) -> InvoicePage:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return FileBilling(path.parent, InvoiceColumns(usual=True), lambda: datetime.now(UTC)).of_file(path.name)


def read(folder: Path, text: str) -> InvoicePage:
    return page_of(folder / "i.csv", text)


def one(page: InvoicePage) -> Invoice:
    assert page.problems == ()
    [invoice] = page.invoices
    return invoice


def parquet(folder: Path, **columns: object) -> InvoicePage:
    path = folder / "i.parquet"
    pq.write_table(pa.table(columns), path)
    return page_of(path, path.read_bytes())


class TestUsualHeaders:
    def test_are_found_by_any_of_their_names_in_any_case(self, tmp_path: Path) -> None:
        text = "Number;Issued_On;Net_Amount;Currency;Customer;Service_From;Service_To;Cost centre\nR-1;2026-01-31;12,50;EUR;Us;2026-01-01;2026-01-31;7\n"
        paper = one(read(tmp_path, text))
        assert (paper.number, paper.issued, paper.buyer.name) == ("R-1", date(2026, 1, 31), "Us")
        assert (paper.lines[0].amount.amount, paper.lines[0].period_first) == (D("12.50"), date(2026, 1, 1))

    @pytest.mark.parametrize("missing", ["invoice_number", "invoice_date", "amount", "currency"])
    def test_that_are_needed_are_named_where_they_are_not_there(self, tmp_path: Path, missing: str) -> None:
        [problem] = read(tmp_path, HEAD.replace(missing, "colour") + GOOD).problems
        assert f"there is no column {missing!r}" in problem.what
        assert "colour" in problem.fix

    def test_that_look_like_one_are_reported_and_the_rows_read(self, tmp_path: Path) -> None:
        page = read(tmp_path, HEAD.replace("\n", ",perod_first\n") + "R-9,2026-01-31,10.00,EUR,2026-01-01\n")
        [problem] = page.problems
        assert (problem.where, problem.fix) == ("i.csv", "did you mean 'period_first'?")
        assert "'perod_first'" in problem.what
        assert len(page.invoices) == 1

    def test_agree_with_the_file_about_the_decimal_mark(self, tmp_path: Path) -> None:
        text = HEAD.replace(",", ";") + "R-1;2026-01-31;1.234;EUR\nR-2;2026-01-31;12,5;EUR\n"
        first, second = read(tmp_path, text).invoices
        assert (first.lines[0].amount.amount, second.lines[0].amount.amount) == (D(1234), D("12.5"))

    def test_leave_a_number_alone_that_nothing_explains(self, tmp_path: Path) -> None:
        page = read(tmp_path, HEAD + "R-1,2026-01-31,1.234,EUR\n")
        assert "two ways" in page.problems[0].what
        assert page.invoices == ()


class TestBadRows:
    @pytest.mark.parametrize(
        ("row", "says"),
        [
            ("R-1,2026-01-31,ten,EUR", "'ten' is not a number"),
            ("R-1,2026-02-30,10.00,EUR", "'2026-02-30' is not a date"),
            ("R-1,2026-01-31,10.00,XQZ", "'XQZ' is not a currency"),
            ("R-1,2026-01-31,,EUR", "is empty"),
            ("R-1,2026-01-31,10.00,EUR,more", "more cells than the header"),
            (",2026-01-31,10.00,EUR", "no invoice number"),
        ],
    )
    def test_are_one_problem_with_their_line_and_the_others_are_read(self, tmp_path: Path, row: str, says: str) -> None:
        page = read(tmp_path, HEAD + row + "\n" + GOOD)
        [problem] = page.problems
        assert problem.where.startswith("i.csv, line 2")
        assert says in problem.what
        assert [paper.number for paper in page.invoices] == ["R-9"]

    def test_are_those_with_numbers_that_nobody_can_pay(self, tmp_path: Path) -> None:
        page = read(tmp_path, HEAD + f"R-1,2026-01-31,{'9' * 40},EUR\n" + GOOD)
        [problem] = page.problems
        assert ("too many digits" in problem.what, problem.where) == (True, "i.csv, invoice R-1")
        assert [paper.number for paper in page.invoices] == ["R-9"]

    def test_in_two_currencies_leave_their_invoice_out(self, tmp_path: Path) -> None:
        page = read(tmp_path, HEAD + "R-1,2026-01-31,10.00,EUR\nR-1,2026-01-31,10.00,USD\n" + GOOD)
        [problem] = page.problems
        assert problem.where == "i.csv, line 3, invoice R-1"
        assert "'USD', and 'EUR' in line 2" in problem.what
        assert [paper.number for paper in page.invoices] == ["R-9"]

    def test_are_not_those_that_take_back(self, tmp_path: Path) -> None:
        paper = one(
            read(tmp_path, HEAD.replace("\n", ",quantity,kind\n") + "R-1,2026-01-31,-25.00,EUR,-2,credit_note\n")
        )
        assert (paper.lines[0].amount.amount, paper.lines[0].quantity) == (D("-25.00"), D(-2))
        assert paper.kind is InvoiceKind.CREDIT_NOTE

    def test_are_not_those_of_currencies_without_decimals(self, tmp_path: Path) -> None:
        assert str(one(read(tmp_path, HEAD + "R-1,2026-01-31,150000,JPY\n")).lines[0].amount) == "150000 JPY"


class TestXml:
    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("<Invoice><ID>1</Invoice>", "it is not XML"),
            ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "document type"),
            ('<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><a>&y;</a>', "document type"),
            ("<a/>", "is no invoice"),
        ],
    )
    def test_that_is_broken_or_reaches_out_is_one_problem(self, tmp_path: Path, text: str, says: str) -> None:
        (tmp_path / "good.csv").write_text(HEAD + GOOD)
        (tmp_path / "bad.xml").write_text(text)
        page = FileBilling(tmp_path, InvoiceColumns(usual=True), lambda: datetime.now(UTC)).everything()
        [problem] = page.problems
        assert problem.where == "bad.xml"
        assert says in problem.what
        assert "root:" not in problem.what
        assert [paper.number for paper in page.invoices] == ["R-9"]


class TestParquet:
    def test_is_read_as_text_integers_decimals_and_dates(self, tmp_path: Path) -> None:
        paper = one(
            parquet(
                tmp_path,
                invoice_number=pa.array([1001, 1001]),
                invoice_date=pa.array([date(2026, 1, 31)] * 2),
                amount=pa.array([D("1234.567"), D("-0.500")], pa.decimal128(18, 3)),
                currency=pa.array(["EUR", "EUR"]).dictionary_encode(),
                quantity=pa.array(["2.5", None]),
                period_first=pa.array([datetime(2026, 1, 1), None], pa.timestamp("ns")),
                colour=pa.array([[1.0], [2.0]]),
            )
        )
        assert paper.number == "1001"
        assert [line.amount.amount for line in paper.lines] == [D("1234.567"), D("-0.500")]
        assert (paper.lines[0].quantity, paper.lines[1].quantity) == (D("2.5"), None)
        assert (paper.lines[0].period_first, paper.lines[1].period_first) == (date(2026, 1, 1), None)

    @pytest.mark.parametrize("name", ["amount", "quantity", "unit_price"])
    def test_is_refused_with_floats(self, tmp_path: Path, name: str) -> None:
        columns = {"invoice_number": ["R-1"], "invoice_date": ["2026-01-31"], "amount": ["1.00"], "currency": ["EUR"]}
        page = parquet(tmp_path, **{**columns, name: pa.array([1.1])})
        [problem] = page.problems
        assert (problem.where, problem.fix) == ("i.parquet", "write decimals or text")
        assert f"column {name!r} holds floats" in problem.what
        assert page.invoices == ()

    def test_names_the_row_that_is_wrong_and_reads_the_others(self, tmp_path: Path) -> None:
        page = parquet(
            tmp_path,
            invoice_number=["R-1", "R-2"],
            invoice_date=["2026-01-31"] * 2,
            amount=["1.00", "x"],
            currency=["EUR"] * 2,
        )
        assert [problem.where for problem in page.problems] == ["i.parquet, line 2, invoice R-2"]
        assert [paper.number for paper in page.invoices] == ["R-1"]

    @pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1 and no more of it PAR1", b"number,amount\n"])
    def test_that_is_none_is_a_problem(self, tmp_path: Path, content: bytes) -> None:
        assert "Parquet file" in page_of(tmp_path / "i.parquet", content).problems[0].what
