"""How the work list is drawn: real tables, real dates, formats by currency, formulas with their values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from domain.currencies import digits_of, is_currency
from domain.findings.status import Status
from domain.findings.totals import Total, totals
from tasks.worklist_columns import COLUMNS, HEADERS, TABLE, Cell, Column, Item, Look, cells_of

_LONGEST = 32_767  # characters a cell may hold
_EXACT = 15  # digits that a spreadsheet keeps
_FORMULAS = "=+-@"  # what Excel takes for a formula when a cell is edited
_TOP = 3  # rows above the table of totals
_SUMS = ("expected", "billed", "delta", "at stake")


class Styles:
    """Make each format of a workbook once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def money(self, currency: str) -> Any:
        """Return the format of an amount with the digits of its currency."""
        digits = digits_of(currency) if is_currency(currency) else 2
        return self._format(num_format="#,##0" + ("." + "0" * digits if digits else ""), valign="top")

    def day(self) -> Any:
        """Return the format of a day."""
        return self._format(num_format="yyyy-mm-dd", valign="top")

    def share(self) -> Any:
        """Return the format of a part of one."""
        return self._format(num_format="0%", valign="top")

    def text(self, value: str = "") -> Any:
        """Return the format of a text; one that looks like a formula stays a text when it is edited."""
        return self._format(valign="top", text_wrap="\n" in value, quote_prefix=value.startswith(tuple(_FORMULAS)))

    def _format(self, **properties: object) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]


def write_discrepancies(sheet: Any, items: Sequence[Item], styles: Styles) -> None:
    """Write a row a finding, as a table whose status is chosen from a list."""
    last = max(len(items), 1)
    headers = [{"header": name} for name in HEADERS]
    sheet.add_table(0, 0, last, len(COLUMNS) - 1, {"columns": headers, "name": TABLE, "style": "Table Style Light 9"})
    for row, item in enumerate(items, 1):
        cells = cells_of(item)
        for place, column in enumerate(COLUMNS):
            _write(sheet, (row, place), column, cells, styles)
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, column.width, None, {"hidden": column.hidden})
    sheet.freeze_panes(1, 3)
    sheet.data_validation(1, HEADERS.index("status"), last, HEADERS.index("status"), {
        "validate": "list", "source": [status.value for status in Status], "error_title": "Unknown status",
        "error_message": "Choose one of the list.",
    })  # fmt: skip


def write_summary(sheet: Any, items: Sequence[Item], styles: Styles, today: date) -> None:
    """Write the sums by code and currency, as formulas over the findings."""
    found = totals(item.finding for item in items)
    sheet.write_string(0, 0, "As of", styles.text())
    sheet.write_datetime(0, 1, today, styles.day())
    sheet.write_string(1, 0, "Findings", styles.text())
    sheet.write_formula(1, 1, f"=COUNTA({TABLE}[fingerprint])", styles.text(), len(items))
    headers = [{"header": name} for name in ("code", "currency", "count", *_SUMS)]
    sheet.add_table(_TOP, 0, _TOP + max(len(found), 1), len(headers) - 1, {"columns": headers, "name": "Totals"})
    for row, total in enumerate(found, _TOP + 1):
        _write_total(sheet, row, total, styles)
    sheet.freeze_panes(_TOP + 1, 0)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, len(headers) - 1, 14)


def _write_total(sheet: Any, row: int, total: Total, styles: Styles) -> None:
    sheet.write_string(row, 0, total.code.value, styles.text())
    sheet.write_string(row, 1, total.currency, styles.text())
    own = f"{TABLE}[code],A{row + 1},{TABLE}[currency],B{row + 1}"
    sheet.write_formula(row, 2, f"=COUNTIFS({own})", styles.text(), total.count)
    for place, name in enumerate(_SUMS, 3):
        value = getattr(total, name.replace(" ", "_"))
        sheet.write_formula(row, place, f"=SUMIFS({TABLE}[{name}],{own})", styles.money(total.currency), value)


def _write(sheet: Any, at: tuple[int, int], column: Column, cells: dict[str, Cell], styles: Styles) -> None:
    value = cells[column.header]
    money = styles.money(str(cells["currency"]))
    if column.look is Look.DELTA:
        sheet.write_formula(*at, _delta(), money, "" if value is None else value)
    elif column.look is Look.STAKE:
        sheet.write_formula(*at, _stake(), money, "" if value is None else value)
    elif value is None:
        sheet.write_blank(*at, None, styles.text())
    elif isinstance(value, date):
        sheet.write_datetime(*at, value, styles.day())
    elif isinstance(value, Decimal) and len(value.as_tuple().digits) <= _EXACT:
        sheet.write_number(*at, value, styles.share() if column.look is Look.SHARE else money)
    else:
        text = str(value)[:_LONGEST]
        sheet.write_string(*at, text, styles.text(text))


def _delta() -> str:
    billed, expected = _here("billed"), _here("expected")
    return f'=IF(OR({billed}="",{expected}=""),"",{billed}-{expected})'


def _stake() -> str:
    delta, payable = _here("delta"), f'{_here("direction")}="payable"'
    return f'=IF({delta}="","",MAX(IF({payable},{delta},-{delta}),0))'


def _here(header: str) -> str:
    return f"{TABLE}[[#This Row],[{header}]]"
