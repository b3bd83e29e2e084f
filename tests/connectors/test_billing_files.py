"""Invoices out of a folder: real e-invoices, tables as people export them, and what must be refused."""

from __future__ import annotations

import io
import os
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from connectors.files.billing import FileBilling
from connectors.files.columns import InvoiceColumns
from connectors.files.folder import Cursor
from connectors.files.unreadable import Unreadable
from connectors.files.values import day, number
from domain.errors import ConfigurationError, Permanent
from domain.invoices import Direction, Invoice, InvoiceKind, InvoicePage, InvoiceProblem, InvoiceStatus
from domain.money import Money
from tests.conftest import shared

COLUMNS = InvoiceColumns(default_currency="EUR", default_seller="Supplier", default_buyer="Us")
UBL = """<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <cbc:ID>R-1</cbc:ID><cbc:IssueDate>2026-01-31</cbc:IssueDate><cbc:InvoiceTypeCode>{code}</cbc:InvoiceTypeCode>
 <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
 <cac:AccountingSupplierParty><cac:Party><cac:PartyTaxScheme><cbc:CompanyID>DE1</cbc:CompanyID><cac:TaxScheme>
 <cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme></cac:Party></cac:AccountingSupplierParty>
 <cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="C62">-2</cbc:InvoicedQuantity>
 <cbc:LineExtensionAmount currencyID="{currency}">{amount}</cbc:LineExtensionAmount>
 <cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">1.50</cbc:Amount>
 </cac:AllowanceCharge><cac:Price><cbc:PriceAmount currencyID="EUR">4.0955</cbc:PriceAmount>
 <cbc:BaseQuantity>10</cbc:BaseQuantity></cac:Price></cac:InvoiceLine></Invoice>"""


def ubl(*, code: str = "380", amount: str = "-9.69", currency: str = "EUR") -> str:
    return UBL.format(code=code, amount=amount, currency=currency)


def later() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=1)


def billing(folder: Path, columns: InvoiceColumns = COLUMNS, **more: object) -> FileBilling:
    return FileBilling(folder, columns, later, **more)  # type: ignore[arg-type]


def read(folder: Path, columns: InvoiceColumns = COLUMNS) -> tuple[list[Invoice], list[InvoiceProblem]]:
    pages = list(billing(folder, columns).invoices_since(""))
    return [one for page in pages for one in page.invoices], [one for page in pages for one in page.problems]


def one_file(tmp_path: Path, name: str, content: str | bytes) -> Path:
    data = content if isinstance(content, bytes) else content.encode()
    (tmp_path / name).write_bytes(data)
    return tmp_path


class TestRealInvoices:
    @pytest.fixture(scope="class")
    def found(self) -> list[Invoice]:
        invoices, problems = read(shared("data/einvoices"))
        assert [problem.where for problem in problems] == ["LICENSE-EUPL.txt"]  # no invoice, and it is said
        return invoices

    def test_all_are_read(self, found: list[Invoice]) -> None:
        assert len(found) == 32
        assert sum(len(one.lines) for one in found) == 171
        assert [one.kind for one in found].count(InvoiceKind.CREDIT_NOTE) == 1

    def test_lines_add_up_to_their_printed_sum(self, found: list[Invoice]) -> None:
        for one in found:
            assert one.lines_net is not None
            assert sum((line.amount.amount for line in one.lines), Decimal(0)) == one.lines_net.amount, one.id

    def test_charges_lead_from_the_lines_to_the_net_total(self, found: list[Invoice]) -> None:
        for one in found:
            assert one.lines_net is not None
            assert one.net is not None
            charges = sum((charge.amount.amount for charge in one.charges), Decimal(0))
            assert one.lines_net.amount + charges == one.net.amount, one.id

    def test_net_and_tax_make_the_total(self, found: list[Invoice]) -> None:
        without_tax = set()
        for one in found:
            assert one.net is not None
            assert one.total is not None
            if one.tax is None:
                without_tax.add(one.number)
            assert one.net.amount + (one.tax.amount if one.tax else 0) == one.total.amount, one.id
        assert without_tax == {"INVOICE_test_7", "150377292"}  # exempt, and they print no tax total

    def test_header_fields_are_found(self, found: list[Invoice]) -> None:
        by_number = {(one.number, len(one.lines)): one for one in found}
        paid = by_number["TOSL108", 5]
        assert paid.contract_number == "Contract321"
        assert paid.purchase_order == "123"
        assert (paid.period_first, paid.period_last) == (date(2013, 6, 1), date(2013, 6, 30))
        assert paid.seller.tax_id == "NO123456789MVA"
        assert paid.paid == Money(Decimal("1000.00"), "NOK")
        assert paid.due == date(2013, 7, 20)
        assert paid.payment_terms.startswith("2 % discount if paid within 2 days")
        assert any(one.corrects == "TOSL109" for one in found)

    def test_forint_stay_exact(self, found: list[Invoice]) -> None:
        assert next(one for one in found if one.currency == "HUF").total == Money(Decimal("87859.00"), "HUF")


