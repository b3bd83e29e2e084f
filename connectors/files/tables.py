"""Tables out of CSV and Excel files, with the line of the file each row stands on."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from python_calamine import CalamineError, CalamineWorkbook

from connectors.files.columns import InvoiceColumns
from connectors.files.unreadable import Unreadable
from connectors.files.values import Cell, decimal_mark, words

_DELIMITERS = (",", ";", "\t", "|")
_NUMBERS = ("amount", "quantity", "unit_price", "discount", "tax", "tax_rate", "total")
_FALLBACK = "cp1252"
Cells = list[tuple[int, Sequence[Cell]]]


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one row: its line in the file, and its cells by what they are for."""

    line: int
    cells: Mapping[str, Cell]
    spare: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Hold the rows of a file and its columns as its header has them; `notes` say what had to be assumed."""

    rows: tuple[Row, ...]
    columns: InvoiceColumns
    notes: tuple[Unreadable, ...] = ()


def read_csv(content: bytes, columns: InvoiceColumns) -> Table:
    """Read a CSV file. Raises `Unreadable`."""
    cells, notes = csv_cells(content, columns.headers(), delimiter=columns.delimiter, encoding=columns.encoding)
    return table_of(cells, columns, notes)


def csv_cells(
    content: bytes, headers: Collection[str], *, delimiter: str = "", encoding: str = ""
) -> tuple[Cells, tuple[Unreadable, ...]]:
    """Return the cells of a CSV file with the line each row begins on, and notes. Raises `Unreadable`."""
    text, notes = _decoded(content, encoding)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or _delimiter(text, headers), strict=True)
    numbered: Cells = []
    try:
        start = 1
        for cells in reader:
            numbered.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(f"line {reader.line_num} is not CSV: {error}", "check its quotation marks") from error
    return numbered, notes


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
    return table_of(list(enumerate(cells, 1)), columns)


def _decoded(content: bytes, encoding: str) -> tuple[str, tuple[Unreadable, ...]]:
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
    fix = "check its special characters, or set `encoding` in the column mapping"
    return text, (Unreadable("it is not UTF-8 and was read as Windows-1252", fix),)


def _delimiter(text: str, headers: Collection[str]) -> str:
    """Return the delimiter under which most of the headers appear."""
    header = next((line for line in text.splitlines() if line.strip()), "")

    def known(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([header], delimiter=delimiter), [])
        return sum(cell.strip().casefold() in headers for cell in cells), len(cells)

    return max(_DELIMITERS, key=known)


def table_of(numbered: Cells, columns: InvoiceColumns, notes: tuple[Unreadable, ...] = ()) -> Table:
    """Return numbered rows, the first of which is the header, as a table. Raises `Unreadable`."""
    filled = [(line, cells) for line, cells in numbered if any(words(cell) for cell in cells)]
    if not filled:
        raise Unreadable("it is empty", "export it again, with its header")
    header = [words(cell) for cell in filled[0][1]]
    fitted, places = columns.fitted(header), _places(header, columns.fitted(header))
    rows = tuple(
        Row(
            line,
            {name: cells[place] if place < len(cells) else "" for name, place in places.items()},
            tuple(cell for cell in cells[len(header) :] if words(cell)),
        )
        for line, cells in filled[1:]
    )
    misspelt = (
        Unreadable(
            f"{f'line {filled[0][0]}' if filled[0][0] else 'it'} has the column {text!r}, which is not read",
            f"did you mean {known!r}?",
        )
        for text, known in columns.misspelt(header).items()
    )
    return Table(rows, _with_mark(fitted, rows), (*notes, *misspelt))


def _with_mark(columns: InvoiceColumns, rows: Iterable[Row]) -> InvoiceColumns:
    """Return usual columns with the decimal mark that the table's own numbers give away."""
    if not columns.usual or columns.decimal:
        return columns
    numbers = (row.cells.get(name, "") for row in rows for name in _NUMBERS)
    return replace(columns, decimal=decimal_mark(numbers))


def _places(header: Sequence[str], columns: InvoiceColumns) -> dict[str, int]:
    """Return where each mapped column stands. Raises `Unreadable` naming those that are not there."""
    folded = [name.casefold() for name in header]
    mapped = columns.mapped()
    missing = [text for text in mapped.values() if text.casefold() not in folded]
    there = f"its columns are {', '.join(name for name in header if name)}"
    if missing:
        raise Unreadable(
            f"there is no column {', '.join(map(repr, missing))}",
            f"{'rename it' if columns.usual else 'correct the column mapping'}; {there}",
        )
    if twice := [text for text in mapped.values() if folded.count(text.casefold()) > 1]:
        raise Unreadable(f"the column {', '.join(map(repr, twice))} stands there twice", f"rename one; {there}")
    return {name: folded.index(text.casefold()) for name, text in mapped.items()}
