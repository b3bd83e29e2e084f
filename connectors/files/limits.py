"""How large a number of an invoice may be: what leaves 64 bits of minor units is no amount that anybody pays."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from domain.invoices import Invoice, InvoiceLine
from domain.money import Money

_WHOLE = 15  # digits before the point
_DIGITS = 27  # digits in all; Decimal computes with 28
_SUMS = ("lines_net", "net", "tax", "total", "rounding", "paid")
_PARTS = ("amount", "quantity", "unit_price", "price_base", "list_price", "discount", "surcharge", "tax", "tax_rate")


def too_long(invoice: Invoice) -> Decimal | None:
    """Return the first number of an invoice that is too long to compute with exactly."""
    return next((one for one in _numbers(invoice) if _is_too_long(one)), None)


def _is_too_long(number: Decimal) -> bool:
    return number.adjusted() >= _WHOLE or len(number.as_tuple().digits) > _DIGITS or number.adjusted() < -_DIGITS


def _numbers(invoice: Invoice) -> Iterator[Decimal]:
    yield from _of(invoice, _SUMS)
    for line in invoice.lines:
        yield from _of(line, _PARTS)
    yield from (charge.amount.amount for charge in invoice.charges)


def _of(part: Invoice | InvoiceLine, names: tuple[str, ...]) -> Iterator[Decimal]:
    for name in names:
        value: Money | Decimal | None = getattr(part, name)
        if value:
            yield value.amount if isinstance(value, Money) else value