class TestXml:
    def test_negative_amounts_price_base_and_discounts_are_kept_as_written(self, tmp_path: Path) -> None:
        (invoice,), problems = read(one_file(tmp_path, "a.xml", ubl()))
        (line,) = invoice.lines
        assert not problems
        assert (line.amount.amount, line.quantity, line.unit) == (Decimal("-9.69"), Decimal(-2), "C62")
        assert (line.unit_price, line.price_base) == (Decimal("4.0955"), Decimal(10))
        assert line.discount == Money(Decimal("1.50"), "EUR")
        assert invoice.id == "DE1/R-1"

    @pytest.mark.parametrize(
        ("code", "kind", "self_billed", "status"),
        [
            ("380", InvoiceKind.INVOICE, False, InvoiceStatus.UNKNOWN),
            ("381", InvoiceKind.CREDIT_NOTE, False, InvoiceStatus.UNKNOWN),
            ("384", InvoiceKind.CORRECTION, False, InvoiceStatus.UNKNOWN),
            ("389", InvoiceKind.INVOICE, True, InvoiceStatus.UNKNOWN),
            ("261", InvoiceKind.CREDIT_NOTE, True, InvoiceStatus.UNKNOWN),
            ("325", InvoiceKind.INVOICE, False, InvoiceStatus.DRAFT),
        ],
    )
    def test_type_codes_say_what_it_is(
        self, tmp_path: Path, code: str, kind: InvoiceKind, self_billed: bool, status: InvoiceStatus
    ) -> None:
        (invoice,), _ = read(one_file(tmp_path, "a.xml", ubl(code=code)))
        assert (invoice.kind, invoice.self_billed, invoice.status) == (kind, self_billed, status)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (ubl(amount="9,69"), "LineExtensionAmount is not a number"),
            (ubl(amount="1e3"), "LineExtensionAmount is not a number"),
            (ubl(amount=""), "no LineExtensionAmount"),
            (ubl(currency="USD"), "in USD, the document in EUR"),
            (ubl().replace("2026-01-31", "2026-02-30"), "IssueDate is not a date"),
            (ubl().replace("<cbc:ID>R-1</cbc:ID>", ""), "no ID"),
            (ubl()[:-20], "not XML"),
            ("<Order xmlns='urn:x'/>", "root element Order is no invoice"),
            ("<CrossIndustryDocument xmlns='urn:ferd'/>", "ZUGFeRD 1.0"),
            ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + ubl(amount="&x;"), "document type"),
            (
                '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + ubl(amount="&b;"),
                "document type",
            ),
        ],
    )
    def test_a_document_with_a_bad_part_is_left_out_whole_and_said(self, tmp_path: Path, text: str, said: str) -> None:
        one_file(tmp_path, "good.xml", ubl())
        invoices, problems = read(one_file(tmp_path, "bad.xml", text))
        assert len(invoices) == 1
        assert [(one.where, said in one.what) for one in problems] == [("bad.xml", True)]
        assert problems[0].fix


