"""An invoice against itself, before anybody blames a contract.

A line's slack is that of Peppol's rule R120, 0.02 with its limit; totals are exact on rounded lines
as EN 16931 BR-CO-10 to BR-CO-16 have them.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from domain.currencies import digits_of
from domain.findings.finding import Action, Code, Finding, Place
from domain.findings.tolerance import Tolerance
from domain.invoices import Invoice, InvoiceLine
from domain.minor_units import Rounding, rounded
from domain.money import Money

SLACK = Decimal("0.02")
_HALF = Fraction(1, 2)


class Oddity(StrEnum):
    """Name why a line does not multiply out; the first two are ways of writing and no fault."""

    PRICE_ROUNDED = "its printed price is rounded"
    WHOLE_UNITS = "its currency has no smaller unit"
    GROSS = "its net amount has the tax in it"
    BASE = "its base quantity is not what the price is for"
    SIGN = "its sign is missing"
    WRONG = "it does not multiply out"


HARMLESS = frozenset({Oddity.PRICE_ROUNDED, Oddity.WHOLE_UNITS})


def oddity(line: InvoiceLine) -> Oddity | None:
    """Tell why a line does not multiply out; `None` where it does, or where quantity or price are not printed."""
    exact, amount = product(line), Fraction(line.amount.amount)
    if exact is None or _near(exact, amount):
        return None
    if -exact == amount or _near(-exact, amount):
        return Oddity.SIGN
    if abs(exact - amount) <= _unit(line):
        return Oddity.WHOLE_UNITS
    if _near(_multiplied(line, base=Fraction(1)), amount):
        return Oddity.BASE
    if line.tax_rate and _near(exact * (1 + Fraction(line.tax_rate) / 100), amount):
        return Oddity.GROSS
    return Oddity.PRICE_ROUNDED if abs(exact - amount) <= _price_slack(line) + _unit(line) else Oddity.WRONG


def product(line: InvoiceLine) -> Fraction | None:
    """Return quantity by price, less allowances and plus charges, exactly; `None` where it is not printed."""
    if line.quantity is None or line.unit_price is None:
        return None
    return _multiplied(line, base=Fraction(line.price_base) if line.price_base else Fraction(1))


def self_check(invoice: Invoice, contract: str = "") -> Iterator[Finding]:
    """Yield what is wrong with the invoice by its own figures: each line, then the first sum that fails."""
    for line in invoice.lines:
        found = oddity(line)
        if found is not None and found not in HARMLESS:
            yield _line_finding(invoice, line, found, contract)
    for words, expected, billed in _sums(invoice):
        if expected.currency == billed.currency and expected.amount != billed.amount:
            yield Finding(
                Code.TOTALS, invoice.direction, contract, f"{words} is {expected}, the invoice says {billed}",
                place=place_of(invoice), expected=expected, billed=billed, action=Action.QUERY,
            )  # fmt: skip
            return


def place_of(invoice: Invoice, line: str = "") -> Place:
    """Return the place of an invoice or of one of its lines."""
    return Place(invoice.source, invoice.id, invoice.number, invoice.issued, line)


def _line_finding(invoice: Invoice, line: InvoiceLine, found: Oddity, contract: str) -> Finding:
    currency = line.amount.currency
    expected = Money(rounded(product(line) or Fraction(0), digits_of(currency), Rounding.HALF_UP), currency)
    formula = f"{line.quantity} × {line.unit_price}" + (f" / {line.price_base}" if line.price_base else "")
    formula += f" − {line.discount}" if line.discount else ""
    formula += f" + {line.surcharge}" if line.surcharge else ""
    return Finding(
        Code.ARITHMETIC, invoice.direction, contract, f"{formula} = {expected}, the line says {line.amount}: {found}",
        place=place_of(invoice, line.id), product=line.product, first=line.period_first, last=line.period_last,
        expected=expected, billed=line.amount, tolerance=Tolerance(absolute=SLACK, percent=Decimal(100)),
        action=Action.QUERY,
    )  # fmt: skip


def _sums(invoice: Invoice) -> Iterator[tuple[str, Money, Money]]:
    zero = Money(Decimal(0), invoice.currency)
    amounts = [line.amount for line in invoice.lines]
    if any(one.currency != invoice.currency for one in amounts):
        return
    lines = sum(amounts, start=zero)
    if amounts and invoice.lines_net is not None:
        yield "the sum of the lines", lines, invoice.lines_net
    charges = sum((charge.amount for charge in invoice.charges), start=zero)
    base = invoice.lines_net if invoice.lines_net is not None else (lines if amounts else None)
    if base is not None and invoice.net is not None:
        yield "the lines with allowances and charges", base + charges, invoice.net
    if invoice.net is not None and invoice.tax is not None and invoice.total is not None:
        yield "net and tax", invoice.net + invoice.tax, invoice.total


def _multiplied(line: InvoiceLine, *, base: Fraction) -> Fraction:
    exact = Fraction(line.quantity or 0) * Fraction(line.unit_price or 0) / base
    exact -= Fraction(line.discount.amount) if line.discount else 0
    return exact + (Fraction(line.surcharge.amount) if line.surcharge else 0)


def _near(exact: Fraction, amount: Fraction) -> bool:
    return abs(exact - amount) <= Fraction(SLACK)


def _unit(line: InvoiceLine) -> Fraction:
    """Return half of the smallest unit that people write: whole forints and yen, else hundredths."""
    whole = line.amount.amount == line.amount.amount.to_integral_value()
    coarse = line.amount.currency in {"HUF", "ISK", "TWD"} or not digits_of(line.amount.currency)
    return _HALF if whole and coarse else Fraction(0)


def _price_slack(line: InvoiceLine) -> Fraction:
    exponent = Decimal(line.unit_price or 0).as_tuple().exponent
    last = Fraction(10) ** (exponent if isinstance(exponent, int) else 0)
    base = Fraction(line.price_base) if line.price_base else Fraction(1)
    return abs(Fraction(line.quantity or 0)) / base * last * _HALF + Fraction(SLACK)
