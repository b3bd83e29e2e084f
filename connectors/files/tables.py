"""Tables out of CSV and Excel files, with the line of the file each row stands on."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook

from connectors.files.columns import InvoiceColumns
from connectors.files.unreadable import Unreadable
from connectors.files.values import Cell, words

_DELIMITERS = (",", ";", "\t", "|")
_FALLBACK = "cp1252"


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one row: its line in the file, and its cells by what they are for."""

    line: int
    cells: Mapping[str, Cell]
    spare: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Hold the rows of a file; `notes` say what had to be assumed."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def read_csv(content: bytes, columns: InvoiceColumns) -> Table:
    """Read a CSV file. Raises `Unreadable`."""
    text, notes = _decoded(content, columns.encoding)
    delimiter = columns.delimiter or _delimiter(text, columns)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    numbered: list[tuple[int, Sequence[Cell]]] = []
    try:
        start = 1
        for cells in reader:
            numbered.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(f"line {reader.line_num} is not CSV: {error}", "check its quotation marks") from error
    return Table(_rows(numbered, columns), notes)


def read_excel(content: bytes, columns: InvoiceColumns) -> Table:
    """Read one sheet of a workbook: the named one, else the first. Raises `Unreadable`."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = book.sheet_names
        if columns.sheet and columns.sheet not in names:
            raise Unreadable(f"there is no sheet {columns.sheet!r}", f"its sheets are {', '.join(names)}")
        sheet = book.get_sheet_by_name(columns.sheet or names[0])
        cells = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, IndexError) as error:
        raise Unreadable(f"it is not a workbook that can be read: {error}", "save it again as .xlsx") from error
    return Table(_rows(list(enumerate(cells, 1)), columns))


def _decoded(content: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    if not encoding and content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    try:
        return content.decode(encoding or "utf-8").removeprefix("\ufeff"), ()
    except (UnicodeDecodeError, LookupError) as error:
        if encoding:
            raise Unreadable(f"it is not {encoding} text", "correct `encoding` in the column mapping") from error
    try:
        text = content.decode(_FALLBACK)
    except UnicodeDecodeError as error:
        raise Unreadable("it is neither UTF-8 nor Windows-1252 text", "set `encoding` in the column mapping") from error
    return text, ("it is not UTF-8 and was read as Windows-1252",)


def _delimiter(text: str, columns: InvoiceColumns) -> str:
    """Return the delimiter under which most of the mapped headers appear."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    wanted = {name.casefold() for name in columns.mapped().values()}

    def known(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([header], delimiter=delimiter), [])
        return sum(cell.strip().casefold() in wanted for cell in cells), len(cells)

    return max(_DELIMITERS, key=known)


def _rows(numbered: Sequence[tuple[int, Sequence[Cell]]], columns: InvoiceColumns) -> tuple[Row, ...]:
    filled = [(line, cells) for line, cells in numbered if any(words(cell) for cell in cells)]
    if not filled:
        raise Unreadable("it is empty", "export it again, with its header")
    places = _places([words(cell) for cell in filled[0][1]], columns)
    width = len(filled[0][1])
    return tuple(
        Row(
            line,
            {name: cells[place] if place < len(cells) else "" for name, place in places.items()},
            tuple(cell for cell in cells[width:] if words(cell)),
        )
        for line, cells in filled[1:]
    )


def _places(header: Sequence[str], columns: InvoiceColumns) -> dict[str, int]:
    """Return where each mapped column stands. Raises `Unreadable` naming those that are not there."""
    folded = [name.casefold() for name in header]
    mapped = columns.mapped()
    missing = [text for text in mapped.values() if text.casefold() not in folded]
    there = f"its columns are {', '.join(name for name in header if name)}"
    if missing:
        raise Unreadable(f"there is no column {', '.join(map(repr, missing))}", f"correct the column mapping; {there}")
    if twice := [text for text in mapped.values() if folded.count(text.casefold()) > 1]:
        raise Unreadable(f"the column {', '.join(map(repr, twice))} stands there twice", f"rename one; {there}")
    return {name: folded.index(text.casefold()) for name, text in mapped.items()}