class TestPdf:
    def pdf(self, tmp_path: Path, attachment: str = "", content: bytes = b"") -> Path:
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            if attachment:
                pdf.attachments[attachment] = content
            pdf.save(tmp_path / "invoice.pdf")
        return tmp_path

    @pytest.mark.parametrize("name", ["factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "ZUGFeRD-invoice.xml"])
    def test_the_embedded_invoice_is_read(self, tmp_path: Path, name: str) -> None:
        content = shared("data/einvoices/cii/CII_example5.xml").read_bytes()
        (invoice,), problems = read(self.pdf(tmp_path, name, content))
        assert not problems
        assert (invoice.number, len(invoice.lines)) == ("TOSL110", 3)

    def test_a_pdf_without_one_says_so(self, tmp_path: Path) -> None:
        _, (problem,) = read(self.pdf(tmp_path, "terms.xml", b"<a/>"))
        assert "no embedded e-invoice" in problem.what

    def test_a_broken_pdf_says_so(self, tmp_path: Path) -> None:
        _, (problem,) = read(one_file(tmp_path, "x.pdf", b"%PDF-1.7 nothing"))
        assert "not a PDF" in problem.what


class TestTables:
    def test_rows_of_one_number_are_one_invoice(self, tmp_path: Path) -> None:
        text = (
            "\ufeffInvoice No;Date;Net;Text;Qty;From;To\r\n"
            "R1;31.12.2026;1.234,56;Platform;1,5;01.12.2026;31.12.2026\r\n"
            'R2;2026-12-31;-5;"Credit;\r\nover two lines";;;\r\n'
            "R1;31.12.2026;(0,56);Rounding;;;\r\n"
        )
        columns = InvoiceColumns(
            number="invoice no", issued="Date", amount="Net", description="Text", quantity="Qty",
            period_first="From", period_last="To", default_currency="EUR", default_seller="S",
        )  # fmt: skip
        (first, second), problems = read(one_file(tmp_path, "a.csv", text), columns)
        assert not problems
        assert [line.amount.amount for line in first.lines] == [Decimal("1234.56"), Decimal("-0.56")]
        assert first.lines[0].quantity == Decimal("1.5")
        assert first.lines[0].period_last == first.issued == date(2026, 12, 31)
        assert second.lines[0].description == "Credit;\r\nover two lines"
        assert second.id == "S/R2"

    def test_a_bad_row_leaves_out_its_invoice_and_nothing_else(self, tmp_path: Path) -> None:
        text = (
            "invoice_number,invoice_date,amount,description\n"
            "1,2026-01-01,10.00,good\n"
            "2,2026-01-01,10.00,line one\n"
            "2,2026-01-01,ten,line two\n"
            ",2026-01-01,5.00,nobody's\n"
            "3,2026-01-01,7.00,unquoted, comma\n"
            "4,2026-01-01,7.00,\n"
            "4,2026-01-02,7.00,\n"
        )
        invoices, problems = read(one_file(tmp_path, "a.csv", text))
        assert [one.number for one in invoices] == ["1"]
        assert [problem.where for problem in problems] == [
            "a.csv, line 5",
            "a.csv, line 4, invoice 2",
            "a.csv, line 6, invoice 3",
            "a.csv, line 8, invoice 4",
        ]
        assert "'ten' is not a number" in problems[1].what
        assert "'amount'" in problems[1].what
        assert "more cells than the header" in problems[2].what
        assert "'2026-01-02', and '2026-01-01' in line 7" in problems[3].what

    def test_a_missing_column_names_file_column_and_what_is_there(self, tmp_path: Path) -> None:
        _, (problem,) = read(one_file(tmp_path, "a.csv", "number,invoice_date,amount,description\n1,2,3,4\n"))
        assert problem.where == "a.csv"
        assert "'invoice_number'" in problem.what
        assert "number, invoice_date, amount, description" in problem.fix

    def test_windows_text_is_read_and_said(self, tmp_path: Path) -> None:
        text = "invoice_number,invoice_date,amount,description\n1,2026-01-01,10,Gebühr\n"
        (invoice,), (problem,) = read(one_file(tmp_path, "a.csv", text.encode("cp1252")))
        assert invoice.lines[0].description == "Gebühr"
        assert "Windows-1252" in problem.what

    def test_an_excel_file_without_byte_order_or_currency_says_what_it_lacks(self, tmp_path: Path) -> None:
        text = "invoice_number\tinvoice_date\tamount\tdescription\n1\t2026-01-01\t10\tx\n"
        invoices, (problem,) = read(one_file(tmp_path, "a.tsv", text.encode("utf-16")), InvoiceColumns())
        assert not invoices
        assert "is not a currency" in problem.what
        assert "default_currency" in problem.fix

    def test_workbooks_are_read_with_real_dates_and_exact_numbers(self, tmp_path: Path) -> None:
        rows = [(1001, 46022, 0.1 + 0.2, "Seats"), (1001, 46022, 1234.56, "More")]
        one_file(tmp_path, "a.xlsx", workbook(rows))
        (invoice,), problems = read(tmp_path)
        assert not problems
        assert (invoice.number, invoice.issued) == ("1001", date(2025, 12, 31))
        assert [line.amount.amount for line in invoice.lines] == [Decimal("0.3"), Decimal("1234.56")]

    def test_a_sheet_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        one_file(tmp_path, "a.xlsx", workbook([]))
        _, (problem,) = read(tmp_path, InvoiceColumns(sheet="Invoices"))
        assert "'Invoices'" in problem.what
        assert "Sheet1" in problem.fix

    def test_something_else_called_xlsx_is_a_problem(self, tmp_path: Path) -> None:
        _, (problem,) = read(one_file(tmp_path, "a.xlsx", b"not a zip file"))
        assert "not a workbook" in problem.what


class TestValues:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("1.234,56", "1234.56"), ("1,234.56", "1234.56"), ("1'234.56", "1234.56"), ("1 234,5", "1234.5"),
            ("€ 12,50", "12.50"), ("12.50-", "-12.50"), ("(3,00)", "-3.00"), ("−4", "-4"), ("0,125", "0.125"),
            ("1.234.567", "1234567"), ("1234,567", "1234.567"), ("", None),
        ],
    )  # fmt: skip
    def test_numbers_that_give_themselves_away(self, text: str, value: str | None) -> None:
        assert number(text) == (None if value is None else Decimal(value))

    @pytest.mark.parametrize("text", ["1.234", "12,345", "1.23.4", "1,23,4.5", "12a", "1e5", "NaN", "--1", "1.2,3.4"])
    def test_numbers_that_can_be_read_two_ways_or_none_are_refused(self, text: str) -> None:
        with pytest.raises(Unreadable):
            number(text)

    def test_a_configured_mark_settles_it(self) -> None:
        assert number("1.234", ",") == Decimal(1234)
        assert number("1.234", ".") == Decimal("1.234")
        with pytest.raises(Unreadable):
            number("12,50", ".")

    @given(
        st.decimals(-(10**9), 10**9, places=2),
        st.sampled_from([(",", "."), (".", ",")]),
    )
    def test_every_grouped_amount_with_two_decimals_is_read_back(self, value: Decimal, marks: tuple[str, str]) -> None:
        group, mark = marks
        text = f"{value:,.2f}".replace(",", "\0").replace(".", mark).replace("\0", group)
        assert number(text) == number(text, mark) == value

    def test_dates_that_give_themselves_away(self) -> None:
        texts = ("2026-12-31", "20261231", "31.12.2026", "31/12/2026", "12/31/2026", "2026-12-31T10:00:00Z")
        assert {day(text) for text in texts} == {date(2026, 12, 31)}
        assert day("05/05/2026") == date(2026, 5, 5)
        assert day("03/04/2026", "%d/%m/%Y") == date(2026, 4, 3)

    @pytest.mark.parametrize("text", ["03/04/2026", "31/31/2026", "30.02.2026", "tomorrow", "26-1-2"])
    def test_dates_that_can_be_read_two_ways_or_none_are_refused(self, text: str) -> None:
        with pytest.raises(Unreadable):
            day(text)


