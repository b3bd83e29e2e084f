"""Discounts that stand beside the lines they belong to: as a line of their own, or on the whole document.

They are taken off the product lines of their invoice in proportion to these, so that a net amount is
compared with a net amount. A charge on the whole document is a line like any other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from domain.findings.billed import CREDIT_WORDS, BilledLine, Role, billed_line
from domain.findings.contract import BilledContract
from domain.invoices import Invoice, InvoiceLine
from domain.minor_units import from_minor, to_minor
from domain.money import Money
from domain.pricing.proration import apportion

_DISCOUNT = re.compile(
    r"\b(?:discount|allowance|reduction|promotion\w*|promo|rebate on this invoice|rabatt|nachlass|skonto|remise|sconto|descuento|korting)\b",
    re.IGNORECASE,
)


def net_lines(contract: BilledContract, invoices: Sequence[Invoice]) -> list[BilledLine]:
    """Return the lines of a contract's invoices with what they bill, discounts taken off."""
    return [line for invoice in invoices for line in _net(contract, invoice)]


def _net(contract: BilledContract, invoice: Invoice) -> list[BilledLine]:
    lines = [billed_line(contract, invoice, line) for line in (*invoice.lines, *_charges(invoice))]
    off = [line for line in lines if _is_discount(line)]
    rest = [line for line in lines if line not in off]
    products = [line for line in rest if line.role is Role.PRODUCT and _is_positive(line)]
    if not off or not products:
        return lines
    try:
        return [line for line in rest if line not in products] + _reduced(products, off)
    except ValueError:  # finer than the minor unit: then it stays as it stands on the paper
        return lines


def _charges(invoice: Invoice) -> list[InvoiceLine]:
    return [
        InvoiceLine(f"charge {number}", one.reason or "charge", one.amount)
        for number, one in enumerate(invoice.charges, start=1)
    ]


def _is_discount(line: BilledLine) -> bool:
    words = f"{line.line.product} {line.line.description}"
    on_document = line.line.id.startswith("charge ")
    negative = line.line.amount.amount < 0
    return negative and not CREDIT_WORDS.search(words) and (on_document or bool(_DISCOUNT.search(words)))


def _is_positive(line: BilledLine) -> bool:
    return line.line.amount.amount > 0


def _reduced(products: Sequence[BilledLine], off: Sequence[BilledLine]) -> list[BilledLine]:
    """Take each discount off the product it names, else off all of them. Raises `ValueError`."""
    amounts, shared = [to_minor(line.amount) for line in products], False
    weights = [Fraction(abs(amount)) for amount in amounts]
    for discount in off:
        named = [
            weight if line.product == discount.product else Fraction(0)
            for line, weight in zip(products, weights, strict=True)
        ]
        shared = shared or (not any(named) and len({line.product for line in products}) > 1)
        parts = apportion(abs(to_minor(discount.amount)), named if any(named) else weights)
        sign = 1 if discount.amount.amount > 0 else -1
        amounts = [amount + sign * part for amount, part in zip(amounts, parts, strict=True)]
    return [
        replace(line, amount=_money(amount, line.amount), reduced=True, shared=shared)
        for line, amount in zip(products, amounts, strict=True)
    ]


def _money(minor: int, like: Money) -> Money:
    return from_minor(minor, like.currency)


def shown(line: BilledLine) -> str:
    """Write what a line bills: its units and price where nothing was taken off, else its net amount."""
    if line.reduced or line.line.quantity is None or line.line.unit_price is None:
        return str(line.amount)
    return f"{line.line.quantity} × {line.line.unit_price}"
