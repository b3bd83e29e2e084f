"""Reports as Excel files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

_LONGEST = 32_767  # characters a cell may hold


def write_sheets(path: Path, sheets: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Write one sheet a list of rows; what has no rows has no sheet."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        for name, rows in sheets.items():
            if rows:
                _sheet(book.add_worksheet(name), rows)


def _sheet(sheet: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    names = list(rows[0])
    columns = [{"header": name.replace("_", " ")} for name in names]
    body = [[_cell(row.get(name)) for name in names] for row in rows]
    sheet.add_table(0, 0, len(body), len(names) - 1, {"columns": columns, "data": body})
    sheet.freeze_panes(1, 1)
    sheet.autofit(600)


def _cell(value: object) -> str | int | float:
    """Return numbers as they are and everything else as text that a cell can hold."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    listed = isinstance(value, list | dict)
    return (json.dumps(value, ensure_ascii=False, default=str) if listed else _text(value))[:_LONGEST]


def _text(value: object) -> str:
    return "" if value is None else str(value)
