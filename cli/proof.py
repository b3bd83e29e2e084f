"""The proof that every signature got its handoff, as an Excel file for those who check it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from domain.handoff import ACTIONS

_FIRST = ("customer", "handoff_id", "state", "signed_at", *ACTIONS)
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False}
Rows = Sequence[dict[str, Any]]


def write_proof(path: Path, rows: Rows, since: datetime | None) -> None:
    """Write a summary, and a table with one row a signature; times are real dates in UTC."""
    with xlsxwriter.Workbook(path, _OPTIONS) as book:
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        bold = book.add_format({"bold": True})
        _summary(book.add_worksheet("Summary"), summary(rows, since), bold)
        _table(book.add_worksheet("Proof"), rows, moment)


def summary(rows: Rows, since: datetime | None) -> list[tuple[str, str | int]]:
    """Count signatures, those whose handoff is complete, and how often each action is in which state."""
    states = Counter(row["state"] for row in rows)
    found: list[tuple[str, str | int]] = [
        ("Received since (UTC)", f"{since:%Y-%m-%d}" if since else "the beginning"),
        ("Signatures", len(rows)),
        ("With a complete handoff", states["complete"]),
        ("Without", len(rows) - states["complete"]),
        *((f"State: {state}", count) for state, count in sorted(states.items())),
    ]
    for action in ACTIONS:
        counts = Counter(row[action] for row in rows)
        found += [(f"{action.value}: {state}", count) for state, count in sorted(counts.items())]
    return found


def _summary(sheet: Any, lines: Sequence[tuple[str, str | int]], bold: Any) -> None:
    for number, (label, value) in enumerate(lines):
        sheet.write_string(number, 0, label, bold)
        sheet.write(number, 1, value)
    sheet.autofit()


def _table(sheet: Any, rows: Rows, moment: Any) -> None:
    names = [*_FIRST, *(name for name in (rows[0] if rows else {}) if name not in _FIRST)]
    for place, name in enumerate(names):
        for number, row in enumerate(rows, 1):
            _cell(sheet, number, place, row.get(name), moment if name.endswith("_at") else None)
    columns = [{"header": name.replace("_", " ")} for name in names]
    sheet.add_table(0, 0, max(len(rows), 1), len(names) - 1, {"columns": columns, "name": "Proof"})
    sheet.freeze_panes(1, 1)
    sheet.autofit(300)


def _cell(sheet: Any, row: int, place: int, value: object, moment: Any | None) -> None:
    if value is None or value == "":
        return
    if moment is not None:
        sheet.write_datetime(row, place, datetime.fromisoformat(str(value)).replace(tzinfo=None), moment)
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value)
    else:
        sheet.write_string(row, place, str(value))
