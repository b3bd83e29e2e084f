"""Invoices out of the rows of a table: one row a line, grouped by seller and number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from connectors.files.columns import InvoiceColumns
from connectors.files.tables import Row, Table
from connectors.files.unreadable import Unreadable
from connectors.files.values import day, number, words
from domain.currencies import is_currency
from domain.invoices import (
    Direction,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceParty,
    InvoiceProblem,
    InvoiceStatus,
)
from domain.money import Money

_HEAD = (
    "issued", "currency", "kind", "status", "due", "buyer", "buyer_tax_id", "purchase_order", "contract_number",
    "payment_terms", "corrects", "total",
)  # fmt: skip
_KINDS = {
    "": InvoiceKind.INVOICE, "invoice": InvoiceKind.INVOICE, "380": InvoiceKind.INVOICE,
    "credit_note": InvoiceKind.CREDIT_NOTE, "credit note": InvoiceKind.CREDIT_NOTE, "credit": InvoiceKind.CREDIT_NOTE,
    "381": InvoiceKind.CREDIT_NOTE, "correction": InvoiceKind.CORRECTION, "384": InvoiceKind.CORRECTION,
}  # fmt: skip
_STATUSES = {"": InvoiceStatus.UNKNOWN, **{status.value: status for status in InvoiceStatus}}
_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold a row and how its cells are to be read."""

    row: Row
    columns: InvoiceColumns

    def text(self, name: str) -> str:
        """Return a cell as text; empty where there is no such column."""
        return words(self.row.cells.get(name, ""))

    def day(self, name: str) -> date | None:
        """Return a cell as a day. Raises `Unreadable` naming the column."""
        with_name = self.row.cells.get(name, "")
        try:
            return day(with_name, self.columns.date_format)
        except Unreadable as error:
            raise self._named(name, error) from error

    def number(self, name: str) -> Decimal | None:
        """Return a cell as a number. Raises `Unreadable` naming the column."""
        try:
            return number(self.row.cells.get(name, ""), self.columns.decimal)
        except Unreadable as error:
            raise self._named(name, error) from error

    def money(self, name: str, currency: str) -> Money | None:
        """Return a cell as money. Raises `Unreadable` naming the column."""
        amount = self.number(name)
        return None if amount is None else Money(amount, currency)

    def currency(self) -> str:
        """Return the row's currency. Raises `Unreadable` where nothing says it."""
        code = (self.text("currency") or self.columns.default_currency).upper()
        if is_currency(code):
            return code
        raise Unreadable(
            f"{code!r} is not a currency", "map the currency column, or set default_currency, to codes such as EUR"
        )

    def seller(self) -> InvoiceParty:
        """Return who sends the invoice."""
        return InvoiceParty(self.text("seller") or self.columns.default_seller, tax_id=self.text("seller_tax_id"))

    def buyer(self) -> InvoiceParty:
        """Return who gets the invoice."""
        return InvoiceParty(self.text("buyer") or self.columns.default_buyer, tax_id=self.text("buyer_tax_id"))

    def word(self, name: str, table: Mapping[str, _Word]) -> _Word:
        """Return a cell as one of our words. Raises `Unreadable`."""
        text = self.text(name).casefold()
        if text in table:
            return table[text]
        raise Unreadable(f"{name} {text!r} is unknown", f"use one of {', '.join(word for word in table if word)}")

    def _named(self, name: str, error: Unreadable) -> Unreadable:
        return Unreadable(f"column {getattr(self.columns, name)!r}: {error.what}", error.fix)


def invoices(table: Table, where: str, sha256: str, direction: Direction) -> Iterator[Invoice | InvoiceProblem]:
    """Yield every invoice of a table, or what is wrong with it; a bad line leaves its invoice out whole."""
    groups: dict[tuple[str, str, str], list[Reading]] = {}
    for note in table.notes:
        yield note.problem(where)
    for row in table.rows:
        reading = Reading(row, table.columns)
        if not reading.text("number"):
            yield InvoiceProblem(f"{where}, line {row.line}", "the row has no invoice number", "complete or delete it")
            continue
        seller = reading.seller()
        groups.setdefault((seller.tax_id, seller.name, reading.text("number")), []).append(reading)
    for readings in groups.values():
        yield from _invoice(readings, where, sha256, direction)


def _invoice(
    readings: list[Reading], where: str, sha256: str, direction: Direction
) -> Iterator[Invoice | InvoiceProblem]:
    """Yield the invoice, or the problem of each line that keeps it out."""
    lines, problems = [], []
    for place, reading in enumerate(readings, 1):
        try:
            _agree(readings[0], reading)
            lines.append(_line(reading, str(place)))
        except ValueError as error:
            problems.append(_problem(error, where, reading))
    if not problems:
        try:
            yield _whole(readings[0], tuple(lines), sha256, direction)
        except ValueError as error:
            problems.append(_problem(error, where, readings[0]))
    yield from problems


def _problem(error: ValueError, where: str, reading: Reading) -> InvoiceProblem:
    place = f"{where}, line {reading.row.line}, invoice {reading.text('number')}"
    what = f"{error}; the invoice is left out whole"
    return InvoiceProblem(place, what, getattr(error, "fix", ""))


def _agree(first: Reading, other: Reading) -> None:
    """Raise `Unreadable` where two rows of one invoice say different things about it."""
    for name in _HEAD:
        if first.text(name) != other.text(name):
            header = getattr(first.columns, name)
            raise Unreadable(
                f"column {header!r} says {other.text(name)!r}, and {first.text(name)!r} in line {first.row.line}",
                "the rows of one invoice must agree about it",
            )


def _line(reading: Reading, place: str) -> InvoiceLine:
    if reading.row.spare:
        raise Unreadable(f"the row has more cells than the header: {words(reading.row.spare[0])!r}", "quote its texts")
    currency = reading.currency()
    amount = reading.money("amount", currency)
    if amount is None:
        raise Unreadable(f"column {reading.columns.amount!r} is empty", "every row is a line and needs its amount")
    return InvoiceLine(
        id=reading.text("line") or place,
        description=reading.text("description"),
        amount=amount,
        quantity=reading.number("quantity"),
        unit=reading.text("unit"),
        unit_price=reading.number("unit_price"),
        product=reading.text("product"),
        period_first=reading.day("period_first"),
        period_last=reading.day("period_last"),
        discount=reading.money("discount", currency),
        tax=reading.money("tax", currency),
        tax_rate=reading.number("tax_rate"),
        order_line=reading.text("order_line"),
    )


def _whole(reading: Reading, lines: tuple[InvoiceLine, ...], sha256: str, direction: Direction) -> Invoice:
    issued = reading.day("issued")
    if issued is None:
        raise Unreadable(f"column {reading.columns.issued!r} is empty", "an invoice needs its date")
    seller, text, currency = reading.seller(), reading.text("number"), reading.currency()
    return Invoice(
        source="files",
        id=f"{seller.tax_id or seller.name}/{text}",
        number=text,
        kind=reading.word("kind", _KINDS),
        status=reading.word("status", _STATUSES),
        direction=direction,
        currency=currency,
        issued=issued,
        seller=seller,
        buyer=reading.buyer(),
        lines=lines,
        total=reading.money("total", currency),
        due=reading.day("due"),
        payment_terms=reading.text("payment_terms"),
        purchase_order=reading.text("purchase_order"),
        contract_number=reading.text("contract_number"),
        corrects=reading.text("corrects"),
        sha256=sha256,
    )
