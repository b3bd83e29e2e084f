"""A list as a file: real dates, amounts with their currency, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlsxwriter
from fastapi.responses import Response

from domain.money import Money

if TYPE_CHECKING:
    from web.listing import Column, Row

FORMS = ("csv", "xlsx", "json")
# What makes a spreadsheet take text for a formula (OWASP, "CSV Injection").
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def file(form: str, name: str, columns: Sequence[Column], rows: Sequence[Row]) -> Response:
    """Return a list as a download."""
    body, media = _WRITERS[form](name, columns, rows)
    return Response(body, media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'})


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_ACTIVE) else text


def _csv(_name: str, columns: Sequence[Column], rows: Sequence[Row]) -> tuple[bytes, str]:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow([harmless(heading) for heading in _headings(columns)])
    for row in rows:
        writer.writerow([_plain(cell) for cell in _cells(columns, row)])
    return out.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8"


def _json(_name: str, columns: Sequence[Column], rows: Sequence[Row]) -> tuple[bytes, str]:
    found = [{column.key: row.get(column.key) for column in columns} for row in rows]
    return json.dumps(found, ensure_ascii=False, default=str).encode(), "application/json"


def _xlsx(name: str, columns: Sequence[Column], rows: Sequence[Row]) -> tuple[bytes, str]:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    formats = {"day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm", "money": "#,##0.00", "number": "#,##0.##"}
    styles = {key: book.add_format({"num_format": value}) for key, value in formats.items()}
    sheet = book.add_worksheet(name[:31])
    headings = _headings(columns)
    for number, row in enumerate(rows, 1):
        for place, cell in enumerate(_cells(columns, row)):
            _write(sheet, number, place, cell, styles)
    table = {"columns": [{"header": heading} for heading in headings], "style": "Table Style Light 9"}
    sheet.add_table(0, 0, max(len(rows), 1), len(headings) - 1, table)
    sheet.freeze_panes(1, 0)
    sheet.autofit(240)
    book.close()
    return out.getvalue(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _write(sheet: Any, row: int, place: int, cell: object, styles: Mapping[str, Any]) -> None:
    if cell is None or cell == "":
        sheet.write_blank(row, place, None)
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, place, cell.replace(tzinfo=None), styles["moment"])
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, datetime(cell.year, cell.month, cell.day), styles["day"])  # noqa: DTZ001
    elif isinstance(cell, Decimal):
        sheet.write_number(row, place, cell, styles["money"])
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        sheet.write_number(row, place, cell, styles["number"])
    else:
        sheet.write_string(row, place, str(cell))


def _headings(columns: Sequence[Column]) -> list[str]:
    """Return the headings; an amount has its currency beside it, so that a column can be summed."""
    found: list[str] = []
    for column in columns:
        found += [column.label, f"{column.label} currency"] if column.look == "money" else [column.label]
    return found


def _cells(columns: Sequence[Column], row: Row) -> list[object]:
    found: list[object] = []
    for column in columns:
        value = row.get(column.key)
        if column.look == "money":
            found += [value.amount, value.currency] if isinstance(value, Money) else [None, None]
        else:
            found.append(value)
    return found


def _plain(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal | int | float):
        return f"{cell}"
    return cell.isoformat() if isinstance(cell, date) else harmless(str(cell))


_WRITERS: Mapping[str, Callable[[str, Sequence[Column], Sequence[Row]], tuple[bytes, str]]] = {
    "csv": _csv,
    "json": _json,
    "xlsx": _xlsx,
}
