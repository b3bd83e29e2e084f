"""The Excel work list: what goes out is a real table, and what people wrote into it comes back."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from domain.errors import Permanent
from domain.findings.finding import Code, Finding, Place
from domain.findings.status import Status
from domain.invoices import Direction
from domain.money import Money
from domain.terms import Citation
from tasks.worklist import Edited, Item, read_worklist, write_worklist

D = Decimal
TODAY = date(2026, 2, 5)
PLACE = Place("files", "x/R-2", "R-2", date(2026, 2, 1), "1")
FINDING = Finding(
    Code.PRICE_OVER, Direction.PAYABLE, "c1", "Agreed: 40 × 12.5", PLACE, "Seats", date(2026, 2, 1), date(2026, 2, 28),
    Money(D("500.00"), "EUR"), Money(D("520.00"), "EUR"), clauses=(Citation("", 3, 0, 4, "fees"),),
    dispute_by=date(2026, 4, 2),
)  # fmt: skip
YEN = replace(FINDING, product="Yen", expected=Money(D(900), "JPY"), billed=Money(D(1000), "JPY"))
BARE = replace(FINDING, code=Code.TERM_NET, place=None, expected=None, billed=None, first=None, last=None, clauses=())


def written(folder: Path, *findings: Finding, **more: Any) -> Path:
    path = folder / "w.xlsx"
    write_worklist(path, [Item(one, "SO-77", "Hollowmere", **more) for one in findings], today=TODAY)
    return path


def sheet(path: Path, name: str = "Discrepancies") -> list[dict[str, Any]]:
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python(skip_empty_area=False)
    top = 0 if name == "Discrepancies" else 3
    return [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :]]


def xml(path: Path, part: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(f"xl/{part}").decode()


def edited(folder: Path, rows: list[list[Any]], name: str = "Discrepancies") -> Path:
    path = folder / "back.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return path


class TestWorkList:
    def test_has_dates_numbers_and_the_clause_of_each_finding(self, tmp_path: Path) -> None:
        [row] = sheet(written(tmp_path, FINDING))
        assert (row["issued"], row["dispute by"]) == (date(2026, 2, 1), date(2026, 4, 2))
        assert (row["expected"], row["billed"], row["currency"]) == (500.0, 520.0, "EUR")
        assert (row["contract"], row["party"], row["page"], row["clause"]) == ("SO-77", "Hollowmere", "3", "fees")
        assert (row["status"], row["fingerprint"]) == ("detected", FINDING.fingerprint)

    def test_has_formulas_whose_values_are_there_before_anybody_computes(self, tmp_path: Path) -> None:
        path = written(tmp_path, FINDING, YEN, BARE)
        assert [(row["delta"], row["at stake"]) for row in sheet(path)] == [(20.0, 20.0), (100.0, 100.0), ("", "")]
        assert "Discrepancies[[#This Row],[billed]]-Discrepancies[[#This Row],[expected]]" in xml(
            path, "worksheets/sheet2.xml"
        )

    def test_sums_by_code_and_currency(self, tmp_path: Path) -> None:
        path = written(tmp_path, FINDING, FINDING, YEN)
        assert [(row["code"], row["currency"], row["count"], row["delta"]) for row in sheet(path, "Summary")] == [
            ("PRICE-OVER", "EUR", 2.0, 40.0), ("PRICE-OVER", "JPY", 1.0, 100.0),
        ]  # fmt: skip
        assert "SUMIFS(Discrepancies[delta]" in xml(path, "worksheets/sheet1.xml")

    def test_is_a_table_with_frozen_header_filter_and_a_list_of_statuses(self, tmp_path: Path) -> None:
        path = written(tmp_path, FINDING)
        page, table = xml(path, "worksheets/sheet2.xml"), xml(path, "tables/table2.xml")
        assert ("autoFilter" in table, 'name="Discrepancies"' in table) == (True, True)
        assert ('state="frozen"' in page, "written_off" in page, "dataValidation " in page) == (True, True, True)

    def test_shows_each_currency_with_its_digits(self, tmp_path: Path) -> None:
        dinar = replace(FINDING, expected=Money(D("1.250"), "KWD"), billed=Money(D("1.255"), "KWD"))
        styles = xml(written(tmp_path, FINDING, YEN, dinar), "styles.xml")
        assert "#,##0.000" in styles
        assert ('formatCode="#,##0"' in styles, 'formatCode="#,##0.00"' in styles) == (True, True)

    def test_never_runs_what_an_invoice_says(self, tmp_path: Path) -> None:
        evil = replace(
            FINDING, product='=HYPERLINK("http://x")', explanation="@SUM(1)\x01", place=replace(PLACE, number="+1")
        )
        path = written(tmp_path, evil, note="-2+3")
        page = xml(path, "worksheets/sheet2.xml")
        assert "HYPERLINK" not in page
        [row] = sheet(path)
        assert (row["product"], row["invoice"], row["note"]) == ('=HYPERLINK("http://x")', "+1", "-2+3")
        assert 'quotePrefix="1"' in xml(path, "styles.xml")

    def test_keeps_as_text_what_a_spreadsheet_would_round(self, tmp_path: Path) -> None:
        large = replace(FINDING, billed=Money(D("12345678901234567.89"), "EUR"))
        assert sheet(written(tmp_path, large))[0]["billed"] == "12345678901234567.89"

    def test_of_nothing_is_empty(self, tmp_path: Path) -> None:
        assert read_worklist(written(tmp_path)) == []

    def test_that_cannot_be_written_says_so(self, tmp_path: Path) -> None:
        with pytest.raises(Permanent, match="cannot be written"):
            write_worklist(tmp_path / "none" / "w.xlsx", [], today=TODAY)


class TestWhatComesBack:
    def test_is_every_row_with_its_number(self, tmp_path: Path) -> None:
        path = written(tmp_path, FINDING, YEN, status=Status.TRIAGED)
        assert read_worklist(path) == [
            Edited(FINDING.fingerprint, Status.TRIAGED, "", 2, Status.TRIAGED),
            Edited(YEN.fingerprint, Status.TRIAGED, "", 3, Status.TRIAGED),
        ]
        assert not any(one.changed for one in read_worklist(path))

    def test_may_have_other_columns_order_and_spelling(self, tmp_path: Path) -> None:
        path = edited(
            tmp_path,
            [["was", "mine", "Status", "Note", "Fingerprint"], ["confirmed", 1, " To Bill", "soon ", "f1"], []],
        )
        [one] = read_worklist(path)
        assert (one, one.changed) == (Edited("f1", Status.TO_BILL, "soon", 2, Status.CONFIRMED), True)

    @pytest.mark.parametrize(
        ("row", "says"),
        [
            (["f2", "done", "", "detected"], "row 3 has the status 'done'; allowed: detected, triaged"),
            (["", "triaged", "", "detected"], "row 3 has no fingerprint"),
            (["f1", "triaged", "", "detected"], "row 3 has the fingerprint of row 2"),
        ],
    )
    def test_is_taken_whole_or_not_at_all(self, tmp_path: Path, row: list[str], says: str) -> None:
        path = edited(tmp_path, [["fingerprint", "status", "note", "was"], ["f1", "triaged", "", "detected"], row])
        with pytest.raises(Permanent) as error:
            read_worklist(path)
        assert says in error.value.why

    def test_needs_the_header_that_went_out(self, tmp_path: Path) -> None:
        with pytest.raises(Permanent, match="header") as error:
            read_worklist(edited(tmp_path, [["id", "status", "note", "was"]]))
        assert error.value.why.startswith("fingerprint has to stand in row 1")

    def test_is_the_work_list_itself(self, tmp_path: Path) -> None:
        with pytest.raises(Permanent, match="no sheet Discrepancies"):
            read_worklist(edited(tmp_path, [["a"]], "Other"))
        (tmp_path / "x.xlsx").write_text("no workbook")
        with pytest.raises(Permanent, match="is no workbook"):
            read_worklist(tmp_path / "x.xlsx")
