"""Invoices become rows of whole numbers: the pandas edge of the bulk engine.

A line that whole numbers cannot tell in full, or whose paper is wrong by itself, is marked odd; the exact rules see it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from domain.currencies import digits_of, is_currency
from domain.findings.arithmetic import self_check
from domain.findings.billed import BilledLine, Role, billed_line, counted
from domain.findings.contract import BilledContract, Policy
from domain.findings.looks import Look
from domain.findings.matching import plain
from domain.findings.papers import foreign, net_of, paper_findings
from domain.invoices import Invoice, InvoiceKind, InvoiceLine
from domain.minor_units import guarded
from domain.money import Money
from reconciliation.calendars import EPOCH
from reconciliation.currency_numbers import number_of
from reconciliation.spill import UNDATED

LINE_COLUMNS = {
    "line": "int32", "first": "int32", "last": "int32", "quantity": "int64", "amount": "int64", "currency": "int16",
    "odd": "bool",
}  # fmt: skip
PAPER_COLUMNS = {
    "paper": "int64", "first": "int64", "count": "int64", "issued": "int32", "source": "object", "invoice": "object",
}  # fmt: skip
UNCOUNTED = -1
"""The quantity of a line that milli-units cannot hold."""

Row = tuple[int, int, int, int, int, int, bool]
Matched = Mapping[tuple[str, str], BilledContract]


@dataclass(frozen=True, slots=True, eq=False)
class Arrivals:
    """Hold a night's invoices as two frames: a row for each line, and a row for each paper with its first line."""

    lines: pd.DataFrame
    papers: pd.DataFrame


class LineNumbers:
    """Give each (contract id, product) a number that it keeps."""

    def __init__(self, keys: Sequence[tuple[str, str]] = ()) -> None:
        self._numbers = {key: number for number, key in enumerate(keys)}

    def number(self, contract: str, product: str) -> int:
        """Return the number, a new one for a contract line never seen."""
        return self._numbers.setdefault((contract, product), len(self._numbers))

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """Return what the numbers stand for, in order."""
        return tuple(self._numbers)


def lines_frame(
    invoices: Sequence[Invoice], matched: Matched, numbers: LineNumbers, *, today: date, policy: Policy
) -> Arrivals:
    """Return the lines and papers of invoices that count; `matched` has their contracts by (source, invoice id).

    Raises `OverflowError` for an amount or quantity beyond 64 bits: it never wraps around.
    """
    lines, papers = list[Row](), list[tuple[int, int, int, int, str, str]]()
    for invoice in counted(invoices):
        contract = matched.get((invoice.source, invoice.id))
        rows = list(_rows(invoice, contract, numbers, today, policy))
        day = invoice.issued.toordinal() - EPOCH
        papers.append((fingerprint(invoice), len(lines), len(rows), day, invoice.source, invoice.id))
        lines += rows
    return Arrivals(
        pd.DataFrame(lines, columns=list(LINE_COLUMNS)).astype(LINE_COLUMNS),
        pd.DataFrame(papers, columns=list(PAPER_COLUMNS)).astype(PAPER_COLUMNS),
    )


def fingerprint(invoice: Invoice) -> int:
    """Return 64 bits that are equal for papers which the exact rules take for the same."""
    amount = invoice.total or net_of(invoice)
    fields = (plain(invoice.number), invoice.kind, amount.currency, str(Fraction(amount.amount)), str(invoice.issued))
    digest = hashlib.blake2b("\x1f".join(fields).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _rows(
    invoice: Invoice, contract: BilledContract | None, numbers: LineNumbers, today: date, policy: Policy
) -> Iterator[Row]:
    if contract is None:
        yield from (_unmatched(line) for line in invoice.lines)
        return
    odd = invoice.kind is not InvoiceKind.INVOICE or _wrong(invoice, contract, today, policy)
    products = {line.product for line in contract.agreement.prices}
    for line in (billed_line(contract, invoice, one) for one in invoice.lines):
        number = numbers.number(contract.id, line.product) if line.product in products else -1
        yield _row(line, number, odd=odd)


def _wrong(invoice: Invoice, contract: BilledContract, today: date, policy: Policy) -> bool:
    look = Look(contract, policy, today, (), ())
    # A discount beside the lines changes what every one of them bills.
    if invoice.charges or any(line.amount.amount < 0 for line in invoice.lines):
        return True
    found = (*self_check(invoice, contract.id), *paper_findings(look, invoice), foreign(look, invoice))
    return any(one is not None for one in found)


def _row(line: BilledLine, number: int, *, odd: bool) -> Row:
    amount, currency = _minor(line.amount), number_of(line.amount.currency)
    first, last = UNDATED, UNDATED
    if line.days is not None:
        first, last = line.days.start.toordinal() - EPOCH, line.days.end.toordinal() - EPOCH - 1
    strange = odd or amount is None or line.days is None or line.role is not Role.PRODUCT
    return number, first, last, _milli(line.line.quantity), amount or 0, currency, strange


def _unmatched(line: InvoiceLine) -> Row:
    return -1, UNDATED, UNDATED, _milli(line.quantity), _minor(line.amount) or 0, number_of(line.amount.currency), True


def _milli(quantity: Decimal | None) -> int:
    exact = Fraction(1 if quantity is None else abs(quantity)) * 1000
    return guarded(exact.numerator) if exact.denominator == 1 else UNCOUNTED


def _minor(amount: Money) -> int | None:
    """Return minor units, `None` where the amount is finer than they are or its currency has none."""
    if not is_currency(amount.currency):
        return None
    exact = Fraction(amount.amount) * 10 ** digits_of(amount.currency)
    return guarded(exact.numerator) if exact.denominator == 1 else None
