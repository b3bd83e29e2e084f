"""The Excel work list: findings go out, and what people wrote into status and note comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from domain.errors import Permanent
from domain.findings.status import Status
from tasks.worklist_columns import HEADERS, SHEET, Item
from tasks.worklist_sheets import Styles, write_discrepancies, write_summary

__all__ = ["Edited", "Item", "read_worklist", "write_worklist"]
_NEEDED = ("fingerprint", "status", "note", "was")
_SHOWN = 5  # faults that one message names


@dataclass(frozen=True, slots=True)
class Edited:
    """Hold one row of a work list that came back; `row` is its number in the sheet."""

    fingerprint: str
    status: Status
    note: str
    row: int
    was: Status = Status.DETECTED

    @property
    def changed(self) -> bool:
        """Tell whether a person moved it or wrote something."""
        return self.status is not self.was or bool(self.note)


def write_worklist(path: Path, items: Sequence[Item], *, today: date) -> None:
    """Write the sheets Summary and Discrepancies. Raises `Permanent` where the file cannot be written."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    try:
        with xlsxwriter.Workbook(path, options) as book:
            book.set_properties({"title": "Discrepancies", "created": datetime(today.year, today.month, today.day)})  # noqa: DTZ001 - a day
            styles = Styles(book)
            write_summary(book.add_worksheet("Summary"), items, styles, today)
            write_discrepancies(book.add_worksheet(SHEET), items, styles)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise Permanent(
            f"{path} cannot be written", why=str(error), fix="close it in Excel, or name another"
        ) from error


def read_worklist(path: Path) -> list[Edited]:
    """Read the rows of a work list. Raises `Permanent` naming each row that cannot be taken."""
    header, *rows = _sheet(path)
    places = _places(path, [str(cell).strip().casefold() for cell in header])
    edited, faults, seen = list[Edited](), list[str](), dict[str, int]()
    for number, cells in enumerate(rows, 2):
        if not any(str(cell).strip() for cell in cells):
            continue
        try:
            one = _edited({name: str(cells[place]).strip() for name, place in places.items()}, number)
            if one.fingerprint in seen:
                message = f"has the fingerprint of row {seen[one.fingerprint]}"
                raise ValueError(message)  # noqa: TRY301 - collected with the others
            seen[one.fingerprint] = number
            edited.append(one)
        except ValueError as error:
            faults.append(f"row {number} {error}")
    if faults:
        raise _refused(path, faults)
    return edited


def _sheet(path: Path) -> list[list[Any]]:
    try:
        book = CalamineWorkbook.from_path(path)
        if SHEET not in book.sheet_names:
            why = f"its sheets are {', '.join(book.sheet_names)}"
            raise Permanent(f"{path.name} has no sheet {SHEET}", why=why, fix="send back the work list itself")
        rows = book.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
    except (CalamineError, OSError) as error:
        raise Permanent(f"{path.name} is no workbook", why=str(error), fix="save it as .xlsx") from error
    return rows or [[]]


def _places(path: Path, header: list[str]) -> dict[str, int]:
    if missing := [name for name in _NEEDED if header.count(name) != 1]:
        raise Permanent(
            f"{path.name}: the header of {SHEET} was changed",
            why=f"{', '.join(missing)} has to stand in row 1 once; there stand {', '.join(filter(None, header)) or 'none'}",
            fix=f"write the header again: {', '.join(HEADERS)}",
        )
    return {name: header.index(name) for name in _NEEDED}


def _edited(cells: dict[str, str], row: int) -> Edited:
    if not cells["fingerprint"]:
        raise ValueError("has no fingerprint, so nobody knows which finding it is")
    return Edited(cells["fingerprint"], _status(cells["status"]), cells["note"], row, _status(cells["was"]))


def _status(text: str) -> Status:
    try:
        return Status(text.casefold().replace(" ", "_"))
    except ValueError as error:
        message = f"has the status {text!r}; allowed: {', '.join(Status)}"
        raise ValueError(message) from error


def _refused(path: Path, faults: list[str]) -> Permanent:
    more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
    return Permanent(
        f"{path.name}: {len(faults)} of its rows cannot be taken", why="; ".join(faults[:_SHOWN]) + more,
        fix="correct these rows; nothing was taken over",
    )  # fmt: skip
