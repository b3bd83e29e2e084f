"""A folder of invoices in the billing role."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from connectors.files import einvoices, rows
from connectors.files.columns import InvoiceColumns
from connectors.files.folder import Cursor, Entry, listed
from connectors.files.limits import too_long
from connectors.files.parquet import read_parquet
from connectors.files.tables import Table, read_csv, read_excel
from connectors.files.unreadable import Unreadable
from domain.currencies import is_currency
from domain.invoices import Direction, Invoice, InvoicePage, InvoiceParty, InvoiceProblem
from domain.ports import Health

_PAGE = 50  # files
_LIMIT = 25 * 1024 * 1024
_SETTLED = 3  # seconds without change before a file counts as written to its end
_ALWAYS = 2**63
_TABLES: dict[str, Callable[[bytes, InvoiceColumns], Table]] = {
    ".csv": read_csv, ".tsv": read_csv, ".txt": read_csv, ".xlsx": read_excel, ".xls": read_excel, ".ods": read_excel,
    ".parquet": read_parquet,
}  # fmt: skip
_DOCUMENTS = {".xml": einvoices.from_xml, ".pdf": einvoices.from_pdf}
_KINDS = ", ".join([*_TABLES, *_DOCUMENTS])
Found = Iterator[Invoice | InvoiceProblem]


class FileBilling:
    """Read the invoices of a folder, each file once and again when it has changed.

    `direction` is whose invoices these are where neither party is one of `ours` (names, tax ids
    or LEIs); `clock` tells which files are at rest.
    """

    def __init__(
        self,
        folder: Path,
        columns: InvoiceColumns,
        clock: Callable[[], datetime],
        *,
        direction: Direction = Direction.PAYABLE,
        ours: Sequence[str] = (),
    ) -> None:
        self._folder = folder
        self._columns = columns
        self._clock = clock
        self._direction = direction
        self._ours = frozenset(_folded(name) for name in ours if name.strip())

    def check(self) -> Health:
        """Look at the folder. Raises `ConfigurationError` where it is not there."""
        entries = listed(self._folder, self._now())
        strange = [entry.name for entry in entries if _ending(entry) not in {*_TABLES, *_DOCUMENTS}]
        warnings = (f"{len(strange)} files are of no kind that is read, such as {strange[0]}",) if strange else ()
        return Health(f"{len(entries)} files", warnings=warnings)

    def invoices_since(self, cursor: str) -> Iterator[InvoicePage]:
        """Yield the invoices of files that are new or changed. Raises `ConfigurationError`."""
        entries = listed(self._folder, self._now() - _SETTLED * 10**9)
        start = Cursor.parse(cursor)
        again, new = start.split(entries)
        done = start.refreshed(entries)
        for chunk in _chunks(again):
            yield self._page(chunk, done if chunk[-1] == again[-1] else start)
        for chunk in _chunks(new):
            done = done.plus(chunk)
            yield self._page(chunk, done)
        if not again and not new and str(done) != cursor:
            yield InvoicePage((), str(done))

    def everything(self) -> InvoicePage:
        """Return the invoices of all files, whatever was read before. Raises `ConfigurationError`."""
        return self._page(listed(self._folder, _ALWAYS), Cursor())

    def of_file(self, name: str) -> InvoicePage:
        """Return the invoices of one file of the folder."""
        return self._page([Entry(0, name, (self._folder / name).stat().st_size)], Cursor())

    def _now(self) -> int:
        return int(self._clock().timestamp() * 1000) * 10**6

    def _page(self, chunk: Sequence[Entry], cursor: Cursor) -> InvoicePage:
        found = [item for entry in chunk for item in self._read(entry)]
        invoices = tuple(item for item in found if isinstance(item, Invoice))
        problems = tuple(item for item in found if isinstance(item, InvoiceProblem))
        originals = tuple(self._originals(chunk, {invoice.sha256 for invoice in invoices}))
        return InvoicePage(invoices, str(cursor), problems, originals=originals)

    def _originals(self, chunk: Sequence[Entry], wanted: set[str]) -> Iterator[bytes]:
        for entry in chunk:
            content = (self._folder / entry.name).read_bytes() if entry.size <= _LIMIT else b""
            if hashlib.sha256(content).hexdigest() in wanted:
                yield content

    def _read(self, entry: Entry) -> Found:
        try:
            for item in self._items(entry):
                yield self._checked(item, entry) if isinstance(item, Invoice) else item
        except ValueError as error:
            yield InvoiceProblem(entry.name, str(error), getattr(error, "fix", ""))
        except OSError as error:
            yield InvoiceProblem(entry.name, f"it cannot be opened: {error.strerror}", "check its permissions")

    def _items(self, entry: Entry) -> Found:
        if entry.size > _LIMIT:
            raise Unreadable(f"it is larger than {_LIMIT // 2**20} MiB", "split it")
        ending = _ending(entry)
        if ending not in _TABLES and ending not in _DOCUMENTS:
            raise Unreadable(f"files ending in {ending!r} are not read", f"these are: {_KINDS}")
        content = (self._folder / entry.name).read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        if ending in _DOCUMENTS:
            yield _DOCUMENTS[ending](content, sha256, self._direction)
        else:
            table = _TABLES[ending](content, self._columns)
            yield from rows.invoices(table, entry.name, sha256, self._direction)

    def _checked(self, invoice: Invoice, entry: Entry) -> Invoice | InvoiceProblem:
        where, fix = f"{entry.name}, invoice {invoice.number}", "ask its sender for a corrected one"
        if not is_currency(invoice.currency):
            return InvoiceProblem(where, f"its currency {invoice.currency!r} is none of ISO 4217", fix)
        if (number := too_long(invoice)) is not None:
            return InvoiceProblem(where, f"the number {number} has too many digits to be exact", fix)
        return replace(invoice, direction=self._whose(invoice))

    def _whose(self, invoice: Invoice) -> Direction:
        if self._is_ours(invoice.seller):
            return Direction.RECEIVABLE
        return Direction.PAYABLE if self._is_ours(invoice.buyer) else self._direction

    def _is_ours(self, party: InvoiceParty) -> bool:
        return any(_folded(text) in self._ours for text in (party.tax_id, party.lei, party.name) if text)


def _folded(text: str) -> str:
    return "".join(text.split()).casefold()


def _ending(entry: Entry) -> str:
    return Path(entry.name).suffix.casefold()


def _chunks(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    for start in range(0, len(entries), _PAGE):
        yield entries[start : start + _PAGE]
