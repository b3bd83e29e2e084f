"""The CSV files beside a contract: an index by month, usage by day; each is read once, and no row is skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from connectors.files.contracts_words import day, exact, month
from connectors.files.tables import csv_cells
from connectors.files.unreadable import Unreadable
from connectors.files.values import words
from domain.invoices import InvoiceProblem
from domain.pricing.agreement import Usage
from domain.pricing.index_series import IndexSeries, Observation

Cells = dict[str, str]
Lines = tuple[tuple[str, Usage], ...]
_T = TypeVar("_T")
_LIMIT = 25 * 1024 * 1024


class BadRows(Exception):
    """Say which rows of a CSV file cannot be read; a contract with half its usage would look overbilled."""

    def __init__(self, problems: Sequence[InvoiceProblem]) -> None:
        super().__init__("; ".join(f"{one.where}: {one.what}" for one in problems))
        self.problems = tuple(problems)


class Beside:
    """Read the CSV files in one folder and below it."""

    def __init__(self, folder: Path, root: Path) -> None:
        self._folder = folder
        self._root = root

    def series(self, file: str, name: str, lag_days: int) -> IndexSeries:
        """Return an index with the columns month, value and, if wanted, published.

        Raises `BadRows`, and `ValueError` where there is no such file.
        """
        rows = [row for _, row in self._read(file, ("month", "value"), ("published",), _observation)]
        return IndexSeries.of(name, rows, release_lag_days=lag_days)

    def usage(self, file: str) -> Lines:
        """Return usage with the columns product, day and quantity, each with its place. Raises the same."""
        return tuple(self._read(file, ("product", "day", "quantity"), (), _usage))

    def _read(
        self, file: str, needed: Sequence[str], more: Sequence[str], make: Callable[[Cells], _T]
    ) -> list[tuple[str, _T]]:
        path = self._path(file)
        name, found, problems = self._shown(path), list[tuple[str, _T]](), list[InvoiceProblem]()
        try:
            for line, cells in _rows(path.read_bytes(), needed, more):
                try:
                    found.append((f"{name}:{line}", make(cells)))
                except ValueError as error:
                    problems.append(InvoiceProblem(f"{name}:{line}", str(error), "correct the row"))
        except Unreadable as error:
            problems.append(error.problem(name))
        if problems:
            raise BadRows(problems)
        return found

    def _path(self, file: str) -> Path:
        path = (self._folder / file).resolve()
        if not path.is_relative_to(self._root.resolve()):
            raise ValueError("lies outside the folder of the contracts")
        if not path.is_file():
            raise ValueError("is no file; name a CSV file beside the contract")
        if path.stat().st_size > _LIMIT:
            message = f"is larger than {_LIMIT // 2**20} MiB; split it"
            raise ValueError(message)
        return path

    def _shown(self, path: Path) -> str:
        return path.relative_to(self._root.resolve()).as_posix()


def _rows(content: bytes, needed: Sequence[str], more: Sequence[str]) -> Iterator[tuple[int, Cells]]:
    numbered, notes = csv_cells(content, {*needed, *more})
    filled = [(line, [words(cell) for cell in cells]) for line, cells in numbered if any(map(words, cells))]
    header = [text.casefold() for text in filled[0][1]] if filled else []
    if notes or sorted({*header, *more}) != sorted({*needed, *more}) or len(header) != len(set(header)):
        raise Unreadable(
            notes[0].what if notes else f"its columns are {', '.join(header) or 'none'}",
            f"save it as UTF-8 with the columns {', '.join([*needed, *(f'{name} (if wanted)' for name in more)])}",
        )
    for line, cells in filled[1:]:
        if len(cells) != len(header):
            raise Unreadable(f"line {line} has {len(cells)} cells, the header {len(header)}", "complete the row")
        yield line, dict(zip(header, cells, strict=True))


def _observation(cells: Cells) -> Observation:
    published = cells.get("published", "")
    return Observation(
        _named("month", month, cells), _named("value", exact, cells),
        _named("published", day, cells) if published else None,
    )  # fmt: skip


def _usage(cells: Cells) -> Usage:
    if not cells["product"]:
        raise ValueError("column 'product' is empty")
    return Usage(cells["product"], _named("day", day, cells), _named("quantity", exact, cells))


def _named(name: str, make: Callable[[str], _T], cells: Cells) -> _T:
    try:
        return make(cells[name])
    except ValueError as error:
        message = f"column {name!r}: {cells[name]!r} {error}"
        raise ValueError(message) from error
