"""Numbers and dates as people and spreadsheets write them; what can be read two ways is not read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from connectors.files.unreadable import Unreadable

Cell = str | int | float | bool | Decimal | date | datetime | object

_SPACES = str.maketrans("", "", " \t\u00a0\u202f\u2009'\u2019€$£¥")
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})
_SIGN_LAST = re.compile(r"(\d[\d.,]*)-")
_BRACKETS = re.compile(r"\((\d[\d.,]*)\)")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")


def number(cell: Cell, decimal: str = "") -> Decimal | None:
    """Return a cell as a number; `None` for an empty one. Raises `Unreadable`.

    A spreadsheet keeps 15 significant digits (ECMA-376 stores IEEE 754 doubles), so a float is
    taken at those and never at its binary expansion.
    """
    if isinstance(cell, bool) or cell is None:
        raise Unreadable(f"{cell!r} is not a number")
    if isinstance(cell, float):
        return Decimal(format(cell, ".15g"))
    if isinstance(cell, int | Decimal):
        return Decimal(cell)
    text = str(cell).translate(_MINUS).translate(_SPACES)
    return _parsed(str(cell), text, decimal) if text else None


def day(cell: Cell, date_format: str = "") -> date | None:
    """Return a cell as a day; `None` for an empty one. Raises `Unreadable` for 03/04/2026."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = words(cell)
    if not text:
        return None
    try:
        return datetime.strptime(text, date_format).date() if date_format else _guessed(text)  # noqa: DTZ007 - a day
    except ValueError as error:
        raise Unreadable(
            f"{text!r} is not a date{f' written {date_format}' if date_format else ''}",
            getattr(error, "fix", "") or "write dates as 2026-12-31, or set date_format in the column mapping",
        ) from error


def words(cell: Cell) -> str:
    """Return a cell as text; a whole number of a spreadsheet without its `.0`."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{Decimal(format(cell, '.15g')):f}"
    return str(cell).strip()


def decimal_mark(cells: Iterable[Cell]) -> str:
    """Return the decimal mark that all numbers of a table agree on, empty where they do not or none gives it away."""
    marks = set[str]()
    for cell in cells:
        text = cell.translate(_SPACES).strip("+-()") if isinstance(cell, str) else ""
        if _NUMBER.fullmatch(text) and ("." in text or "," in text):
            try:
                marks.add(_mark(text, text))
            except Unreadable:
                continue
    return marks.pop() if len(marks) == 1 else ""


def _parsed(given: str, text: str, decimal: str) -> Decimal:
    if found := _SIGN_LAST.fullmatch(text) or _BRACKETS.fullmatch(text):
        text = f"-{found[1]}"
    if not _NUMBER.fullmatch(text):
        raise Unreadable(f"{given!r} is not a number")
    mark = decimal or _mark(given, text)
    whole, _, fraction = text.partition(mark)
    grouping = "," if mark == "." else "."
    groups = whole.lstrip("+-").split(grouping)
    if grouping in fraction or mark in fraction or not _grouped(groups):
        raise Unreadable(f"{given!r} is not a number with {mark!r} as its decimal mark", "check `decimal`")
    return Decimal(f"{whole.replace(grouping, '')}.{fraction or '0'}" if fraction else whole.replace(grouping, ""))


def _grouped(groups: list[str]) -> bool:
    return len(groups) == 1 or (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))


def _mark(given: str, text: str) -> str:
    """Return the decimal mark that a number itself gives away. Raises `Unreadable` for 1.234."""
    dots, commas = text.count("."), text.count(",")
    if dots and commas:
        return "." if text.rindex(".") > text.rindex(",") else ","
    if dots + commas == 0:
        return "."
    mark = "." if dots else ","
    if dots + commas > 1:
        return "," if mark == "." else "."
    whole, _, fraction = text.lstrip("+-").partition(mark)
    if len(fraction) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0"):
        raise Unreadable(
            f"{given!r} can be read two ways", "say in the column mapping whether `decimal` is a point or a comma"
        )
    return mark


def _guessed(text: str) -> date:
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _DOTTED.fullmatch(text):
        return date(int(found[3]), int(found[2]), int(found[1]))
    if found := _SLASHED.fullmatch(text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        if first <= 12 and second <= 12 and first != second:
            raise Unreadable(
                f"{text!r} can be read two ways", "set date_format in the column mapping, such as %d/%m/%Y or %m/%d/%Y"
            )
        return date(year, *((first, second) if second > 12 else (second, first)))
    raise Unreadable(f"{text!r} is not a date")
