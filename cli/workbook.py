"""The proof as an Excel file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from domain.handoff import ACTIONS

_COLUMNS = ["handoff", "customer", "document", "signed_at", "accepted_at", "state", *ACTIONS]


def write_proof(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Write one row a signature, as a table with frozen header; every cell is text or a number."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Proof")
        columns = [{"header": name.replace("_", " ")} for name in _COLUMNS]
        body = [[_text(row.get(name)) for name in _COLUMNS] for row in rows]
        sheet.add_table(0, 0, max(len(body), 1), len(_COLUMNS) - 1, {"columns": columns, "data": body, "name": "Proof"})
        sheet.freeze_panes(1, 1)
        sheet.autofit()


def _text(value: object) -> str:
    return "" if value is None else str(value)