class TestIncremental:
    def last(self, pages: list[InvoicePage]) -> str:
        return pages[-1].cursor

    def test_reading_twice_reads_nothing_twice(self, tmp_path: Path) -> None:
        for place in range(120):
            one_file(tmp_path, f"{place}.xml", ubl())
        pages = list(billing(tmp_path).invoices_since(""))
        assert [len(page.invoices) for page in pages] == [50, 50, 20]
        assert list(billing(tmp_path).invoices_since(self.last(pages))) == []
        assert len(self.last(pages)) < 1500

    def test_after_a_crash_the_stored_page_is_not_read_again(self, tmp_path: Path) -> None:
        for place in range(120):
            one_file(tmp_path, f"{place}.xml", ubl())
        first = next(iter(billing(tmp_path).invoices_since("")))
        rest = list(billing(tmp_path).invoices_since(first.cursor))
        assert [len(page.invoices) for page in rest] == [50, 20]

    def test_changed_content_under_the_same_name_is_read_again(self, tmp_path: Path) -> None:
        cursor = self.last(list(billing(one_file(tmp_path, "a.xml", ubl())).invoices_since("")))
        one_file(tmp_path, "a.xml", ubl(amount="-1.00"))
        (page,) = billing(tmp_path).invoices_since(cursor)
        assert page.invoices[0].lines[0].amount.amount == Decimal("-1.00")

    def test_a_file_that_keeps_its_old_time_is_still_seen(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("connectors.files.folder.changed", lambda state: state.st_mtime_ns)
        cursor = self.last(list(billing(one_file(tmp_path, "a.xml", ubl())).invoices_since("")))
        one_file(tmp_path, "old.xml", ubl())
        os.utime(tmp_path / "old.xml", (1_000_000_000, 1_000_000_000))
        (page,) = billing(tmp_path).invoices_since(cursor)
        assert len(page.invoices) in {1, 2}  # its bucket, which the other file may share
        assert list(billing(tmp_path).invoices_since(page.cursor)) == []

    def test_a_removed_file_is_no_reason_to_read_the_others_twice(self, tmp_path: Path) -> None:
        for name in ("a.xml", "b.xml"):
            one_file(tmp_path, name, ubl())
        cursor = self.last(list(billing(tmp_path).invoices_since("")))
        (tmp_path / "a.xml").unlink()
        pages = list(billing(tmp_path).invoices_since(cursor))
        assert [page.invoices for page in pages] == [()]
        assert list(billing(tmp_path).invoices_since(self.last(pages))) == []

    def test_a_file_still_being_written_waits(self, tmp_path: Path) -> None:
        one_file(tmp_path, "a.xml", ubl())
        assert list(FileBilling(tmp_path, COLUMNS, lambda: datetime.now(UTC)).invoices_since("")) == []

    def test_a_broken_cursor_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(Permanent):
            list(billing(tmp_path).invoices_since("{}"))
        assert Cursor.parse(str(Cursor((5, "ä"), (7,) * 64))) == Cursor((5, "ä"), (7,) * 64)


class TestDamage:
    @given(
        st.sampled_from([".xml", ".csv", ".xlsx", ".pdf", ".tsv"]),
        st.integers(0, 2000),
        st.binary(max_size=12),
        st.integers(0, 40),
    )
    def test_no_damaged_file_stops_the_reading_of_the_folder(
        self, tmp_path_factory: pytest.TempPathFactory, ending: str, place: int, put: bytes, gone: int
    ) -> None:
        table = "invoice_number,invoice_date,amount,description\n1,2026-01-01,10.00,x\n"
        whole = {".xml": ubl().encode(), ".xlsx": workbook([(1, 46022, 1.5, "x")])}.get(ending, table.encode())
        folder = one_file(tmp_path_factory.mktemp("damage"), "good.xml", ubl())
        one_file(folder, f"bad{ending}", whole[:place] + put + whole[place + gone :])
        invoices, _ = read(folder)
        assert any(invoice.id == "DE1/R-1" for invoice in invoices)


class TestFolder:
    def test_what_is_no_invoice_is_said_and_lock_files_are_not_looked_at(self, tmp_path: Path) -> None:
        for name in ("~$a.xlsx", ".hidden.csv", "Thumbs.db"):
            one_file(tmp_path, name, b"x")
        (tmp_path / "deep").mkdir()
        one_file(tmp_path / "deep", "a.docx", b"x")
        _, (problem,) = read(tmp_path)
        assert problem.where == "deep/a.docx"
        assert "'.docx'" in problem.what
        assert "deep/a.docx" in billing(tmp_path).check().warnings[0]

    def test_whose_invoice_it_is_follows_from_our_own_ids(self, tmp_path: Path) -> None:
        one_file(tmp_path, "a.xml", ubl())
        (ours,) = billing(tmp_path, ours=["de 1"]).invoices_since("")
        (theirs,) = billing(tmp_path).invoices_since("")
        assert ours.invoices[0].direction is Direction.RECEIVABLE
        assert theirs.invoices[0].direction is Direction.PAYABLE

    def test_a_folder_that_is_not_there_names_the_setting(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match="AFTERSIGN_FILES__INVOICES"):
            billing(tmp_path / "nowhere").check()


def workbook(rows: list[tuple[int, int, float, str]]) -> bytes:
    """Return a workbook of one sheet whose second column is formatted as dates."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet, days = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ("invoice_number", "invoice_date", "amount", "description"))
        for place, row in enumerate(rows, 1):
            sheet.write_row(place, 0, row)
            sheet.write_number(place, 1, row[1], days)
    return buffer.getvalue()
